// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.experiments.inference.AlmostStochasticOrder;
import org.espalier.experiments.inference.BayesianSignedRank;
import org.espalier.experiments.inference.Friedman;
import org.espalier.experiments.inference.Power;
import org.espalier.experiments.inference.Scores;
import org.espalier.results.text.Text;

/**
 * Which method keeps most of the accuracy, over data sets, ratios and seeds: aggregates with
 * stratified bootstrap (Agarwal et al. 2021, Deep Reinforcement Learning at the Edge of the
 * Statistical Precipice, arXiv:2108.13264), ranks (Demsar 2006), and how many more seeds would
 * decide.
 */
final class MethodsQuestion {
    private static final int FEWEST_SETTINGS = 5;
    private static final int FEWEST_SEEDS = 5;
    private static final int MOST_SEEDS = 10_000;
    private static final double POWER = 0.8;
    private static final double ROPE = 0.01;
    private final Population population;
    private final AnalysisOptions options;
    private final Notes notes = new Notes();
    private final List<String> readings = new ArrayList<>();
    private final Map<String, Integer> families = new LinkedHashMap<>();

    MethodsQuestion(Population population, AnalysisOptions options) {
        this.population = population;
        this.options = options;
    }

    Answer answer() {
        List<Group> groups = population.groups(AnalysisOptions.DEFAULT.by());
        Analysis.tellFailures(groups, notes);
        Map<String, List<Group>> byRatio =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        Group::ratioText, LinkedHashMap::new, Collectors.toList()));
        Lines aggregates = aggregates();
        Lines profiles = profiles();
        Lines improvement = improvement();
        Lines ranks = ranks();
        Lines nemenyi = nemenyi();
        Lines power = power();
        byRatio.forEach(
                (ratio, members) -> {
                    compare(ratio, members, aggregates, profiles, improvement);
                    rank(ratio, members, ranks, nemenyi);
                });
        if (byRatio.size() > 1) {
            overRatios(byRatio, aggregates, profiles, improvement);
        }
        powers(groups, power);
        int tests = Pairs.adjust(nemenyi);
        if (tests > 0) {
            families.put("methods: Nemenyi, all pairs at all ratios", tests);
        }
        return new Answer(
                Question.METHODS,
                List.of(
                        aggregates.table(),
                        profiles.table(),
                        improvement.table(),
                        ranks.table(),
                        nemenyi.table(),
                        power.table()),
                readings,
                notes.caveats(),
                families,
                List.of(
                        "The score of a run is its final test accuracy over that of the unpruned control of its seed (of its dense network where there is no control); of a regression the control's loss over its loss. A task is a setting; over all ratios, a setting and a ratio.",
                        "The interquartile mean is that of all scores of all tasks; intervals come from resampling the seeds of each task. The probability of improvement is that of a random run of the one method above one of the other on the same task, ties half, the mean over tasks.",
                        "Friedman's test ranks the methods in blocks: settings, by the means of their seeds, where there are five and more, else seeds of settings, which are less independent than the test assumes. Two methods differ by Nemenyi where their mean ranks are further apart than the critical difference.",
                        Text.of(
                                "The Bayesian signed-rank test has a region of practical equivalence of %s of the score. Almost stochastic order: below 0.2 (at confidence 0.95) the first method is as good as the second at nearly every quantile.",
                                Estimates.said(ROPE)),
                        Text.of(
                                "Power: pairs of seeds with which the paired t test at %s would find the difference seen with probability %s, were it the true one.",
                                Estimates.said(options.alpha()), Estimates.said(POWER))));
    }

    /** Score of a run; NaN where there is nothing to relate it to. */
    double score(CellResult c) {
        CellResult control = population.reference(c);
        TestedNetwork other = control == null ? c.dense() : control.fineTuned();
        if (other == null || c.fineTuned() == null) {
            return Double.NaN;
        }
        if (control == null) {
            notes.at(
                    Caveat.Kind.NO_CONTROL,
                    "no unpruned control: scores are relative to the dense network",
                    population.settingName(c));
        }
        return c.condition().task().equals(Analysis.CLASSIFICATION)
                ? c.fineTuned().accuracy() / other.accuracy()
                : other.loss() / c.fineTuned().loss();
    }

    private static final Column RATIO =
            Column.text("ratio", "how much is pruned; all of them together");
    private static final Column METHOD = Column.text("method", "pruning method");
    private static final Column OTHER = Column.text("other", "the second method");

    private static Lines aggregates() {
        return new Lines(
                "methods",
                "Scores relative to the unpruned network",
                List.of(RATIO, METHOD),
                List.of(
                        Column.count("tasks", "settings, or settings and ratios"),
                        Column.count("runs", "scores"),
                        Column.number("iqm", "interquartile mean of the scores"),
                        Column.number("iqm_low", "lower end of its interval, seeds resampled"),
                        Column.number("iqm_high", "upper end of it"),
                        Column.number("mean", "mean of the scores"),
                        Column.number("mean_low", "lower end of its interval, seeds resampled"),
                        Column.number("mean_high", "upper end of it")));
    }

    private static Lines profiles() {
        return new Lines(
                "methods_profiles",
                "Performance profiles: share of runs above a score",
                List.of(RATIO, METHOD, Column.number("threshold", "score")),
                List.of(Column.share("share", "of the runs, tasks weighted alike")));
    }

    private static Lines improvement() {
        return new Lines(
                "methods_improvement",
                "Method against method over all tasks",
                List.of(RATIO, METHOD, OTHER),
                List.of(
                        Column.count("tasks", "that both have"),
                        Column.share("improvement", "probability that the first is better"),
                        Column.share("improvement_low", "lower end of its interval"),
                        Column.share("improvement_high", "upper end of it"),
                        Column.count("blocks", "pairs of runs"),
                        Column.share("first_better", "Bayesian signed rank: first better"),
                        Column.share("equivalent", "in the region of practical equivalence"),
                        Column.share("second_better", "second better"),
                        Column.number(
                                "aso", "almost stochastic order: violation, first over second"),
                        Column.number("aso_upper", "its upper bound at confidence 0.95")));
    }

    private static Lines ranks() {
        return new Lines(
                "methods_ranks",
                "Mean ranks at each ratio (Friedman)",
                List.of(RATIO, METHOD),
                List.of(
                        Column.text("block", "what is a block: setting or seed"),
                        Column.count("blocks", "number of them"),
                        Column.number("rank", "mean rank, 1 is best"),
                        Column.number("critical_difference", "of mean ranks, Nemenyi, level 0.05"),
                        Column.number("chi_squared", "Friedman's statistic"),
                        Column.probability("p", "of it: all methods rank alike"),
                        Column.probability("p_f", "Iman and Davenport's approximation")));
    }

    private static Lines nemenyi() {
        return new Lines(
                "methods_nemenyi",
                "Pairs of methods by their ranks",
                List.of(RATIO, METHOD, OTHER),
                List.of(
                        Column.number("rank_difference", "of the mean ranks, first less second"),
                        Column.probability("p", "Nemenyi, all pairs of this ratio"),
                        Column.probability("p_holm", "corrected by Holm over the ratios too"),
                        Column.probability("p_bh", "by Benjamini and Hochberg").inFiles()));
    }

    private static Lines power() {
        return new Lines(
                "power",
                "Seeds that would decide",
                List.of(
                        Column.text("setting", "where"),
                        Column.text("ratio", "how much is pruned"),
                        METHOD,
                        OTHER),
                List.of(
                        Column.count("pairs", "seeds that both have"),
                        Column.number("difference", "of final accuracy (or less the loss)"),
                        Column.number("d", "difference over the standard deviation of differences"),
                        Column.share("power", "of as many seeds, were that the true difference"),
                        Column.text("matters", "yes where the difference is at least the margin"),
                        Column.count("needed", "seeds for power 0.8"),
                        Column.count("more", "seeds to add")));
    }

    private Map<String, Map<Object, double[]>> scores(List<Group> groups) {
        Map<String, Map<Object, double[]>> methods = new LinkedHashMap<>();
        for (Group g : groups) {
            double[] scores = g.values(this::score);
            if (scores.length > 0) {
                methods.computeIfAbsent(g.method(), m -> new LinkedHashMap<>())
                        .put(g.about(), scores);
            }
        }
        return methods;
    }

    private void compare(
            String ratio, List<Group> groups, Lines aggregates, Lines profiles, Lines improvement) {
        Map<String, Map<Object, double[]>> methods = scores(groups);
        Set<Object> shared = sharedTasks(methods);
        Set<Object> all = new LinkedHashSet<>();
        methods.values().forEach(m -> all.addAll(m.keySet()));
        if (shared.size() < all.size() && methods.size() > 1) {
            notes.at(
                    Caveat.Kind.MISSING_PAIRS,
                    "tasks that not every method has are left out, so that all are scored on the same",
                    Text.of("%s (%d of %d)", ratio, all.size() - shared.size(), all.size()));
        }
        if (shared.isEmpty()) {
            return;
        }
        Map<String, Scores> scored = new LinkedHashMap<>();
        methods.forEach(
                (name, tasks) ->
                        scored.put(name, new Scores(shared.stream().map(tasks::get).toList())));
        scored.forEach(
                (name, scores) -> {
                    Scores.Interval iqm =
                            scores.interquartileInterval(options.level(), options.seed());
                    Scores.Interval mean =
                            scores.interval(Scores::mean, options.level(), options.seed());
                    Lines.Line line =
                            aggregates
                                    .line(List.of(ratio, name))
                                    .put("tasks", shared.size())
                                    .put(
                                            "runs",
                                            scores.tasks().stream().mapToInt(t -> t.length).sum())
                                    .put("iqm", scores.interquartileMean())
                                    .put("mean", scores.mean());
                    if (scores.tasks().stream().anyMatch(t -> t.length > 1)) {
                        line.put("iqm_low", iqm.low())
                                .put("iqm_high", iqm.high())
                                .put("mean_low", mean.low())
                                .put("mean_high", mean.high());
                    } else {
                        notes.at(
                                Caveat.Kind.ONE_SEED,
                                "one seed in every task: nothing to resample, no interval",
                                name + " at " + ratio);
                    }
                });
        profile(ratio, scored, profiles);
        List<String> names = List.copyOf(scored.keySet());
        List<String[]> pairs = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                pairs.add(new String[] {names.get(i), names.get(j)});
            }
        }
        List<ToCompare> inputs = new ArrayList<>();
        for (String[] pair : pairs) {
            List<CellResult> xs = ofMethod(groups, pair[0]);
            List<CellResult> ys = ofMethod(groups, pair[1]);
            inputs.add(
                    new ToCompare(
                            scored.get(pair[0]),
                            scored.get(pair[1]),
                            Pairs.of(xs, ys, this::score).differences(),
                            Group.finite(xs.stream().mapToDouble(this::score)),
                            Group.finite(ys.stream().mapToDouble(this::score))));
        }
        List<Compared> compared = // each draws from its own stream
                inputs.parallelStream().map(this::compared).toList();
        for (int i = 0; i < pairs.size(); i++) {
            String[] pair = pairs.get(i);
            improve(
                    ratio,
                    pair[0],
                    pair[1],
                    scored.get(pair[0]),
                    scored.get(pair[1]),
                    compared.get(i),
                    improvement);
        }
    }

    private static Set<Object> sharedTasks(Map<String, Map<Object, double[]>> methods) {
        Set<Object> shared = new LinkedHashSet<>();
        methods.values().stream().findFirst().ifPresent(m -> shared.addAll(m.keySet()));
        methods.values().forEach(m -> shared.retainAll(m.keySet()));
        return shared;
    }

    private static void profile(String ratio, Map<String, Scores> scored, Lines profiles) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Scores s : scored.values()) {
            for (double[] task : s.tasks()) {
                for (double v : task) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        int steps = 50;
        for (var e : scored.entrySet()) {
            for (int i = 0; i <= steps; i++) {
                double threshold = low + (high - low) * i / steps;
                profiles.line(List.of(ratio, e.getKey(), threshold))
                        .put("share", e.getValue().shareAbove(threshold));
            }
        }
    }

    /** What takes long of a comparison of two methods; null where there is too little for it. */
    private record Compared(
            Scores.Interval interval,
            int blocks,
            BayesianSignedRank bayes,
            AlmostStochasticOrder order) {}

    private record ToCompare(Scores a, Scores b, double[] differences, double[] x, double[] y) {}

    private Compared compared(ToCompare of) {
        boolean ordered =
                of.x.length > 1
                        && of.y.length > 1
                        && (Estimates.varies(of.x) || Estimates.varies(of.y));
        return new Compared(
                of.a.improvementInterval(of.b, options.level(), options.seed()),
                of.differences.length,
                of.differences.length > 0
                        ? BayesianSignedRank.of(of.differences, ROPE, options.seed())
                        : null,
                ordered ? AlmostStochasticOrder.of(of.x, of.y, 0.95, options.seed()) : null);
    }

    private void improve(
            String ratio,
            String first,
            String second,
            Scores a,
            Scores b,
            Compared compared,
            Lines improvement) {
        Scores.Interval interval = compared.interval;
        Lines.Line line =
                improvement
                        .line(List.of(ratio, first, second))
                        .put("tasks", a.tasks().size())
                        .put("improvement", a.probabilityOfImprovement(b));
        boolean several = a.tasks().stream().anyMatch(t -> t.length > 1);
        if (several) {
            line.put("improvement_low", interval.low()).put("improvement_high", interval.high());
        }
        line.put("blocks", compared.blocks);
        if (compared.bayes != null) {
            line.put("first_better", compared.bayes.right())
                    .put("equivalent", compared.bayes.rope())
                    .put("second_better", compared.bayes.left());
        }
        if (compared.order != null) {
            line.put("aso", compared.order.violation()).put("aso_upper", compared.order.upper());
        }
        boolean enough =
                a.tasks().stream().allMatch(t -> t.length >= FEWEST_SEEDS)
                        && b.tasks().stream().allMatch(t -> t.length >= FEWEST_SEEDS);
        if (several && !enough) {
            notes.say(
                    Caveat.Kind.FEW_SEEDS,
                    Text.of(
                            "tasks of fewer than %d seeds: intervals from resampling seeds are narrower than they say, and no sentence is read from them",
                            FEWEST_SEEDS));
        }
        if (enough && (interval.low() > 0.5 || interval.high() < 0.5)) {
            boolean firstBetter = interval.low() > 0.5;
            readings.add(
                    Analysis.sentence(
                            Text.of(
                                    "at %s a run of %s is above one of %s with probability %s, %s interval %s, %d %s",
                                    ratio,
                                    firstBetter ? first : second,
                                    firstBetter ? second : first,
                                    Estimates.said(
                                            firstBetter
                                                    ? a.probabilityOfImprovement(b)
                                                    : 1 - a.probabilityOfImprovement(b)),
                                    Estimates.percent(options.level()),
                                    firstBetter
                                            ? Estimates.interval(interval.low(), interval.high())
                                            : Estimates.interval(
                                                    1 - interval.high(), 1 - interval.low()),
                                    a.tasks().size(),
                                    a.tasks().size() == 1 ? "task" : "tasks")));
        }
    }

    private static List<CellResult> ofMethod(List<Group> groups, String method) {
        return groups.stream()
                .filter(g -> g.method().equals(method))
                .flatMap(g -> g.completed().stream())
                .toList();
    }

    /** All ratios together: each setting and ratio is a task. */
    private void overRatios(
            Map<String, List<Group>> byRatio, Lines aggregates, Lines profiles, Lines improvement) {
        List<Group> all = byRatio.values().stream().flatMap(List::stream).toList();
        compare("all", all, aggregates, profiles, improvement);
    }

    private void rank(String ratio, List<Group> groups, Lines ranks, Lines nemenyi) {
        Map<String, List<Group>> methods =
                groups.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Group::method, LinkedHashMap::new, Collectors.toList()));
        if (methods.size() < 2) {
            notes.say(Caveat.Kind.NOT_MEASURED, "one method at a ratio: nothing to rank");
            return;
        }
        List<String> names = List.copyOf(methods.keySet());
        List<Group> joined = names.stream().map(name -> join(methods.get(name))).toList();
        Blocks blocks = Blocks.of(joined, this::score);
        double[][] settings = blocks.bySetting();
        boolean bySetting = settings.length >= FEWEST_SETTINGS;
        double[][] values = bySetting ? settings : blocks.values();
        if (values.length < 2) {
            notes.at(
                    Caveat.Kind.FEW_SEEDS,
                    "fewer than two blocks that every method has: no ranks",
                    ratio);
            return;
        }
        if (!bySetting) {
            notes.say(
                    Caveat.Kind.FEW_SEEDS,
                    "fewer than five settings: blocks of Friedman's test are seeds, and what it says holds for these settings alone");
        }
        if (Arrays.stream(values)
                .anyMatch(row -> Arrays.stream(row).distinct().count() < row.length)) {
            notes.at(Caveat.Kind.TIES, "equal scores in a block: ranks at their mean", ratio);
        }
        Friedman friedman = Friedman.of(values, Friedman.Better.HIGHER);
        double critical = friedman.criticalDifference(0.05);
        for (int i = 0; i < names.size(); i++) {
            ranks.line(List.of(ratio, names.get(i)))
                    .put("block", bySetting ? "setting" : "seed")
                    .put("blocks", friedman.blocks())
                    .put("rank", friedman.meanRanks().get(i))
                    .put("critical_difference", critical)
                    .put("chi_squared", friedman.chiSquared())
                    .put("p", friedman.p())
                    .put("p_f", friedman.fP());
            for (int j = i + 1; j < names.size(); j++) {
                nemenyi.line(List.of(ratio, names.get(i), names.get(j)))
                        .put(
                                "rank_difference",
                                friedman.meanRanks().get(i) - friedman.meanRanks().get(j))
                        .put("p", friedman.nemenyi().get(i).get(j));
            }
        }
    }

    private static Group join(List<Group> groups) {
        Group first = groups.get(0);
        return new Group(
                first.keys(),
                first.about(),
                first.within(),
                first.first(),
                first.method(),
                groups.stream().flatMap(g -> g.cells().stream()).toList());
    }

    private void powers(List<Group> groups, Lines power) {
        Map<List<Object>, List<Group>> alike =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        Group::about, LinkedHashMap::new, Collectors.toList()));
        for (List<Group> members : alike.values()) {
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    Group a = members.get(i);
                    Group b = members.get(j);
                    Pairs pairs = Pairs.of(a.completed(), b.completed(), Analysis::quality);
                    if (pairs.n() < 2) {
                        continue;
                    }
                    double[] differences = pairs.differences();
                    double mean = Estimates.mean(differences);
                    double deviation = Estimates.deviation(differences);
                    Lines.Line line =
                            power.line(
                                            List.of(
                                                    a.settingText(),
                                                    a.ratioText(),
                                                    a.method(),
                                                    b.method()))
                                    .put("pairs", pairs.n())
                                    .put("difference", mean);
                    if (!Estimates.varies(differences)) {
                        continue;
                    }
                    double d = mean / deviation;
                    boolean classes = a.first().task().equals(Analysis.CLASSIFICATION);
                    double margin =
                            classes
                                    ? options.accuracyMargin()
                                    : options.lossMargin() * Math.abs(Estimates.mean(pairs.y()));
                    line.put("matters", Math.abs(mean) >= margin ? "yes" : "no");
                    line.put("d", d).put("power", Power.paired(pairs.n(), d, options.alpha()));
                    OptionalInt needed = Power.pairs(d, options.alpha(), POWER, MOST_SEEDS);
                    if (needed.isPresent()) {
                        line.put("needed", needed.getAsInt())
                                .put("more", Math.max(0, needed.getAsInt() - pairs.n()));
                    }
                }
            }
        }
    }
}
