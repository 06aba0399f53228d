// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.experiments.inference.Correlation;
import org.espalier.experiments.inference.MeanTest;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.experiments.statistics.RecallDistortion;
import org.espalier.results.text.Text;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * Whether pruning widens the gap between well and badly recognised classes (Good et al. 2022,
 * Recall Distortion in Neural Network Pruning and the Undecayed Pruning Algorithm,
 * arXiv:2206.02976), and beside the paper's test what tells pruning from further training and from
 * mere error. The paper tests alpha against 1; an unpruned network that is trained on does not show
 * 1, so the verdict here is that of the difference to the unpruned control of the same seed.
 */
final class RecallQuestion {
    private final Population population;
    private final AnalysisOptions options;
    private final Notes notes = new Notes();
    private final List<String> readings = new ArrayList<>();
    private final Map<String, Integer> families = new LinkedHashMap<>();
    private final Map<String, List<String>> undecided = new LinkedHashMap<>();

    RecallQuestion(Population population, AnalysisOptions options) {
        this.population = population;
        this.options = options;
    }

    /** The answer. */
    Answer answer() {
        Population classes =
                population.where(c -> c.condition().task().equals(Analysis.CLASSIFICATION));
        if (classes.cells().size() < population.cells().size()) {
            notes.say(
                    Caveat.Kind.REGRESSIONS,
                    Text.of(
                            "%d cells are regressions, which have no classes",
                            population.cells().size() - classes.cells().size()));
        }
        notes.all(classes.averagedOver(options.by()));
        List<Group> groups = classes.groups(options.by());
        Analysis.tellFailures(groups, notes);
        List<Table> tables = new ArrayList<>();
        tables.add(distortion(groups));
        tables.add(details(groups));
        tables.add(perClass(groups));
        tables.add(pooled(groups));
        tables.add(methods(groups));
        tables.add(trends(groups));
        tables.add(settings(groups));
        tables.add(harm(groups));
        tables.addAll(
                new PredictionTables(classes, options, notes, families, readings).tables(groups));
        return new Answer(
                Question.RECALL,
                tables,
                readings,
                notes.caveats(),
                families,
                List.of(
                        "With recall R_c and accuracy A the balance of a class is b_c = (R_c - A) / A; alpha of a network is the slope through the origin of its balances on those of its dense network. The mean is over networks.",
                        "The label <, > or ? says where the interval of the mean lies to 1: the paper's test. The verdict says where the paired difference to the unpruned control of the same seed lies to 0, by the t test corrected with Holm over the table, and \"within\" where two one-sided tests show that it is smaller than the margin.",
                        "The proportional-error alpha (e_t / e) (A / A_t), e = 1 - A, is what alpha were had the error of every class grown by one factor.",
                        "Corrected alpha takes from the denominator the binomial variance that test sampling puts into the dense balances, as if it were independent of the noise of the pruned ones; both come from the same samples, so it is an upper end.",
                        "Churn is the share of test samples that two networks take for different classes. A pruning-identified exemplar is a sample whose most frequent class over the seeds' pruned networks is not that over their dense ones. D is the balance of a class less that of the dense network; its test exchanges a sample's predictions over the levels.",
                        "Alpha with the control as x has no null of 1 and gets no label: it is the product of the ratio of spreads and the correlation, which stand beside it; the line of the control on another order says what no pruning shows."));
    }

    private static boolean usable(CellResult c) {
        return c.dense() != null
                && c.fineTuned() != null
                && c.dense().hasBalances()
                && c.fineTuned().hasBalances();
    }

    private static RecallDistortion distortion(CellResult c) {
        return RecallDistortion.between(c.dense().recalls(), c.fineTuned().recalls());
    }

    /** Alpha of a cell against its dense network; NaN where it has none. */
    static double alpha(CellResult c) {
        return usable(c) ? distortion(c).alphaOrigin() : Double.NaN;
    }

    private static double proportional(CellResult c) {
        if (!usable(c)) {
            return Double.NaN;
        }
        double dense = c.dense().accuracy();
        double pruned = c.fineTuned().accuracy();
        return (1 - pruned) / (1 - dense) * (dense / pruned);
    }

    /**
     * Alpha with the binomial variance of the dense balances taken from its denominator: sum x y /
     * (sum x^2 - sum v_c), v_c that of (R_c - A) / A by the delta method, R_c (1 - R_c) / (n_c - 1)
     * being the variance of a recall. NaN where nothing is left of the denominator.
     */
    static double corrected(ClassRecalls dense, ClassRecalls pruned) {
        double[] x = dense.normalisedBalance();
        double[] y = pruned.normalisedBalance();
        long[] totals = dense.total();
        long samples = Arrays.stream(totals).sum();
        double accuracy = dense.accuracy();
        double xx = 0;
        double xy = 0;
        for (int c = 0; c < x.length; c++) {
            if (totals[c] > 1) {
                xx += x[c] * x[c];
                xy += x[c] * y[c];
                for (int k = 0; k < x.length; k++) {
                    if (totals[k] > 1) {
                        double r = dense.recall(k);
                        double share = (double) totals[k] / samples;
                        double slope =
                                (k == c ? 1 / accuracy : 0)
                                        - dense.recall(c) * share / (accuracy * accuracy);
                        xx -= slope * slope * r * (1 - r) / (totals[k] - 1);
                    }
                }
            }
        }
        return xx > 0 ? xy / xx : Double.NaN;
    }

    private ToDoubleFunction<CellResult> ofControl(
            Function<CellResult, CellResult> control, ToDoubleFunction<CellResult> of) {
        return c -> {
            CellResult found = control.apply(c);
            return found == null ? Double.NaN : of.applyAsDouble(found);
        };
    }

    private Pairs againstControl(Group group, ToDoubleFunction<CellResult> value) {
        return Pairs.of(
                group.completed(),
                value,
                c -> ofControl(population::reference, value).applyAsDouble(c),
                0);
    }

    private Table distortion(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "networks in the mean"));
        columns.add(Column.count("failed", "cells that failed"));
        columns.add(
                Column.count(
                        "left_out",
                        "networks without balances: never right, or one answer for all"));
        columns.addAll(
                Estimates.columns("alpha", "alpha against the dense network", Column.Kind.NUMBER));
        columns.add(Column.text("label", "where the interval lies to 1, the paper's test"));
        columns.add(Column.number("control_alpha", "mean alpha of the unpruned controls"));
        columns.addAll(Pairs.columns("alpha less that of the control", options.alphaMargin()));
        columns.add(Column.text("verdict", "what the paired difference shows"));
        Lines lines =
                new Lines(
                        "recall",
                        "Recall distortion against the dense network, and against the unpruned control",
                        Population.keyColumns(options.by()),
                        columns);
        List<Group> shown = new ArrayList<>();
        for (Group group : groups) {
            double[] alphas = group.values(RecallQuestion::alpha);
            Lines.Line line = lines.line(group.keys());
            shown.add(group);
            long constant = group.completed().stream().filter(c -> !usable(c)).count();
            line.put("n", alphas.length)
                    .put("failed", group.failed())
                    .put("left_out", group.completed().size() - alphas.length);
            tell(group, alphas, constant);
            Estimates.put(line, "alpha", alphas, options.level());
            if (alphas.length > 1) {
                MeanTest test = MeanTest.one(alphas, 1, options.level());
                notes.say(Caveat.Kind.MEASURED_RATE, MeasuredRates.alpha());
                line.put("label", test.low() > 1 ? ">" : test.high() < 1 ? "<" : "?");
            }
            if (group.isReference()) {
                continue;
            }
            Pairs pairs = againstControl(group, RecallQuestion::alpha);
            if (pairs.n() == 0) {
                if (!group.isControl() && alphas.length > 0) {
                    notes.at(
                            Caveat.Kind.NO_CONTROL,
                            "no unpruned control of the same seed, so there is no verdict",
                            group.inWords());
                }
            } else {
                line.put("control_alpha", Estimates.mean(pairs.y()));
                pairs.tell(notes, group.inWords(), options);
            }
            pairs.put(line, options, options.alphaMargin());
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("recall: differences of alpha to the unpruned control", tests);
        }
        Table raw = lines.table();
        for (int i = 0; i < shown.size(); i++) {
            String verdict =
                    verdict(raw, i, options, "intensified", "softened", options.alphaMargin());
            lines.put(i, "verdict", verdict);
            read(shown.get(i), raw, i, verdict);
        }
        undecided.forEach(
                (setting, conditions) ->
                        readings.add(
                                Analysis.sentence(
                                        Text.of(
                                                "%sthe seeds do not decide whether pruning changed the distortion of recalls by more than %s, with %s",
                                                setting.isEmpty() ? "" : setting + ": ",
                                                Estimates.said(options.alphaMargin()),
                                                String.join(", ", conditions)))));
        return lines.table();
    }

    /** What a line of a table with {@link Pairs#columns} shows; null where there is no test. */
    static String verdict(
            Table table,
            int line,
            AnalysisOptions options,
            String above,
            String below,
            double margin) {
        Double p = (Double) table.value(line, "p_holm");
        Double difference = (Double) table.value(line, "difference");
        if (p == null) {
            return null;
        }
        if (p <= options.alpha()) {
            return difference > 0 ? above : below;
        }
        Double equivalent = (Double) table.value(line, "p_equivalent");
        return equivalent != null && equivalent <= options.alpha()
                ? "within " + Estimates.said(margin)
                : "undecided";
    }

    private void tell(Group group, double[] alphas, long unusable) {
        if (unusable > 0) {
            notes.at(
                    Caveat.Kind.CONSTANT_PREDICTORS,
                    "networks that are never right or give one answer for all samples have no alpha and are left out",
                    Text.of("%s (%d of %d)", group.inWords(), unusable, group.completed().size()));
        }
        if (alphas.length == 1) {
            notes.at(Caveat.Kind.ONE_SEED, "one network: no interval and no test", group.inWords());
        }
        long undefined = group.completed().size() - alphas.length - unusable;
        if (undefined > 0) {
            notes.at(
                    Caveat.Kind.UNDEFINED,
                    "dense networks whose classes all have one recall give no alpha",
                    Text.of("%s (%d)", group.inWords(), undefined));
        }
        if (!group.completed().isEmpty()) {
            CellResult any = group.completed().get(0);
            long[] totals = any.fineTuned().recalls().total();
            if (Arrays.stream(totals).filter(t -> t > 0).distinct().count() > 1) {
                notes.at(
                        Caveat.Kind.UNEQUAL_CLASSES,
                        "test classes differ in size, so the slope through the origin and that of least squares differ; both are given",
                        group.settingText());
            }
        }
    }

    private void read(Group group, Table table, int i, String verdict) {
        if (verdict == null || group.isControl()) {
            return;
        }
        if (verdict.equals("undecided")) {
            undecided
                    .computeIfAbsent(group.settingText(), k -> new ArrayList<>())
                    .add(
                            group.method()
                                    + (group.ratioText().isEmpty()
                                            ? ""
                                            : " at " + group.ratioText()));
            return;
        }
        String numbers =
                Text.of(
                        "alpha %s against %s of the unpruned control, difference %s, %s interval %s, Holm %s, %d seeds",
                        Estimates.said((Double) table.value(i, "alpha")),
                        Estimates.said((Double) table.value(i, "control_alpha")),
                        Estimates.said((Double) table.value(i, "difference")),
                        Estimates.percent(options.level()),
                        Estimates.interval(
                                (Double) table.value(i, "difference_low"),
                                (Double) table.value(i, "difference_high")),
                        Estimates.p((Double) table.value(i, "p_holm")),
                        (Long) table.value(i, "pairs"));
        String says =
                switch (verdict) {
                    case "intensified" -> "pruning intensified the distortion of recalls";
                    case "softened" -> "pruning softened the distortion of recalls";
                    default ->
                            "pruning changed the distortion of recalls by less than "
                                    + Estimates.said(options.alphaMargin());
                };
        readings.add(Analysis.sentence(group.inWords() + ": " + says + " (" + numbers + ")"));
    }

    private Table details(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "networks"));
        columns.add(Column.number("alpha_median", "median alpha"));
        columns.add(Column.number("alpha_bootstrap_low", "bootstrap (BCa) interval of mean alpha"));
        columns.add(Column.number("alpha_bootstrap_high", "upper end of it"));
        columns.addAll(
                Estimates.columns(
                        "alpha_log",
                        "alpha on the log scale, geometric, where all are above 0",
                        Column.Kind.NUMBER));
        columns.add(Column.number("alpha_ols", "mean slope of least squares with intercept"));
        columns.add(Column.number("intercept", "mean intercept of that line"));
        columns.add(Column.share("r2", "mean share of variance that it explains"));
        columns.addAll(
                Estimates.columns(
                        "corrected",
                        "alpha corrected for test sampling in x, an upper end",
                        Column.Kind.NUMBER));
        columns.addAll(
                Estimates.columns("proportional", "proportional-error alpha", Column.Kind.NUMBER));
        columns.addAll(
                Estimates.columns(
                        "to_proportional",
                        "alpha over proportional-error alpha",
                        Column.Kind.NUMBER));
        columns.addAll(
                Estimates.columns(
                        "control_x",
                        "alpha with the control as x, which has no null of 1",
                        Column.Kind.NUMBER));
        columns.add(Column.number("spreads", "mean ratio of spreads of balances to the control's"));
        columns.add(
                Column.number("correlation", "mean correlation of balances with the control's"));
        Lines lines =
                new Lines(
                        "recall_details",
                        "What stands behind alpha",
                        Population.keyColumns(options.by()),
                        columns);
        for (Group group : groups) {
            double[] alphas = group.values(RecallQuestion::alpha);
            if (alphas.length == 0) {
                continue;
            }
            Lines.Line line = lines.line(group.keys());
            line.put("n", alphas.length).put("alpha_median", Estimates.median(alphas));
            Estimates.putBootstrap(
                    line, "alpha_bootstrap", alphas, options.level(), options.seed());
            if (Arrays.stream(alphas).allMatch(a -> a > 0)) {
                double[] logs = Arrays.stream(alphas).map(Math::log).toArray();
                line.put("alpha_log", Math.exp(Estimates.mean(logs)));
                if (logs.length > 1) {
                    MeanTest test = MeanTest.one(logs, 0, options.level());
                    line.put("alpha_log_low", Math.exp(test.low()))
                            .put("alpha_log_high", Math.exp(test.high()));
                }
            }
            List<CellResult> usable =
                    group.completed().stream().filter(RecallQuestion::usable).toList();
            List<RecallDistortion> all = usable.stream().map(RecallQuestion::distortion).toList();
            line.put("alpha_ols", mean(all, RecallDistortion::alphaOls))
                    .put("intercept", mean(all, RecallDistortion::intercept))
                    .put("r2", mean(all, RecallDistortion::r2));
            double[] corrected =
                    group.values(
                            c ->
                                    usable(c)
                                            ? corrected(
                                                    c.dense().recalls(), c.fineTuned().recalls())
                                            : Double.NaN);
            if (corrected.length < alphas.length) {
                notes.at(
                        Caveat.Kind.UNDEFINED,
                        "test sampling alone explains the spread of the dense recalls, so alpha has no correction",
                        Text.of(
                                "%s (%d of %d)",
                                group.inWords(), alphas.length - corrected.length, alphas.length));
            }
            Estimates.put(line, "corrected", corrected, options.level());
            double[] proportional = group.values(RecallQuestion::proportional);
            Estimates.put(line, "proportional", proportional, options.level());
            Estimates.put(
                    line,
                    "to_proportional",
                    group.values(c -> alpha(c) / proportional(c)),
                    options.level());
            if (!group.isReference()) {
                Estimates.put(
                        line, "control_x", group.values(c -> onControl(c)[0]), options.level());
                line.put("spreads", Estimates.mean(group.values(c -> onControl(c)[1])))
                        .put("correlation", Estimates.mean(group.values(c -> onControl(c)[2])));
            }
        }
        return lines.table();
    }

    private static double mean(List<RecallDistortion> all, ToDoubleFunction<RecallDistortion> of) {
        return Estimates.mean(Group.finite(all.stream().mapToDouble(of)));
    }

    /** Slope through the origin, ratio of spreads and correlation, the control's balances as x. */
    private double[] onControl(CellResult c) {
        CellResult control = population.reference(c);
        if (control == null || !usable(c) || !control.fineTuned().hasBalances()) {
            return new double[] {Double.NaN, Double.NaN, Double.NaN};
        }
        double[] x = control.fineTuned().recalls().normalisedBalance();
        double[] y = c.fineTuned().recalls().normalisedBalance();
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isNaN(x[i])) {
                xx += x[i] * x[i];
                yy += y[i] * y[i];
                xy += x[i] * y[i];
            }
        }
        return new double[] {xy / xx, Math.sqrt(yy / xx), xy / Math.sqrt(xx * yy)};
    }

    private Table perClass(List<Group> groups) {
        List<Column> keys = new ArrayList<>(Population.keyColumns(options.by()));
        keys.add(Column.count("class", "test class, from 0"));
        Lines lines =
                new Lines(
                        "recall_classes",
                        "Class by class",
                        keys,
                        List.of(
                                Column.count("n", "networks"),
                                Column.share("recall_dense", "mean recall of the dense networks"),
                                Column.share("recall", "mean recall at the end"),
                                Column.number(
                                        "balance_dense", "mean balance of the dense networks"),
                                Column.number("balance", "mean balance at the end"),
                                Column.number(
                                        "intensification",
                                        "mean balance at the end over mean balance before: its class-level ratio; never the mean of ratios"),
                                Column.number(
                                        "gap",
                                        "mean of the recall lost less the accuracy lost, (R_d - R) - (A_d - A)")));
        for (Group group : groups) {
            List<CellResult> usable =
                    group.completed().stream().filter(RecallQuestion::usable).toList();
            if (usable.isEmpty()
                    || usable.stream().map(c -> c.dense().recalls().classes()).distinct().count()
                            > 1) {
                continue;
            }
            int classes = usable.get(0).dense().recalls().classes();
            for (int c = 0; c < classes; c++) {
                int k = c;
                double dense = meanOf(usable, m -> m.dense().recalls().normalisedBalance()[k]);
                double end = meanOf(usable, m -> m.fineTuned().recalls().normalisedBalance()[k]);
                List<Object> at = new ArrayList<>(group.keys());
                at.add((long) c);
                lines.line(at)
                        .put("n", usable.size())
                        .put("recall_dense", meanOf(usable, m -> m.dense().recalls().recall(k)))
                        .put("recall", meanOf(usable, m -> m.fineTuned().recalls().recall(k)))
                        .put("balance_dense", dense)
                        .put("balance", end)
                        .put("intensification", dense == 0 ? Double.NaN : end / dense)
                        .put("gap", meanOf(usable, m -> gap(m, k)));
            }
        }
        return lines.table();
    }

    private static double meanOf(List<CellResult> cells, ToDoubleFunction<CellResult> of) {
        return Estimates.mean(Group.finite(cells.stream().mapToDouble(of)));
    }

    private static double gap(CellResult m, int k) {
        return m.dense().recalls().recall(k)
                - m.fineTuned().recalls().recall(k)
                - (m.dense().accuracy() - m.fineTuned().accuracy());
    }

    /** The poster's scatter: all classes of all networks in one regression. */
    private Table pooled(List<Group> groups) {
        Lines lines =
                new Lines(
                        "recall_pooled",
                        "One regression over all classes of all networks, as the poster has it",
                        Population.keyColumns(options.by()),
                        List.of(
                                Column.count("n", "networks"),
                                Column.count("points", "classes of networks"),
                                Column.number("slope", "least squares, with intercept"),
                                Column.number("intercept", "of that line"),
                                Column.share("r2", "share of variance that it explains"),
                                Column.share("accuracy", "mean test accuracy at the end")));
        for (Group group : groups) {
            SimpleRegression line = new SimpleRegression();
            List<CellResult> usable =
                    group.completed().stream().filter(RecallQuestion::usable).toList();
            for (CellResult c : usable) {
                double[] x = c.dense().recalls().normalisedBalance();
                double[] y = c.fineTuned().recalls().normalisedBalance();
                for (int k = 0; k < x.length; k++) {
                    if (!Double.isNaN(x[k])) {
                        line.addData(x[k], y[k]);
                    }
                }
            }
            if (!usable.isEmpty()) {
                lines.line(group.keys())
                        .put("n", usable.size())
                        .put("points", line.getN())
                        .put("slope", line.getSlope())
                        .put("intercept", line.getIntercept())
                        .put("r2", line.getRSquare())
                        .put("accuracy", meanOf(usable, c -> c.fineTuned().accuracy()));
            }
        }
        return lines.table();
    }

    private Table methods(List<Group> groups) {
        return Analysis.methodPairs(
                new Analysis.PairsTable(
                        "recall_methods",
                        "Method against method at one ratio: alpha",
                        "alpha of the first less that of the second",
                        options.alphaMargin()),
                groups,
                RecallQuestion::alpha,
                options,
                notes,
                families,
                (a, b, table, i) -> {
                    Double p = (Double) table.value(i, "p_holm");
                    if (p != null && p <= options.alpha()) {
                        double d = (Double) table.value(i, "difference");
                        Group less = d < 0 ? a : b;
                        Group more = d < 0 ? b : a;
                        double low = (Double) table.value(i, "difference_low");
                        double high = (Double) table.value(i, "difference_high");
                        readings.add(
                                Analysis.sentence(
                                        Text.of(
                                                "%s distorts recall less than %s at %s, %s: alpha %s against %s, %s interval of the difference %s, Holm %s, %d seeds",
                                                less.method(),
                                                more.method(),
                                                a.ratioText(),
                                                a.settingText(),
                                                Estimates.said(
                                                        Estimates.mean(
                                                                less.values(
                                                                        RecallQuestion::alpha))),
                                                Estimates.said(
                                                        Estimates.mean(
                                                                more.values(
                                                                        RecallQuestion::alpha))),
                                                Estimates.percent(options.level()),
                                                d < 0
                                                        ? Estimates.interval(low, high)
                                                        : Estimates.interval(-high, -low),
                                                Estimates.p(p),
                                                (Long) table.value(i, "pairs"))));
                    }
                });
    }

    /** Halvings of what is left: log2 of 1 / density; NaN where nothing or all is pruned. */
    static double halvings(CellResult c) {
        double ratio = c.condition().ratio();
        double left = c.condition().ratioKind().equals("compression") ? 1 / ratio : 1 - ratio;
        return left > 0 && left < 1 ? -Math.log(left) / Math.log(2) : Double.NaN;
    }

    private Table trends(List<Group> groups) {
        List<Column> keys = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "seeds with at least two ratios"));
        columns.addAll(
                Estimates.columns(
                        "slope",
                        "the change of alpha for each halving of the weights, one slope a seed",
                        Column.Kind.NUMBER));
        columns.add(Column.probability("p", "t test of no slope"));
        columns.add(Column.probability("p_holm", "corrected by Holm over this table"));
        columns.add(Column.probability("p_bh", "corrected by Benjamini and Hochberg").inFiles());
        keys.add(Column.text("group", "what is looked at"));
        keys.add(Column.text("method", "pruning method"));
        Lines lines = new Lines("recall_trends", "How alpha changes with the ratio", keys, columns);
        Map<List<Object>, List<Group>> lists =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        g -> List.<Object>of(g.settingText(), g.method()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        lists.forEach(
                (key, members) -> {
                    Map<Object, SimpleRegression> bySeed = new LinkedHashMap<>();
                    Map<Object, java.util.Set<Double>> ratios = new LinkedHashMap<>();
                    for (Group group : members) {
                        for (CellResult c : group.completed()) {
                            double alpha = alpha(c);
                            double at = halvings(c);
                            if (Double.isFinite(alpha) && Double.isFinite(at)) {
                                Object unit = List.of(c.condition().setting(), c.seed());
                                bySeed.computeIfAbsent(unit, u -> new SimpleRegression())
                                        .addData(at, alpha);
                                ratios.computeIfAbsent(unit, u -> new java.util.HashSet<>())
                                        .add(at);
                            }
                        }
                    }
                    double[] slopes =
                            bySeed.entrySet().stream()
                                    .filter(e -> ratios.get(e.getKey()).size() > 1)
                                    .mapToDouble(e -> e.getValue().getSlope())
                                    .toArray();
                    if (slopes.length > 0) {
                        Lines.Line line = lines.line(key);
                        line.put("n", slopes.length);
                        Estimates.put(line, "slope", slopes, options.level());
                        if (slopes.length > 1) {
                            line.put("p", MeanTest.one(slopes, 0, options.level()).p());
                        }
                    }
                });
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("recall: trends over the ratio", tests);
        }
        return lines.table();
    }

    /** Over settings: alpha against the size of networks, and against the dense error. */
    private Table settings(List<Group> groups) {
        Lines lines =
                new Lines(
                        "recall_settings",
                        "Across settings: size of the network, difficulty of the task",
                        List.of(
                                Column.text("method", "pruning method"),
                                Column.text("ratio", "how much is pruned")),
                        List.of(
                                Column.count("settings", "settings, each with its mean alpha"),
                                Column.number("size_rho", "Spearman: alpha and prunable weights"),
                                Column.probability("size_p", "of no correlation"),
                                Column.number("error_rho", "Spearman: alpha and dense test error"),
                                Column.probability("error_p", "of no correlation")));
        Map<List<Object>, List<Group>> lists =
                new TreeMap<>(java.util.Comparator.comparing(Object::toString));
        for (Group g : groups) {
            if (!g.isControl() && g.values(RecallQuestion::alpha).length > 0) {
                lists.computeIfAbsent(List.of(g.method(), g.ratioText()), k -> new ArrayList<>())
                        .add(g);
            }
        }
        lists.forEach(
                (key, members) -> {
                    if (members.size() < 4) {
                        return;
                    }
                    double[] alpha =
                            array(members, g -> Estimates.mean(g.values(RecallQuestion::alpha)));
                    double[] size = array(members, g -> g.values(CellResult::weights)[0]);
                    double[] error =
                            array(
                                    members,
                                    g ->
                                            1
                                                    - meanOf(
                                                            g.completed().stream()
                                                                    .filter(RecallQuestion::usable)
                                                                    .toList(),
                                                            c -> c.dense().accuracy()));
                    Lines.Line line = lines.line(key).put("settings", members.size());
                    if (Estimates.varies(size) && Estimates.varies(alpha)) {
                        Correlation rho = Correlation.spearman(size, alpha, options.level());
                        line.put("size_rho", rho.value()).put("size_p", rho.p());
                    }
                    if (Estimates.varies(error) && Estimates.varies(alpha)) {
                        Correlation rho = Correlation.spearman(error, alpha, options.level());
                        line.put("error_rho", rho.value()).put("error_p", rho.p());
                    }
                });
        if (lines.isEmpty()) {
            notes.say(
                    Caveat.Kind.NOT_MEASURED,
                    "fewer than four settings share a method and a ratio, so nothing is said of size and difficulty");
        }
        return lines.table();
    }

    private static double[] array(List<Group> groups, ToDoubleFunction<Group> of) {
        return groups.stream().mapToDouble(of).toArray();
    }

    private Table harm(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "networks"));
        columns.addAll(
                Estimates.columns(
                        "worst_recall", "the recall of the worst class", Column.Kind.SHARE));
        columns.add(Column.share("worst_recall_dense", "mean of that of the dense networks"));
        columns.addAll(
                Estimates.columns(
                        "largest_gap",
                        "the largest loss of a class beyond that of the whole",
                        Column.Kind.NUMBER));
        columns.addAll(
                Estimates.columns(
                        "calibration_error", "the expected calibration error", Column.Kind.AMOUNT));
        columns.add(Column.number("calibration_error_dense", "mean of that of the dense networks"));
        columns.addAll(
                Pairs.columns(
                        "recall of the worst class less that of the control",
                        options.accuracyMargin()));
        Lines lines =
                new Lines(
                        "harm",
                        "Harm beyond recall distortion",
                        Population.keyColumns(options.by()),
                        columns);
        for (Group group : groups) {
            List<CellResult> done =
                    group.completed().stream()
                            .filter(c -> c.fineTuned().recalls() != null)
                            .toList();
            if (done.isEmpty()) {
                continue;
            }
            Lines.Line line = lines.line(group.keys());
            line.put("n", done.size());
            Estimates.put(
                    line, "worst_recall", group.values(c -> worst(c.fineTuned())), options.level());
            line.put(
                    "worst_recall_dense",
                    meanOf(done, c -> c.dense() == null ? Double.NaN : worst(c.dense())));
            Estimates.put(
                    line, "largest_gap", group.values(RecallQuestion::largestGap), options.level());
            Estimates.put(
                    line,
                    "calibration_error",
                    group.values(c -> c.fineTuned().calibrationError()),
                    options.level());
            line.put(
                    "calibration_error_dense",
                    meanOf(
                            done,
                            c -> c.dense() == null ? Double.NaN : c.dense().calibrationError()));
            if (!group.isReference()) {
                againstControl(group, c -> worst(c.fineTuned()))
                        .put(line, options, options.accuracyMargin());
            }
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("recall: worst class against the unpruned control", tests);
        }
        return lines.table();
    }

    private static double worst(TestedNetwork network) {
        ClassRecalls recalls = network.recalls();
        double worst = Double.NaN;
        for (int c = 0; c < recalls.classes(); c++) {
            double r = recalls.recall(c);
            worst = Double.isNaN(worst) || r < worst ? r : worst;
        }
        return worst;
    }

    private static double largestGap(CellResult c) {
        if (c.dense() == null || c.dense().recalls() == null) {
            return Double.NaN;
        }
        double largest = Double.NaN;
        for (int k = 0; k < c.dense().recalls().classes(); k++) {
            double gap = gap(c, k);
            largest = Double.isNaN(largest) || gap > largest ? gap : largest;
        }
        return largest;
    }
}
