// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.experiments.inference.Correlation;
import org.espalier.experiments.inference.MeanTest;
import org.espalier.experiments.statistics.ConditionSummary.Key;
import org.espalier.results.text.Text;

/**
 * Whether runs that pruning disturbs more generalise better (Bartoldson et al. 2020, The
 * Generalization-Stability Tradeoff In Neural Network Pruning, arXiv:1906.03728). The paper pools
 * runs of all configurations; here the same runs also within methods and ratios, and with trunks as
 * the independent units.
 */
final class StabilityQuestion {
    private final Population population;
    private final AnalysisOptions options;
    private final Notes notes = new Notes();
    private final List<String> readings = new ArrayList<>();
    private final Map<String, Integer> families = new LinkedHashMap<>();

    /** What stability is set against. */
    private record Outcome(String name, ToDoubleFunction<CellResult> of) {}

    private static final List<Outcome> OUTCOMES =
            List.of(
                    new Outcome("final", Analysis::accuracy),
                    new Outcome("validation-selected", CellResult::selected),
                    new Outcome("best-on-test", CellResult::bestOnTest),
                    new Outcome("gap", StabilityQuestion::gap));

    /** Runs below which Spearman's approximate p-value is too small, and is left out. */
    static final int FEWEST_FOR_SPEARMAN = 10;

    StabilityQuestion(Population population, AnalysisOptions options) {
        this.population = population;
        this.options = options;
    }

    /** Training less test accuracy at the end. */
    static double gap(CellResult c) {
        return c.fineTuned() == null
                ? Double.NaN
                : c.fineTuned().trainAccuracy() - c.fineTuned().accuracy();
    }

    Answer answer() {
        Population classes =
                population.where(c -> c.condition().task().equals(Analysis.CLASSIFICATION));
        if (classes.cells().size() < population.cells().size()) {
            notes.say(
                    Caveat.Kind.REGRESSIONS,
                    Text.of(
                            "%d cells are regressions, which have no accuracy",
                            population.cells().size() - classes.cells().size()));
        }
        notes.all(classes.averagedOver(options.by()));
        List<Group> groups = classes.groups(options.by());
        Analysis.tellFailures(groups, notes);
        List<Table> tables = new ArrayList<>();
        tables.add(runs(groups));
        tables.add(correlations(groups));
        tables.add(
                Analysis.methodPairs(
                        new Analysis.PairsTable(
                                "stability_methods",
                                "Method against method at one ratio: final test accuracy",
                                "final test accuracy of the first less that of the second",
                                options.accuracyMargin()),
                        groups,
                        Analysis::accuracy,
                        options,
                        notes,
                        families,
                        (a, b, table, i) -> {}));
        tables.add(twoSample(groups));
        return new Answer(
                Question.STABILITY,
                tables,
                readings,
                notes.caveats(),
                families,
                List.of(
                        "Instability of a pruning is (accuracy before - accuracy after) / accuracy before, on the test set; the stability of a run is 1 less the mean over its prunings, and 1 where nothing was pruned, as the authors' code has it.",
                        "best-on-test is the highest test accuracy from straight after the last pruning on, as the authors' code has it: it is chosen by the test set. The gap is training less test accuracy at the end, both of the network as it is then.",
                        "p and interval of a correlation are as if runs were independent, as in the paper; low and high by trunk come from resampling whole trunks, p_trunks from exchanging whole trunks between the two sides, and within_trunk is the mean correlation inside a trunk, tested by exchanging its sign."));
    }

    private Table runs(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "runs"));
        columns.add(Column.count("failed", "cells that failed"));
        columns.addAll(Estimates.columns("stability", "stability of runs", Column.Kind.NUMBER));
        columns.add(Column.number("stability_deviation", "sample standard deviation").inFiles());
        columns.addAll(Estimates.columns("final", "final test accuracy", Column.Kind.SHARE));
        columns.add(Column.share("final_deviation", "sample standard deviation").inFiles());
        columns.add(
                Column.share("final_if_failed_worst", "mean of final had failed cells ended at 0"));
        columns.add(
                Column.share("validation_selected", "mean test accuracy that validation selects"));
        columns.add(
                Column.share(
                        "best_on_test", "mean of the best test accuracy, chosen by the test set"));
        columns.add(Column.number("gap", "mean of training less test accuracy"));
        Lines lines =
                new Lines(
                        "stability",
                        "Stability of prunings and test accuracy after the last",
                        Population.keyColumns(options.by()),
                        columns);
        boolean selected = false;
        boolean best = false;
        for (Group group : groups) {
            double[] last = group.values(Analysis::accuracy);
            Lines.Line line = lines.line(group.keys());
            line.put("n", group.completed().size()).put("failed", group.failed());
            double[] stability = group.values(CellResult::stability);
            Estimates.put(line, "stability", stability, options.level());
            Estimates.put(line, "final", last, options.level());
            line.put("stability_deviation", Estimates.deviation(stability))
                    .put("final_deviation", Estimates.deviation(last))
                    .put(
                            "final_if_failed_worst",
                            last.length == 0 || group.failed() == 0
                                    ? Double.NaN
                                    : Estimates.mean(last)
                                            * last.length
                                            / (last.length + group.failed()))
                    .put("validation_selected", mean(group, CellResult::selected))
                    .put("best_on_test", mean(group, CellResult::bestOnTest))
                    .put("gap", mean(group, StabilityQuestion::gap));
            selected |= group.values(CellResult::selected).length > 0;
            best |= group.values(CellResult::bestOnTest).length > 0;
            if (last.length == 1) {
                notes.at(Caveat.Kind.ONE_SEED, "one run: no interval", group.inWords());
            }
            long none = group.completed().size() - stability.length;
            if (none > 0) {
                notes.at(
                        Caveat.Kind.UNDEFINED,
                        "runs whose prunings have no instability",
                        Text.of("%s (%d)", group.inWords(), none));
            }
        }
        if (!selected) {
            notes.say(
                    Caveat.Kind.NOT_MEASURED,
                    "no validation part was held out, so no accuracy is selected by it");
        }
        if (best) {
            notes.say(
                    Caveat.Kind.CHOSEN_BY_TEST,
                    "best-on-test is chosen by the test set and is higher than what a user would get");
        }
        return lines.table();
    }

    private static double mean(Group group, ToDoubleFunction<CellResult> of) {
        return Estimates.mean(group.values(of));
    }

    private Table correlations(List<Group> groups) {
        List<Column> keys =
                List.of(
                        Column.text("group", "what is looked at"),
                        Column.text("scope", "all, or one method, or one ratio"),
                        Column.text("outcome", "what stability is set against"),
                        Column.text("kind", "Pearson, Spearman or Kendall's tau-b"));
        List<Column> columns =
                List.of(
                        Column.count("runs", "points"),
                        Column.count(
                                "trunks",
                                "networks, data and seeds: runs of one seed share their dense training or its first weights"),
                        Column.number("r", "correlation of stability and outcome"),
                        Column.number(
                                "low", "lower end of its interval, runs taken as independent"),
                        Column.number("high", "upper end of it"),
                        Column.probability("p", "of no correlation, runs taken as independent"),
                        Column.number("trunk_low", "lower end, whole trunks resampled"),
                        Column.number("trunk_high", "upper end of it"),
                        Column.probability("p_trunks", "whole trunks exchanged"),
                        Column.number("within_trunk", "mean correlation inside trunks"),
                        Column.probability("within_trunk_p", "of no correlation inside trunks"),
                        Column.probability("p_holm", "p corrected by Holm over this table"),
                        Column.probability("p_bh", "p corrected by Benjamini and Hochberg")
                                .inFiles());
        Lines lines =
                new Lines(
                        "stability_correlations",
                        "Stability against generalisation",
                        keys,
                        columns);
        Map<Object, List<Group>> settings =
                groups.stream()
                        .collect(
                                Collectors.groupingBy(
                                        g -> (Object) g.within(),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        settings.values()
                .forEach(
                        members ->
                                correlate(
                                        lines,
                                        members.get(0).settingText().isEmpty()
                                                ? "all"
                                                : members.get(0).settingText(),
                                        members));
        // The paper pools configurations: schedules of one network and data set.
        groups.stream()
                .collect(
                        Collectors.groupingBy(
                                g ->
                                        Text.of(
                                                "%s on %s%s",
                                                g.first().architecture(),
                                                g.first().dataset(),
                                                g.first().noise() == 0
                                                        ? ""
                                                        : ", noise " + g.first().noise()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .forEach(
                        (name, members) -> {
                            long pooled = members.stream().map(Group::within).distinct().count();
                            if (pooled > 1) {
                                correlate(
                                        lines,
                                        Text.of("%s, %d settings pooled", name, pooled),
                                        members);
                            }
                        });
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("stability: correlations", tests);
        }
        return lines.table();
    }

    private void correlate(Lines lines, String name, List<Group> members) {
        Map<String, List<CellResult>> scopes = new LinkedHashMap<>();
        scopes.put("all", members.stream().flatMap(g -> g.completed().stream()).toList());
        for (Group g : members) {
            if (!g.isControl() && !g.method().isEmpty()) {
                scopes.computeIfAbsent("method " + g.method(), s -> new ArrayList<>())
                        .addAll(g.completed());
            }
        }
        if (options.by().contains(Axis.RATIO)) {
            for (Group g : members) {
                if (!g.isControl()) {
                    scopes.computeIfAbsent("ratio " + g.ratioText(), s -> new ArrayList<>())
                            .addAll(g.completed());
                }
            }
        }
        for (Outcome outcome : OUTCOMES) {
            Map<String, Double> signs = new LinkedHashMap<>();
            scopes.forEach((scope, cells) -> add(lines, name, scope, outcome, cells, signs));
            simpson(name, outcome, signs);
        }
    }

    /**
     * What is resampled as one. Trainings of one seed begin at the same weights, whatever the
     * schedule or recipe makes of them, so they are one.
     */
    private static Object trunk(CellResult c) {
        Key key = c.condition();
        return List.of(key.architecture(), key.dataset(), key.fingerprint(), key.noise(), c.seed());
    }

    private void add(
            Lines lines,
            String name,
            String scope,
            Outcome outcome,
            List<CellResult> cells,
            Map<String, Double> signs) {
        List<TrunkCorrelation.Point> points = new ArrayList<>();
        for (CellResult c : cells) {
            double x = c.stability();
            double y = outcome.of().applyAsDouble(c);
            if (Double.isFinite(x) && Double.isFinite(y)) {
                points.add(new TrunkCorrelation.Point(trunk(c), c.condition(), x, y));
            }
        }
        if (points.size() < 4) {
            if (!points.isEmpty()) {
                notes.at(
                        Caveat.Kind.FEW_SEEDS,
                        "fewer than four runs, of which no correlation is told",
                        name + ", " + scope);
            }
            return;
        }
        for (Correlation.Kind kind : Correlation.Kind.values()) {
            TrunkCorrelation r = TrunkCorrelation.of(kind, points, options.level(), options.seed());
            if (Double.isNaN(r.pooled().value())) {
                notes.at(
                        Caveat.Kind.ZERO_VARIANCE,
                        "all stabilities or all outcomes are equal, so there is no correlation",
                        Text.of("%s, %s, %s", name, scope, outcome.name()));
                return;
            }
            lines.line(List.of(name, scope, outcome.name(), word(kind)))
                    .put("runs", r.runs())
                    .put("trunks", r.trunks())
                    .put("r", r.pooled().value())
                    .put("low", r.pooled().low())
                    .put("high", r.pooled().high())
                    .put(
                            "p",
                            kind == Correlation.Kind.SPEARMAN && r.runs() < FEWEST_FOR_SPEARMAN
                                    ? Double.NaN
                                    : r.pooled().p())
                    .put("trunk_low", r.low())
                    .put("trunk_high", r.high())
                    .put("p_trunks", r.p())
                    .put("within_trunk", r.within())
                    .put("within_trunk_p", r.withinP());
            if (kind == Correlation.Kind.PEARSON) {
                signs.put(scope, r.pooled().value());
                if (r.trunks() < r.runs()) {
                    notes.say(
                            Caveat.Kind.SHARED_TRUNKS,
                            "runs share trunks and are not independent: p and interval of a pooled correlation are too sure; those by trunk have the number of trunks as n");
                }
                if (r.trunks() < r.runs()) {
                    notes.say(Caveat.Kind.MEASURED_RATE, MeasuredRates.pooled());
                }
                if (scope.equals("all")) {
                    readings.add(reading(name, outcome, r));
                }
            }
        }
        if (points.stream().map(TrunkCorrelation.Point::x).distinct().count() < points.size()
                || points.stream().map(TrunkCorrelation.Point::y).distinct().count()
                        < points.size()) {
            notes.say(
                    Caveat.Kind.TIES,
                    "equal values among stabilities or outcomes: ranks are at their mean, Kendall's is tau-b");
        }
    }

    private String reading(String name, Outcome outcome, TrunkCorrelation r) {
        String what =
                switch (outcome.name()) {
                    case "gap" -> "the generalisation gap";
                    case "best-on-test" ->
                            "the best test accuracy of the run (chosen by the test set)";
                    case "validation-selected" -> "the test accuracy that validation selects";
                    default -> "the final test accuracy";
                };
        String numbers =
                Text.of(
                        "Pearson %s, %d runs of %d trunks",
                        Estimates.said(r.pooled().value()), r.runs(), r.trunks());
        if (Double.isNaN(r.low())) {
            return Analysis.sentence(
                    Text.of(
                            "%s: %s with %s: fewer than %d trunks give no interval, so nothing is said",
                            name, numbers, what, TrunkCorrelation.FEWEST));
        }
        String says =
                r.low() <= 0 && r.high() >= 0
                        ? "the trunks do not decide whether stability goes with"
                        : r.pooled().value() < 0
                                ? "runs that pruning disturbed more have more of"
                                : "runs that pruning disturbed more have less of";
        return Analysis.sentence(
                Text.of(
                        "%s: %s %s (%s, %s interval by trunk %s)",
                        name,
                        says,
                        what,
                        numbers,
                        Estimates.percent(options.level()),
                        Estimates.interval(r.low(), r.high())));
    }

    private static String word(Correlation.Kind kind) {
        String name = kind.name();
        return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
    }

    private void simpson(String name, Outcome outcome, Map<String, Double> signs) {
        Double all = signs.get("all");
        if (all == null) {
            return;
        }
        List<String> other =
                signs.entrySet().stream()
                        .filter(e -> e.getKey().startsWith("method "))
                        .filter(e -> e.getValue() * all < 0)
                        .map(e -> e.getKey().substring(7) + " " + Estimates.said(e.getValue()))
                        .toList();
        if (!other.isEmpty()) {
            notes.at(
                    Caveat.Kind.SIMPSON,
                    "within a method the correlation has the other sign than over all (Simpson's paradox)",
                    Text.of(
                            "%s, %s: all %s, %s",
                            name, outcome.name(), Estimates.said(all), String.join(", ", other)));
        }
    }

    /** Table F1's test: two samples, as if they shared no seeds. */
    private Table twoSample(List<Group> groups) {
        Set<Axis> by = EnumSet.copyOf(options.by());
        List<Column> keys = new ArrayList<>();
        Set<Axis> rest = EnumSet.copyOf(by);
        rest.remove(Axis.METHOD);
        keys.addAll(rest.isEmpty() ? List.of() : Population.keyColumns(rest));
        keys.add(Column.text("method", "the first"));
        keys.add(Column.text("other", "the second"));
        Lines lines =
                new Lines(
                        "stability_two_samples",
                        "The paper's test of final accuracy: two samples, seeds not paired",
                        keys,
                        List.of(
                                Column.count("n", "runs of the first"),
                                Column.count("other_n", "runs of the second"),
                                Column.number("difference", "of the means"),
                                Column.number("student_low", "lower end of Student's interval"),
                                Column.number("student_high", "upper end of it"),
                                Column.probability("student_p", "equal variances assumed"),
                                Column.probability("welch_p", "unequal variances"),
                                Column.probability("p", "Student's, for the corrections").inFiles(),
                                Column.probability("p_holm", "corrected by Holm"),
                                Column.probability("p_bh", "by Benjamini and Hochberg").inFiles()));
        if (!by.contains(Axis.METHOD)) {
            return lines.table();
        }
        Map<List<Object>, List<Group>> alike =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        Group::about, LinkedHashMap::new, Collectors.toList()));
        for (List<Group> members : alike.values()) {
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    double[] x = members.get(i).values(Analysis::accuracy);
                    double[] y = members.get(j).values(Analysis::accuracy);
                    if (x.length < 2 || y.length < 2) {
                        continue;
                    }
                    if (x.length != y.length) {
                        notes.at(
                                Caveat.Kind.UNEQUAL_SEEDS,
                                "compared samples differ in size",
                                members.get(i).method() + " and " + members.get(j).inWords());
                    }
                    MeanTest student = MeanTest.student(x, y, options.level());
                    MeanTest welch = MeanTest.welch(x, y, options.level());
                    List<Object> at = new ArrayList<>(members.get(i).about());
                    at.add(members.get(i).method());
                    at.add(members.get(j).method());
                    lines.line(at)
                            .put("n", x.length)
                            .put("other_n", y.length)
                            .put("difference", student.estimate())
                            .put("student_low", student.low())
                            .put("student_high", student.high())
                            .put("student_p", student.p())
                            .put("welch_p", welch.p())
                            .put("p", student.p());
                }
            }
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("stability: two-sample tests", tests);
        }
        return lines.table();
    }
}
