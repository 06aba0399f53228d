// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.espalier.experiments.figures.Figure;
import org.espalier.experiments.figures.Figure.Axis;
import org.espalier.experiments.figures.Figure.Line;
import org.espalier.experiments.figures.Figure.Mark;
import org.espalier.experiments.figures.Figure.Panel;
import org.espalier.experiments.figures.Figure.Point;
import org.espalier.experiments.figures.Figure.Reference;
import org.espalier.experiments.figures.Figure.Scale;
import org.espalier.results.text.Text;

/** What answers look like: a figure for each setting, of the numbers of their tables. */
public final class AnswerFigures {
    private static final String RATIO_TITLE = "pruned";
    private final Population population;
    private final AnalysisOptions options;

    private AnswerFigures(Population population, AnalysisOptions options) {
        this.population = population;
        this.options = options;
    }

    /**
     * The figures of an answer. They tell settings, methods and ratios apart whatever its tables
     * average over, so there are none where these are not in {@link AnalysisOptions#by}.
     */
    public static List<Figure> of(Answer answer, Population population, AnalysisOptions options) {
        if (!options.by().equals(AnalysisOptions.DEFAULT.by())) {
            return List.of();
        }
        AnswerFigures figures = new AnswerFigures(population, options);
        List<Figure> drawn =
                switch (answer.question()) {
                    case RECALL -> figures.recall(answer.table("recall"));
                    case STABILITY -> figures.stability();
                    case COMPENSATION -> figures.compensation(answer.table("compensation"));
                    case TICKETS -> figures.tickets(answer.table("tickets"));
                    case METHODS -> figures.methods(answer);
                };
        return drawn.stream().filter(f -> !f.isEmpty()).toList();
    }

    /** Lines of a table of one setting. */
    private record Slice(Table table, String setting, List<Integer> lines) {

        static List<Slice> of(Table table) {
            Map<String, List<Integer>> settings = new LinkedHashMap<>();
            for (int i = 0; i < table.lines().size(); i++) {
                settings.computeIfAbsent((String) table.value(i, "setting"), s -> new ArrayList<>())
                        .add(i);
            }
            List<Slice> slices = new ArrayList<>();
            settings.forEach((name, lines) -> slices.add(new Slice(table, name, lines)));
            return slices;
        }

        private boolean isControl(int line) {
            return table.value(line, "ratio_kind") == null;
        }

        /** Ratios as they are called, by how much they leave. */
        List<String> ratios() {
            TreeMap<Double, String> ratios = new TreeMap<>();
            for (int i : lines) {
                if (!isControl(i)) {
                    double ratio = (Double) table.value(i, "ratio");
                    boolean compression = "compression".equals(table.value(i, "ratio_kind"));
                    ratios.put(compression ? 1 - 1 / ratio : ratio, (String) table.value(i, "at"));
                }
            }
            return List.copyOf(ratios.values());
        }

        double number(int line, String column) {
            return table.value(line, column) instanceof Double d ? d : Double.NaN;
        }

        /** A line for each method. */
        List<Line> byMethod(String column, double unit, List<String> ratios) {
            Map<String, TreeMap<Integer, Point>> methods = new LinkedHashMap<>();
            for (int i : lines) {
                if (isControl(i)) {
                    continue;
                }
                TreeMap<Integer, Point> points =
                        methods.computeIfAbsent(
                                (String) table.value(i, "method"), m -> new TreeMap<>());
                double y = number(i, column) * unit;
                int at = ratios.indexOf((String) table.value(i, "at"));
                if (Double.isFinite(y)) {
                    points.put(
                            at,
                            new Point(
                                    at,
                                    y,
                                    ifThere(i, column + "_low") * unit,
                                    ifThere(i, column + "_high") * unit,
                                    label(i)));
                }
            }
            List<Line> drawn = new ArrayList<>();
            methods.forEach(
                    (name, points) ->
                            drawn.add(
                                    new Line(
                                            name,
                                            drawn.size(),
                                            0,
                                            Mark.JOINED,
                                            List.copyOf(points.values()))));
            return drawn;
        }

        private double ifThere(int line, String column) {
            return table.columns().stream().anyMatch(c -> c.name().equals(column))
                    ? number(line, column)
                    : Double.NaN;
        }

        private String label(int line) {
            Object n = table.value(line, "n");
            return n + " seeds";
        }

        /** Value of the unpruned control. */
        List<Reference> control(String column, double unit, String name) {
            for (int i : lines) {
                if (isControl(i)
                        && "control".equals(table.value(i, "method"))
                        && Double.isFinite(number(i, column))) {
                    return List.of(new Reference(name, number(i, column) * unit, 0));
                }
            }
            return List.of();
        }

        boolean isPruned() {
            return lines.stream().anyMatch(i -> !isControl(i));
        }

        /** How many seeds, and what failed. */
        String seeds(AnalysisOptions options) {
            long least = Long.MAX_VALUE;
            long most = 0;
            long failed = 0;
            for (int i : lines) {
                long n = (Long) table.value(i, "n");
                least = Math.min(least, n);
                most = Math.max(most, n);
                failed += (Long) table.value(i, "failed");
            }
            return Text.of(
                    "%s %s%s%s",
                    least == most ? String.valueOf(most) : least + " to " + most,
                    most == 1 ? "seed" : "seeds",
                    most > 1
                            ? Text.of(
                                    "; bars: %s t interval of the mean",
                                    Estimates.percent(options.level()))
                            : "; no intervals of one seed",
                    failed == 0 ? "" : Text.of("; %d failed cells are left out", failed));
        }
    }

    private List<Figure> recall(Table table) {
        List<Figure> figures = new ArrayList<>();
        for (Slice slice : Slice.of(table)) {
            if (!slice.isPruned()) {
                continue;
            }
            List<String> ratios = slice.ratios();
            Axis x = new Axis(RATIO_TITLE, Scale.STEPS, ratios);
            figures.add(
                    new Figure(
                            "recall-" + (figures.size() + 1),
                            "Recall distortion, " + slice.setting(),
                            List.of(
                                    new Panel(
                                            "against the dense network",
                                            x,
                                            Axis.of("alpha", Scale.LINEAR),
                                            slice.byMethod("alpha", 1, ratios),
                                            slice.control("alpha", 1, "unpruned control")),
                                    new Panel(
                                            "less that of the unpruned control",
                                            x,
                                            Axis.of("difference of alpha", Scale.LINEAR),
                                            slice.byMethod("difference", 1, ratios),
                                            List.of(new Reference("no difference", 0, 1)))),
                            "Mean over " + slice.seeds(options) + "."));
        }
        return figures;
    }

    private List<Figure> compensation(Table table) {
        List<Figure> figures = new ArrayList<>();
        for (Slice slice : Slice.of(table)) {
            if (!slice.isPruned()) {
                continue;
            }
            List<String> ratios = slice.ratios();
            Axis x = new Axis(RATIO_TITLE, Scale.STEPS, ratios);
            Axis y = Axis.of("test loss, log scale", Scale.LOG);
            figures.add(
                    new Figure(
                            "compensation-" + (figures.size() + 1),
                            "Test loss, " + slice.setting(),
                            List.of(
                                    new Panel(
                                            "just pruned",
                                            x,
                                            y,
                                            slice.byMethod("pruned", 1, ratios),
                                            slice.control("dense", 1, "dense")),
                                    new Panel(
                                            "pruned and fine-tuned",
                                            x,
                                            y,
                                            slice.byMethod("fine_tuned", 1, ratios),
                                            slice.control("fine_tuned", 1, "unpruned control"))),
                            "Mean over " + slice.seeds(options) + "."));
        }
        return figures;
    }

    private List<Figure> tickets(Table table) {
        List<Figure> figures = new ArrayList<>();
        for (Slice slice : Slice.of(table)) {
            if (!slice.isPruned()) {
                continue;
            }
            List<String> ratios = slice.ratios();
            Axis x = new Axis(RATIO_TITLE, Scale.STEPS, ratios);
            figures.add(
                    new Figure(
                            "tickets-" + (figures.size() + 1),
                            "Tickets, " + slice.setting(),
                            List.of(
                                    new Panel(
                                            "at the end of training",
                                            x,
                                            Axis.of("accuracy (or less the loss)", Scale.LINEAR),
                                            slice.byMethod("quality", 1, ratios),
                                            slice.control("quality", 1, "not pruned")),
                                    new Panel(
                                            "less the network that is not pruned",
                                            x,
                                            Axis.of("difference", Scale.LINEAR),
                                            slice.byMethod("difference", 1, ratios),
                                            List.of(new Reference("no difference", 0, 1)))),
                            "Mean over " + slice.seeds(options) + "."));
        }
        return figures;
    }

    /** Runs of a network and data set, whatever their schedule: settings are told by the panel. */
    private List<Figure> stability() {
        Map<String, List<CellResult>> settings =
                population.cells().stream()
                        .filter(CellResult::completed)
                        .filter(c -> c.condition().task().equals(Analysis.CLASSIFICATION))
                        .filter(c -> Double.isFinite(c.stability()))
                        .collect(
                                Collectors.groupingBy(
                                        population::settingName,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        List<Figure> figures = new ArrayList<>();
        settings.forEach(
                (name, cells) -> {
                    if (cells.stream().allMatch(c -> c.condition().isControl())) {
                        return;
                    }
                    long trunks = cells.stream().map(CellResult::trunk).distinct().count();
                    Axis x = Axis.of("mean stability of the run", Scale.LINEAR);
                    figures.add(
                            new Figure(
                                    "stability-" + (figures.size() + 1),
                                    "Stability and generalisation, " + name,
                                    List.of(
                                            new Panel(
                                                    "test accuracy at the end",
                                                    x,
                                                    Axis.of("test accuracy, %", Scale.LINEAR),
                                                    scatter(cells, c -> 100 * Analysis.accuracy(c)),
                                                    List.of()),
                                            new Panel(
                                                    "generalisation gap at the end",
                                                    x,
                                                    Axis.of(
                                                            "training less test accuracy, points",
                                                            Scale.LINEAR),
                                                    scatter(
                                                            cells,
                                                            c -> 100 * StabilityQuestion.gap(c)),
                                                    List.of())),
                                    Text.of(
                                            "A point is a run: %d runs of %d trunks. Runs that are not pruned have stability 1.",
                                            cells.size(), trunks)));
                });
        return figures;
    }

    private List<Line> scatter(
            List<CellResult> cells, java.util.function.ToDoubleFunction<CellResult> y) {
        Map<String, List<Point>> methods = new TreeMap<>();
        for (CellResult c : cells) {
            if (Double.isFinite(y.applyAsDouble(c))) {
                methods.computeIfAbsent(population.methodName(c), m -> new ArrayList<>())
                        .add(
                                new Point(
                                        c.stability(),
                                        y.applyAsDouble(c),
                                        Double.NaN,
                                        Double.NaN,
                                        Text.of(
                                                "seed %d, %s",
                                                c.seed(),
                                                c.condition().isControl()
                                                        ? "not pruned"
                                                        : org.espalier.experiments.statistics
                                                                .ConditionNames.ratio(
                                                                c.condition()))));
            }
        }
        Set<String> all = new LinkedHashSet<>();
        cells.stream().map(population::methodName).sorted().forEach(all::add);
        List<String> order = List.copyOf(all);
        List<Line> lines = new ArrayList<>();
        methods.forEach(
                (name, points) ->
                        lines.add(new Line(name, order.indexOf(name), 0, Mark.POINTS, points)));
        return lines;
    }

    private List<Figure> methods(Answer answer) {
        Table scores = answer.table("methods");
        Table ranks = answer.table("methods_ranks");
        Set<String> ratios = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        long tasks = 0;
        for (int i = 0; i < scores.lines().size(); i++) {
            ratios.add((String) scores.value(i, "ratio"));
            names.add((String) scores.value(i, "method"));
            tasks = Math.max(tasks, (Long) scores.value(i, "tasks"));
        }
        if (ratios.isEmpty()) {
            return List.of();
        }
        List<String> steps = List.copyOf(ratios);
        List<String> order = List.copyOf(names);
        Axis x = new Axis(RATIO_TITLE, Scale.STEPS, steps);
        List<Panel> panels = new ArrayList<>();
        panels.add(
                new Panel(
                        "score: accuracy over that of the unpruned network",
                        x,
                        Axis.of("interquartile mean", Scale.LINEAR),
                        lines(scores, steps, order, "iqm", ""),
                        List.of(new Reference("unpruned network", 1, 0))));
        if (!ranks.lines().isEmpty()) {
            panels.add(
                    new Panel(
                            "mean rank, 1 is best; bars: half the critical difference",
                            x,
                            Axis.of("mean rank", Scale.LINEAR),
                            lines(ranks, steps, order, "rank", "critical_difference"),
                            List.of()));
        }
        return List.of(
                new Figure(
                        "methods",
                        "Methods against each other",
                        panels,
                        Text.of(
                                "Bars of scores: %s interval, seeds resampled within tasks. Methods whose bars of ranks do not overlap differ at .05 (Nemenyi). Up to %d %s at a ratio; \"all\": every setting and ratio that all methods have.",
                                Estimates.percent(options.level()),
                                tasks,
                                tasks == 1 ? "task" : "tasks")));
    }

    private static List<Line> lines(
            Table table, List<String> steps, List<String> order, String column, String bar) {
        Map<String, TreeMap<Integer, Point>> methods = new LinkedHashMap<>();
        for (int i = 0; i < table.lines().size(); i++) {
            int at = steps.indexOf((String) table.value(i, "ratio"));
            Double y = (Double) table.value(i, column);
            if (y == null || at < 0) {
                continue;
            }
            Double low;
            Double high;
            if (bar.isEmpty()) {
                low = (Double) table.value(i, column + "_low");
                high = (Double) table.value(i, column + "_high");
            } else {
                double half = (Double) table.value(i, bar) / 2;
                low = y - half;
                high = y + half;
            }
            methods.computeIfAbsent((String) table.value(i, "method"), m -> new TreeMap<>())
                    .put(
                            at,
                            new Point(
                                    at,
                                    y,
                                    low == null ? Double.NaN : low,
                                    high == null ? Double.NaN : high,
                                    ""));
        }
        List<Line> lines = new ArrayList<>();
        methods.forEach(
                (name, points) ->
                        lines.add(
                                new Line(
                                        name,
                                        order.indexOf(name),
                                        0,
                                        Mark.POINTS,
                                        List.copyOf(points.values()))));
        return lines;
    }
}
