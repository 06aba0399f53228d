// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.espalier.results.text.Text;

/**
 * What pruning costs in test loss, right after it and after fine-tuning (Ballini et al. 2026,
 * arXiv:2602.20467), who keeps it lowest, and how much can be pruned within a tolerance of the
 * dense network (prune potential: Liebenwein et al. 2021, Lost in Pruning, arXiv:2103.03014).
 */
final class CompensationQuestion {
    private final Population population;
    private final AnalysisOptions options;
    private final Notes notes = new Notes();
    private final List<String> readings = new ArrayList<>();
    private final Map<String, Integer> families = new LinkedHashMap<>();

    CompensationQuestion(Population population, AnalysisOptions options) {
        this.population = population;
        this.options = options;
    }

    private static double lossOf(TestedNetwork network) {
        return network == null ? Double.NaN : network.loss();
    }

    private static double before(CellResult c) {
        return lossOf(c.pruned());
    }

    private static double after(CellResult c) {
        return lossOf(c.fineTuned());
    }

    Answer answer() {
        notes.all(population.averagedOver(options.by()));
        List<Group> groups = population.groups(options.by());
        Analysis.tellFailures(groups, notes);
        List<Table> tables = new ArrayList<>();
        tables.add(losses(groups));
        tables.add(ranks(groups));
        tables.add(potential(groups));
        tables.add(
                Analysis.methodPairs(
                        new Analysis.PairsTable(
                                "compensation_methods",
                                "Method against method at one ratio: test loss after fine-tuning",
                                "test loss of the first less that of the second",
                                options.lossMargin()),
                        groups,
                        CompensationQuestion::after,
                        options,
                        notes,
                        families,
                        this::read));
        return new Answer(
                Question.COMPENSATION,
                tables,
                readings,
                notes.caveats(),
                families,
                List.of(
                        "Test losses are means over samples; bands are t intervals over seeds. Clean is against targets without the noise that was laid on them.",
                        "Ranks are among the methods at one ratio and seed, ties at their mean; a win is the lowest loss, shared where it is tied.",
                        Text.of(
                                "The prune potential of a seed is the largest ratio up to which no smaller one does worse than the dense network by more than %s of accuracy, or %s of the loss of a regression.",
                                Estimates.said(options.accuracyMargin()),
                                Estimates.percent(options.lossMargin()))));
    }

    private void read(Group a, Group b, Table table, int i) {
        Double p = (Double) table.value(i, "p_holm");
        if (p == null || p > options.alpha()) {
            return;
        }
        double d = (Double) table.value(i, "difference");
        double low = (Double) table.value(i, "difference_low");
        double high = (Double) table.value(i, "difference_high");
        Group less = d < 0 ? a : b;
        Group more = d < 0 ? b : a;
        readings.add(
                Analysis.sentence(
                        Text.of(
                                "%s ends with a lower test loss than %s at %s, %s: %s against %s, %s interval of the difference %s, Holm %s, %d seeds",
                                less.method(),
                                more.method(),
                                a.ratioText(),
                                a.settingText(),
                                Estimates.said(
                                        Estimates.mean(less.values(CompensationQuestion::after))),
                                Estimates.said(
                                        Estimates.mean(more.values(CompensationQuestion::after))),
                                Estimates.percent(options.level()),
                                d < 0
                                        ? Estimates.interval(low, high)
                                        : Estimates.interval(-high, -low),
                                Estimates.p(p),
                                (Long) table.value(i, "pairs"))));
    }

    private Table losses(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "networks"));
        columns.add(Column.count("failed", "cells that failed"));
        columns.add(Column.number("dense", "mean test loss of the dense networks"));
        columns.addAll(
                Estimates.columns("pruned", "test loss right after pruning", Column.Kind.AMOUNT));
        columns.addAll(
                Estimates.columns("fine_tuned", "test loss after fine-tuning", Column.Kind.AMOUNT));
        columns.add(Column.number("control", "mean test loss of the unpruned controls"));
        columns.add(Column.number("dense_clean", "as dense, on targets without noise"));
        columns.add(Column.number("pruned_clean", "as pruned, on targets without noise"));
        columns.add(Column.number("fine_tuned_clean", "as fine_tuned, on targets without noise"));
        Lines lines =
                new Lines(
                        "compensation",
                        "Test loss before and after fine-tuning",
                        Population.keyColumns(options.by()),
                        columns);
        for (Group group : groups) {
            Lines.Line line = lines.line(group.keys());
            double[] after = group.values(CompensationQuestion::after);
            line.put("n", after.length)
                    .put("failed", group.failed())
                    .put("dense", Estimates.mean(group.values(c -> lossOf(c.dense()))));
            Estimates.put(
                    line, "pruned", group.values(CompensationQuestion::before), options.level());
            Estimates.put(line, "fine_tuned", after, options.level());
            line.put("control", Estimates.mean(group.values(this::control)))
                    .put("dense_clean", Estimates.mean(group.values(c -> clean(c, c.dense()))))
                    .put("pruned_clean", Estimates.mean(group.values(c -> clean(c, c.pruned()))))
                    .put(
                            "fine_tuned_clean",
                            Estimates.mean(group.values(c -> clean(c, c.fineTuned()))));
            if (after.length == 1) {
                notes.at(Caveat.Kind.ONE_SEED, "one network: no interval", group.inWords());
            }
            if (!group.isControl()
                    && !population.cells().isEmpty()
                    && group.values(this::control).length == 0
                    && after.length > 0) {
                notes.at(
                        Caveat.Kind.NO_CONTROL,
                        "no unpruned control of the same seed: that fine-tuning brings the loss below the dense one may be the further training alone",
                        group.inWords());
            }
        }
        return lines.table();
    }

    private double control(CellResult c) {
        CellResult control = population.reference(c);
        return control == null ? Double.NaN : after(control);
    }

    /** Loss on clean targets, where the noisy ones are others. */
    private static double clean(CellResult c, TestedNetwork network) {
        return network == null || c.condition().noise() == 0 ? Double.NaN : network.cleanLoss();
    }

    /** Ranks within a ratio and seed. */
    private Table ranks(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("methods", "methods that are ranked"));
        columns.add(Column.count("n", "seeds in which all of them completed"));
        for (String moment : List.of("pruned", "fine_tuned")) {
            columns.add(
                    Column.number(
                            "rank_" + moment, "mean rank of the loss " + moment + ", 1 is best"));
            columns.add(Column.share("wins_" + moment, "share of seeds with the lowest loss"));
        }
        Lines lines =
                new Lines(
                        "compensation_ranks",
                        "Ranks and wins at each ratio",
                        Population.keyColumns(options.by()),
                        columns);
        if (!options.by().contains(Axis.METHOD)) {
            return lines.table();
        }
        Map<List<Object>, List<Group>> alike =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        Group::about, LinkedHashMap::new, Collectors.toList()));
        for (List<Group> members : alike.values()) {
            if (members.size() < 2) {
                continue;
            }
            Blocks before = Blocks.of(members, CompensationQuestion::before);
            Blocks after = Blocks.of(members, CompensationQuestion::after);
            if (after.dropped() > 0) {
                notes.at(
                        Caveat.Kind.MISSING_PAIRS,
                        "seeds that not every method has are in no rank",
                        Text.of(
                                "%s at %s (%d)",
                                members.get(0).settingText(),
                                members.get(0).ratioText(),
                                after.dropped()));
            }
            for (int m = 0; m < members.size(); m++) {
                Lines.Line line = lines.line(members.get(m).keys());
                line.put("methods", members.size()).put("n", after.values().length);
                if (before.values().length > 0) {
                    line.put("rank_pruned", before.meanRank(m)).put("wins_pruned", before.wins(m));
                }
                if (after.values().length > 0) {
                    line.put("rank_fine_tuned", after.meanRank(m))
                            .put("wins_fine_tuned", after.wins(m));
                }
            }
        }
        return lines.table();
    }

    private Table potential(List<Group> groups) {
        List<Column> keys = new ArrayList<>();
        keys.add(Column.text("group", "setting, or what is left of it"));
        keys.add(Column.text("method", "pruning method"));
        Lines lines =
                new Lines(
                        "prune_potential",
                        "Largest ratio within the tolerance of the dense network",
                        keys,
                        List.of(
                                Column.text("ratio_kind", "what ratios are"),
                                Column.count("n", "seeds"),
                                Column.number(
                                        "mean",
                                        "mean over seeds; 0, or 1 times, where none is within"),
                                Column.number("least", "lowest of a seed"),
                                Column.number("most", "highest of a seed"),
                                Column.count(
                                        "at_end",
                                        "seeds that are within at the largest ratio there is")));
        Map<List<Object>, List<Group>> lists =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        g ->
                                                List.<Object>of(
                                                        g.settingText(),
                                                        g.method(),
                                                        g.first().ratioKind()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        lists.forEach(
                (key, members) -> {
                    Map<Object, TreeMap<Double, Boolean>> seeds = new LinkedHashMap<>();
                    for (Group g : members) {
                        for (CellResult c : g.completed()) {
                            if (c.dense() != null && c.fineTuned() != null) {
                                seeds.computeIfAbsent(
                                                List.of(c.condition().setting(), c.seed()),
                                                s -> new TreeMap<>(Comparator.naturalOrder()))
                                        .merge(
                                                c.condition().ratio(),
                                                within(c),
                                                Boolean::logicalAnd);
                            }
                        }
                    }
                    double none = key.get(2).equals("compression") ? 1 : 0;
                    List<Double> largest = new ArrayList<>();
                    int atEnd = 0;
                    for (TreeMap<Double, Boolean> ratios : seeds.values()) {
                        double last = none;
                        boolean all = true;
                        for (var e : ratios.entrySet()) {
                            all &= e.getValue();
                            if (all) {
                                last = e.getKey();
                            }
                        }
                        largest.add(last);
                        atEnd += all ? 1 : 0;
                    }
                    if (largest.isEmpty()) {
                        return;
                    }
                    double[] values = largest.stream().mapToDouble(v -> v).toArray();
                    lines.line(key.subList(0, 2))
                            .put("ratio_kind", key.get(2))
                            .put("n", values.length)
                            .put("mean", Estimates.mean(values))
                            .put("least", java.util.Arrays.stream(values).min().orElseThrow())
                            .put("most", java.util.Arrays.stream(values).max().orElseThrow())
                            .put("at_end", atEnd);
                });
        return lines.table();
    }

    private boolean within(CellResult c) {
        if (c.condition().task().equals(Analysis.CLASSIFICATION)) {
            return c.fineTuned().accuracy() >= c.dense().accuracy() - options.accuracyMargin();
        }
        return c.fineTuned().loss() <= c.dense().loss() * (1 + options.lossMargin());
    }
}
