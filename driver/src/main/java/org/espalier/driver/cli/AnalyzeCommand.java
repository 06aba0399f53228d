// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.espalier.driver.UsageException;
import org.espalier.driver.analyze.AnswerFiles;
import org.espalier.driver.analyze.AnswerFiles.Format;
import org.espalier.driver.analyze.AnswerScreen;
import org.espalier.driver.show.FigureFiles;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.driver.spark.StoredCells;
import org.espalier.experiments.analysis.Analysis;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.AnswerFigures;
import org.espalier.experiments.analysis.ExtraSeeds;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.analysis.Question;
import org.espalier.experiments.analysis.Table;
import org.espalier.experiments.figures.Figure;
import org.espalier.experiments.figures.FigureWriter;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier analyze}: the statistics of results. */
@Command(
        name = "analyze",
        description = {
            "Compute the papers' statistics from results: tables with intervals and tests, what they"
                    + " say in words, and what a reader must know of them.",
            "",
            "recall: recall distortion (Good et al. 2022). stability: the generalization-stability"
                    + " tradeoff (Bartoldson et al. 2020). compensation: loss before and after"
                    + " fine-tuning (Ballini et al. 2026). tickets: lottery tickets. methods: methods"
                    + " against each other."
        },
        footer = {
            "",
            "Examples:",
            "  espalier analyze results/mnist --question recall",
            "  espalier analyze results/a results/b --format csv --out tables"
        })
final class AnalyzeCommand implements Callable<Integer> {
    @Mixin private AnalysisCommandOptions analysis;

    @Option(
            names = "--question",
            paramLabel = "Q",
            split = ",",
            description =
                    "recall, stability, compensation, tickets, methods (default: those that the"
                            + " results can answer).")
    private List<String> questions = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "table",
            description =
                    "table, csv, parquet, json, latex (default: ${DEFAULT-VALUE}). All but table and"
                            + " json need --out.")
    private String format;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Folder for files, made if it is not there.")
    private Path out;

    @Option(
            names = "--figures",
            paramLabel = "F",
            description =
                    "png, svg or pdf: also draw the figures of the report, a file each in the folder"
                            + " of --out.")
    private String figures;

    @Option(
            names = "--figure-width",
            paramLabel = "W",
            defaultValue = "page",
            description =
                    "column (3.3 inches, of a paper in two columns) or page (6.85 inches; default:"
                            + " ${DEFAULT-VALUE}).")
    private String figureWidth;

    @Option(
            names = "--table",
            paramLabel = "ID",
            split = ",",
            description = "Tables to print, by their ids, or all (default: the main ones).")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--power",
            description =
                    "Print how many more seeds would decide between methods, and the seed line to"
                            + " extend the sweep with.")
    private boolean power;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        AnalysisOptions options = analysis.options();
        Format wanted =
                AnalysisCommandOptions.Words.of(
                        "--format",
                        format,
                        Format.values(),
                        f -> f.name().toLowerCase(Locale.ROOT));
        Set<Question> asked = EnumSet.noneOf(Question.class);
        for (String word : questions) {
            asked.add(
                    AnalysisCommandOptions.Words.of(
                            "--question", word, Question.values(), Question::word));
        }
        if (out == null && wanted != Format.TABLE && wanted != Format.JSON) {
            throw new UsageException(
                    Text.of(
                            "--format %s writes a file for each table: name a folder with --out",
                            format));
        }
        FigureWriter.Width width =
                AnalysisCommandOptions.Words.of(
                        "--figure-width",
                        figureWidth,
                        FigureWriter.Width.values(),
                        w -> w.name().toLowerCase(Locale.ROOT));
        FigureWriter.Format drawn =
                figures == null
                        ? null
                        : AnalysisCommandOptions.Words.of(
                                "--figures",
                                figures,
                                FigureWriter.Format.values(),
                                f -> f.name().toLowerCase(Locale.ROOT));
        if (out == null && drawn != null) {
            throw new UsageException("--figures writes files: name a folder with --out");
        }
        if (out != null && wanted == Format.TABLE && drawn == null) {
            throw new UsageException(
                    "--out is for files: add --format csv, parquet, json or latex, or --figures png,"
                            + " svg or pdf");
        }
        Population population;
        try (SparkCluster cluster = analysis.cluster()) {
            population =
                    analysis.read(
                            cluster,
                            !power && (asked.isEmpty() || asked.contains(Question.RECALL))
                                    ? StoredCells.Detail.PREDICTIONS
                                    : StoredCells.Detail.SUMMARIES,
                            spec.commandLine().getErr());
        }
        PrintWriter print = spec.commandLine().getOut();
        if (power) {
            return power(population, options, print);
        }
        boolean all = asked.isEmpty();
        List<Answer> answers =
                Analysis.of(population, options, all ? EnumSet.allOf(Question.class) : asked)
                        .stream()
                        .filter(a -> !all || a.answered())
                        .toList();
        checkTables(answers);
        if (out != null) {
            List<Path> written = new ArrayList<>();
            if (wanted != Format.TABLE) {
                written.addAll(AnswerFiles.write(answers, wanted, out));
            }
            if (drawn != null) {
                List<Figure> shown = new ArrayList<>();
                answers.forEach(a -> shown.addAll(AnswerFigures.of(a, population, options)));
                written.addAll(FigureFiles.write(shown, drawn, width, out));
            }
            written.forEach(file -> print.println("wrote " + file));
        } else if (wanted == Format.JSON) {
            print.print(AnswerFiles.json(answers));
        } else {
            print(population, answers, print);
        }
        print.flush();
        return Espalier.DONE;
    }

    private void checkTables(List<Answer> answers) {
        List<String> known =
                answers.stream().flatMap(a -> a.tables().stream()).map(Table::id).toList();
        for (String id : tables) {
            if (!id.equals("all") && !known.contains(id)) {
                List<String> names = new ArrayList<>(known);
                names.add("all");
                throw new UsageException("--table: " + NearMatch.unknown(id, names));
            }
        }
    }

    private void print(Population population, List<Answer> answers, PrintWriter print) {
        int width = OutputWidth.ofThisProcess();
        long failed = population.cells().stream().filter(c -> !c.completed()).count();
        print.print(
                Paragraph.of(
                        Text.of(
                                "%d cells, %d failed%s",
                                population.cells().size(),
                                failed,
                                population.repeated() == 0
                                        ? ""
                                        : Text.of(
                                                "; %d rows left out, since another folder has the same cell",
                                                population.repeated())),
                        width,
                        2));
        print.println();
        for (Answer answer : answers) {
            Predicate<Table> shown =
                    tables.isEmpty()
                            ? t -> main(answer).contains(t.id())
                            : t -> tables.contains("all") || tables.contains(t.id());
            print.print(new AnswerScreen(width, shown).text(answer));
        }
        List<String> others =
                answers.stream()
                        .flatMap(
                                a ->
                                        a.tables().stream()
                                                .filter(t -> !t.lines().isEmpty())
                                                .filter(t -> !main(a).contains(t.id())))
                        .map(Table::id)
                        .toList();
        if (tables.isEmpty() && !others.isEmpty()) {
            print.print(
                    Paragraph.of(
                            "More tables, with --table: " + String.join(", ", others), width, 2));
        }
    }

    /** The main tables of a question that was asked for, the first where all are. */
    private List<String> main(Answer answer) {
        List<String> main = answer.question().main();
        return questions.isEmpty() ? main.subList(0, 1) : main;
    }

    private int power(Population population, AnalysisOptions options, PrintWriter print) {
        Answer methods = Analysis.of(population, options, EnumSet.of(Question.METHODS)).get(0);
        int width = OutputWidth.ofThisProcess();
        print.print(new AnswerScreen(width, t -> true).text(methods.table("power")));
        ExtraSeeds seeds = ExtraSeeds.of(population, methods);
        print.print(Paragraph.of(seeds.sentence(), width, 2));
        seeds.seedLine().ifPresent(print::println);
        if (seeds.seedLine().isPresent()) {
            print.print(
                    Paragraph.of(
                            "Put this line into the sweep file and run it with --extend and the same --out.",
                            width,
                            2));
        }
        print.flush();
        return Espalier.DONE;
    }
}
