// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.driver.UsageException;
import org.espalier.driver.report.Report;
import org.espalier.driver.run.SweepFolder;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.driver.spark.StoredCells;
import org.espalier.experiments.analysis.Analysis;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.AnswerFigures;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.analysis.Question;
import org.espalier.experiments.figures.Figure;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier report}: one page of HTML of results. */
@Command(
        name = "report",
        description = {
            "Write one page of HTML: question by question what the results say, with figures, tables,"
                    + " tests, caveats, failures, cost and provenance. It opens without a network."
        },
        footer = {"", "Example:", "  espalier report results/mnist --out report.html"})
final class ReportCommand implements Callable<Integer> {
    @Mixin private AnalysisCommandOptions analysis;

    @Option(
            names = "--out",
            paramLabel = "FILE.html",
            defaultValue = "report.html",
            description = "The page (default: ${DEFAULT-VALUE}); one that is there is replaced.")
    private Path out;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        AnalysisOptions options = analysis.options();
        checkOut();
        Population population;
        Map<String, String> sweeps = new LinkedHashMap<>();
        Map<String, Long> provenance;
        try (SparkCluster cluster = analysis.cluster()) {
            population =
                    analysis.read(
                            cluster, StoredCells.Detail.PREDICTIONS, spec.commandLine().getErr());
            provenance = analysis.provenance(cluster);
            var configuration = HadoopSettings.configuration(cluster.hadoopSettings());
            for (String folder : analysis.folders()) {
                sweeps.put(
                        name(folder),
                        new SweepFolder(folder, configuration)
                                .frozen()
                                .orElse("the folder holds no sweep file"));
            }
        }
        List<Answer> answers =
                Analysis.of(population, options, EnumSet.allOf(Question.class)).stream()
                        .filter(Answer::answered)
                        .toList();
        Map<Question, List<Figure>> figures = new EnumMap<>(Question.class);
        for (Answer answer : answers) {
            figures.put(answer.question(), AnswerFigures.of(answer, population, options));
        }
        Report report =
                new Report(
                        population,
                        options,
                        answers,
                        figures,
                        new Report.About(
                                VersionCommand.current(),
                                LocalDate.now(Clock.systemUTC()),
                                sweeps,
                                provenance));
        Path beside = out.resolveSibling("_" + out.getFileName());
        Files.writeString(beside, report.html());
        Files.move(beside, out, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        PrintWriter print = spec.commandLine().getOut();
        print.println("wrote " + out);
        print.flush();
        return Espalier.DONE;
    }

    private void checkOut() {
        String name = String.valueOf(out.getFileName());
        if (!name.endsWith(".html") || name.length() == ".html".length()) {
            throw new UsageException(
                    Text.of("--out: expected a file ending in .html, got \"%s\"", out));
        }
        Path folder = out.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new UsageException(Text.of("--out: there is no folder %s", folder));
        }
        if (Files.isDirectory(out)) {
            throw new UsageException(Text.of("--out: expected a file, got the folder %s", out));
        }
    }

    /** The last part of a path; two folders of one name keep their paths. */
    private String name(String folder) {
        List<String> all = new ArrayList<>();
        for (String f : analysis.folders()) {
            all.add(new org.apache.hadoop.fs.Path(f).getName());
        }
        String own = new org.apache.hadoop.fs.Path(folder).getName();
        return all.stream().filter(own::equals).count() > 1 ? folder : own;
    }
}
