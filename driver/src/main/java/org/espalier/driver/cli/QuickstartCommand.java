// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.espalier.driver.plan.KnownNames;
import org.espalier.driver.run.RunOptions;
import org.espalier.driver.run.SweepRun;
import org.espalier.driver.show.ResultTables;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.results.ResultsFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier quickstart}: the sweep that comes with the jar. */
@Command(
        name = "quickstart",
        description = {
            "Run the sweep that comes with Espalier and print what it found.",
            "",
            "It prunes small networks on two data sets that are made here: handwritten-like digits"
                    + " and the solution of a diffusion equation. Nothing is downloaded; it takes"
                    + " some minutes at most."
        })
final class QuickstartCommand implements Callable<Integer> {
    private static final String SWEEP = "quickstart.yaml";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results/quickstart",
            description = "Folder of the results (default: ${DEFAULT-VALUE}).")
    private String out;

    @Mixin private SweepOptions.Run run;
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Sweep sweep = sweep();
        RunOptions options =
                run.with(out, Optional.empty(), RunOptions.Changed.REFUSE, RunOptions.Failed.LEAVE);
        SweepRun.Result result = run.run(sweep, options, (Espalier) spec.root().userObject());
        PrintWriter text = spec.commandLine().getOut();
        text.println();
        text.print(
                ResultTables.text(
                        ResultsFolder.read(new Path(out), run.configuration()),
                        OutputWidth.ofThisProcess()));
        text.printf(
                Locale.ROOT,
                """
                Rows:  %1$s/results/*.parquet
                Sweep: %1$s/sweep.yaml, with every default written out; copy it for your own
                Next:
                  scripts/espalier show %1$s          these tables again
                  scripts/espalier list                architectures, data sets, methods
                  scripts/espalier plan FILE           what a sweep file comes to
                  scripts/espalier run FILE --out DIR  your own sweep
                """,
                out);
        text.flush();
        return result.failed() == 0 ? Espalier.DONE : Espalier.FAILED_CELLS;
    }

    static Sweep sweep() throws IOException {
        try (InputStream in = SweepFile.class.getResourceAsStream("/sweeps/" + SWEEP)) {
            return SweepFile.read(
                    in.readAllBytes(), SWEEP, new KnownNames(new Datasets(Optional.empty())));
        }
    }
}
