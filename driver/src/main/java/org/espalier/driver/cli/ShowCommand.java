// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.UsageException;
import org.espalier.driver.run.SweepFolder;
import org.espalier.driver.show.FigureFiles;
import org.espalier.driver.show.ResultTables;
import org.espalier.driver.show.SweepState;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.experiments.figures.FigureWriter;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier show}: what a folder of results says so far. */
@Command(
        name = "show",
        description = {
            "Print a table of the results so far, also while the sweep runs.",
            "",
            "Fine-tuned values are those of the last epoch, not of a best one. One number of each"
                    + " paper: alpha against dense and against the control, instability, and the test"
                    + " loss just after pruning."
        })
final class ShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Folder of a sweep, as given to run --out.")
    private String folder;

    @Option(
            names = "--figure",
            paramLabel = "FILE",
            description =
                    "Also draw accuracy (or loss) against ratio, as .png, .svg or .pdf; of several"
                            + " settings, each into a file of its own, FILE-2.png and so on.")
    private Path figure;

    @Option(
            names = "--figure-width",
            paramLabel = "W",
            defaultValue = "page",
            description =
                    "column (3.3 inches, of a paper in two columns) or page (6.85 inches; default:"
                            + " ${DEFAULT-VALUE}).")
    private String figureWidth;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        FigureWriter.Width width =
                AnalysisCommandOptions.Words.of(
                        "--figure-width",
                        figureWidth,
                        FigureWriter.Width.values(),
                        w -> w.name().toLowerCase(Locale.ROOT));
        if (figure != null) {
            FigureFiles.check(figure);
        }
        Configuration configuration = HadoopSettings.configuration(Map.of());
        var path = Mistakes.folder("DIR", folder, configuration);
        List<FiledRow> rows = ResultsFolder.read(path, configuration);
        Optional<String> state =
                new SweepFolder(path.toString(), configuration)
                        .frozen()
                        .flatMap(frozen -> SweepState.unfinished(frozen, rows));
        if (rows.isEmpty() && state.isEmpty()) {
            throw new UsageException(
                    Text.of(
                            "%s holds no results: expected a folder given to `espalier run --out`, with results/*.parquet in it",
                            folder));
        }
        List<Path> drawn = figure == null ? List.of() : FigureFiles.write(rows, figure, width);
        PrintWriter out = spec.commandLine().getOut();
        state.ifPresent(line -> out.printf(Locale.ROOT, "%s%n%n", line));
        out.print(ResultTables.text(rows, OutputWidth.ofThisProcess()));
        drawn.forEach(file -> out.printf(Locale.ROOT, "drew %s%n", file));
        out.flush();
        return Espalier.DONE;
    }
}
