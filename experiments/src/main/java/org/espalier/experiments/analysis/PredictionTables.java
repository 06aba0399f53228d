// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.results.text.Text;

/**
 * What single test samples tell, where a recipe has {@code record: predictions}: churn,
 * pruning-identified exemplars (Hooker et al. 2019, What Do Compressed Deep Neural Networks
 * Forget?, arXiv:1911.05248) and the difference statistic D with its permutation test ({@link
 * BalanceExchange}).
 *
 * <p>An exemplar is a sample whose most frequent class over the seeds' pruned networks is not that
 * over their dense networks; of classes that are equally frequent the lowest counts, which the
 * paper leaves open.
 */
final class PredictionTables {
    /** Two networks have no most frequent class where they differ. */
    private static final int FEWEST_SEEDS = 3;

    private static final int EXCHANGES = 4999;
    private static final int MOST_LEVELS = 31;

    private final Population population;
    private final AnalysisOptions options;
    private final Notes notes;
    private final Map<String, Integer> families;
    private final List<String> readings;

    PredictionTables(
            Population population,
            AnalysisOptions options,
            Notes notes,
            Map<String, Integer> families,
            List<String> readings) {
        this.population = population;
        this.options = options;
        this.notes = notes;
        this.families = families;
        this.readings = readings;
    }

    private static boolean recorded(CellResult c) {
        return c.dense() != null
                && c.dense().predictions() != null
                && c.fineTuned() != null
                && c.fineTuned().predictions() != null;
    }

    private static List<CellResult> recorded(Group group) {
        return group.completed().stream().filter(PredictionTables::recorded).toList();
    }

    /** Both tables; without lines where nothing was recorded. */
    List<Table> tables(List<Group> groups) {
        if (groups.stream().allMatch(g -> recorded(g).isEmpty())) {
            notes.say(
                    Caveat.Kind.NOT_MEASURED,
                    "churn, pruning-identified exemplars and the difference statistic need predictions of single samples, of a recipe with `record: predictions`");
        }
        return List.of(samples(groups), differences(groups));
    }

    private Table samples(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("n", "networks whose predictions were recorded"));
        columns.add(Column.count("samples", "test samples"));
        columns.addAll(
                Estimates.columns(
                        "churn",
                        "the share of samples that the network and its dense network take for different classes",
                        Column.Kind.SHARE));
        columns.add(
                Column.share(
                        "churn_seeds", "the same of two dense networks of different seeds, mean"));
        columns.add(Column.count("seed_pairs", "pairs of such seeds"));
        columns.add(
                Column.share(
                        "churn_control",
                        "the same of the network and the unpruned control of its seed, mean"));
        columns.add(Column.share("exemplars", "pruning-identified exemplars among the samples"));
        columns.add(Column.share("exemplar_accuracy", "mean accuracy on them"));
        columns.add(Column.share("exemplar_accuracy_dense", "that of the dense networks on them"));
        columns.add(Column.share("other_accuracy", "mean accuracy on all other samples"));
        columns.add(Column.share("other_accuracy_dense", "that of the dense networks on them"));
        Lines lines =
                new Lines(
                        "recall_predictions",
                        "Churn and pruning-identified exemplars",
                        Population.keyColumns(options.by()),
                        columns);
        Map<List<Object>, double[]> betweenSeeds = new LinkedHashMap<>();
        for (Group group : groups) {
            List<CellResult> cells = recorded(group);
            if (cells.isEmpty()) {
                continue;
            }
            PredictedClasses first = cells.get(0).fineTuned().predictions();
            if (!cells.stream().allMatch(c -> c.fineTuned().predictions().comparable(first))) {
                notes.at(
                        Caveat.Kind.NOT_MEASURED,
                        "networks with different test samples have no common predictions",
                        group.inWords());
                continue;
            }
            double[] seeds =
                    betweenSeeds.computeIfAbsent(
                            group.within(),
                            k ->
                                    betweenSeeds(
                                            groups.stream()
                                                    .filter(g -> g.within().equals(k))
                                                    .toList()));
            Lines.Line line = lines.line(group.keys());
            line.put("n", cells.size())
                    .put("samples", first.samples())
                    .put("churn_seeds", seeds[0])
                    .put("seed_pairs", Math.round(seeds[1]));
            Estimates.put(
                    line,
                    "churn",
                    cells.stream()
                            .mapToDouble(
                                    c -> c.fineTuned().predictions().churn(c.dense().predictions()))
                            .toArray(),
                    options.level());
            if (!group.isReference()) {
                line.put(
                        "churn_control",
                        Estimates.mean(
                                Group.finite(cells.stream().mapToDouble(this::againstControl))));
            }
            putExemplars(line, group, cells);
        }
        return lines.table();
    }

    private double againstControl(CellResult c) {
        CellResult control = population.reference(c);
        return control == null
                        || !recorded(control)
                        || !control.fineTuned()
                                .predictions()
                                .comparable(c.fineTuned().predictions())
                ? Double.NaN
                : c.fineTuned().predictions().churn(control.fineTuned().predictions());
    }

    /** Mean churn of the dense networks of two seeds, and the number of pairs. */
    private static double[] betweenSeeds(List<Group> groups) {
        Map<Long, PredictedClasses> dense = new TreeMap<>();
        for (Group group : groups) {
            recorded(group).forEach(c -> dense.putIfAbsent(c.seed(), c.dense().predictions()));
        }
        List<PredictedClasses> networks = List.copyOf(dense.values());
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < networks.size(); i++) {
            for (int j = i + 1; j < networks.size(); j++) {
                if (networks.get(i).comparable(networks.get(j))) {
                    sum += networks.get(i).churn(networks.get(j));
                    pairs++;
                }
            }
        }
        return new double[] {sum / pairs, pairs};
    }

    private void putExemplars(Lines.Line line, Group group, List<CellResult> cells) {
        if (cells.stream().map(CellResult::seed).distinct().count() < FEWEST_SEEDS) {
            notes.at(
                    Caveat.Kind.FEW_SEEDS,
                    "pruning-identified exemplars are the most frequent classes of three seeds or more",
                    group.inWords());
            return;
        }
        int[] dense = modes(cells, c -> c.dense().predictions());
        int[] pruned = modes(cells, c -> c.fineTuned().predictions());
        boolean[] exemplar = new boolean[dense.length];
        int count = 0;
        for (int s = 0; s < dense.length; s++) {
            exemplar[s] = dense[s] != pruned[s];
            count += exemplar[s] ? 1 : 0;
        }
        line.put("exemplars", (double) count / dense.length)
                .put(
                        "exemplar_accuracy",
                        accuracy(cells, c -> c.fineTuned().predictions(), exemplar, true))
                .put(
                        "exemplar_accuracy_dense",
                        accuracy(cells, c -> c.dense().predictions(), exemplar, true))
                .put(
                        "other_accuracy",
                        accuracy(cells, c -> c.fineTuned().predictions(), exemplar, false))
                .put(
                        "other_accuracy_dense",
                        accuracy(cells, c -> c.dense().predictions(), exemplar, false));
    }

    /** The most frequent class of each sample, the lowest of equally frequent ones. */
    private static int[] modes(
            List<CellResult> cells, Function<CellResult, PredictedClasses> network) {
        int samples = network.apply(cells.get(0)).samples();
        int[] modes = new int[samples];
        int[] counts = new int[256];
        for (int s = 0; s < samples; s++) {
            Arrays.fill(counts, 0);
            for (CellResult c : cells) {
                counts[network.apply(c).predicted(s)]++;
            }
            for (int k = 1; k < counts.length; k++) {
                modes[s] = counts[k] > counts[modes[s]] ? k : modes[s];
            }
        }
        return modes;
    }

    private static double accuracy(
            List<CellResult> cells,
            Function<CellResult, PredictedClasses> network,
            boolean[] exemplar,
            boolean which) {
        long right = 0;
        long all = 0;
        for (CellResult c : cells) {
            PredictedClasses predictions = network.apply(c);
            for (int s = 0; s < exemplar.length; s++) {
                if (exemplar[s] == which) {
                    all++;
                    right += predictions.right(s) ? 1 : 0;
                }
            }
        }
        return (double) right / all;
    }

    private Table differences(List<Group> groups) {
        List<Column> keys = new ArrayList<>(Population.keyColumns(options.by()));
        keys.add(Column.count("class", "test class, from 0"));
        Lines lines =
                new Lines(
                        "recall_differences",
                        "The difference statistic D of each class, with its permutation test",
                        keys,
                        List.of(
                                Column.count("n", "seeds that have every level"),
                                Column.number(
                                        "d",
                                        "mean of the class's balance less that of the dense network"),
                                Column.probability(
                                        "p",
                                        Text.of(
                                                "a sample's predictions exchanged over the levels %d times, two-sided",
                                                EXCHANGES)),
                                Column.probability("p_holm", "corrected by Holm over this table"),
                                Column.probability(
                                        "p_bh",
                                        "corrected by Benjamini and Hochberg over this table")));
        Map<List<Object>, List<Group>> lists =
                groups.stream()
                        .filter(g -> !recorded(g).isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        g -> List.of(g.within(), g.method()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        List<Group> tested = new ArrayList<>();
        int[] classes = new int[groups.size()];
        for (List<Group> levels : lists.values()) {
            double[][][] found = exchange(levels);
            if (found == null) {
                continue;
            }
            for (int l = 0; l < levels.size(); l++) {
                classes[tested.size()] = found[0][l].length;
                tested.add(levels.get(l));
                for (int c = 0; c < found[0][l].length; c++) {
                    List<Object> at = new ArrayList<>(levels.get(l).keys());
                    at.add((long) c);
                    lines.line(at)
                            .put("n", Math.round(found[2][0][0]))
                            .put("d", found[0][l][c])
                            .put("p", found[1][l][c]);
                }
            }
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("recall: permutation tests of the difference statistic", tests);
            notes.say(
                    Caveat.Kind.MEASURED_RATE,
                    Text.of(
                            "the permutation test of D holds the networks fixed: it speaks of other test samples, not of other seeds, and rejects for an unpruned control too, whose further training moves recalls; with %d exchanges no p is below %s before the correction for %d tests, so Benjamini and Hochberg's decides here and Holm's may not be able to",
                            EXCHANGES, Estimates.said(2.0 / (EXCHANGES + 1)), tests));
        }
        Table table = lines.table();
        read(tested, classes, table);
        return table;
    }

    /** D and p by level and class, and the number of seeds; null where nothing can be exchanged. */
    private double[][][] exchange(List<Group> levels) {
        List<Map<Long, CellResult>> bySeed = new ArrayList<>();
        Set<Long> common = null;
        Set<Long> all = new TreeSet<>();
        for (Group level : levels) {
            List<CellResult> cells = recorded(level);
            Map<Long, CellResult> seeds = new TreeMap<>();
            for (CellResult c : cells) {
                if (seeds.put(c.seed(), c) != null) { // an axis is averaged over
                    return null;
                }
            }
            bySeed.add(seeds);
            all.addAll(seeds.keySet());
            if (common == null) {
                common = new TreeSet<>(seeds.keySet());
            } else {
                common.retainAll(seeds.keySet());
            }
        }
        List<Long> seeds =
                Objects.requireNonNull(common).stream()
                        .filter(
                                seed ->
                                        bySeed.stream()
                                                .map(m -> m.get(seed))
                                                .allMatch(c -> sameNetworks(c, bySeed, seed)))
                        .toList();
        if (seeds.size() < all.size()) {
            notes.at(
                    Caveat.Kind.MISSING_PAIRS,
                    "the difference statistic is of seeds whose networks of all ratios have accuracy above 0, the same dense network and the same test samples",
                    Text.of(
                            "%s, %s (%d of %d)",
                            levels.get(0).method(),
                            levels.get(0).settingText(),
                            seeds.size(),
                            all.size()));
        }
        if (seeds.isEmpty() || levels.size() >= MOST_LEVELS) {
            return null;
        }
        int classes = bySeed.get(0).get(seeds.get(0)).dense().recalls().classes();
        BalanceExchange exchange = new BalanceExchange(classes, levels.size() + 1);
        for (long seed : seeds) {
            List<PredictedClasses> networks = new ArrayList<>();
            networks.add(bySeed.get(0).get(seed).dense().predictions());
            bySeed.forEach(m -> networks.add(m.get(seed).fineTuned().predictions()));
            exchange.add(networks);
        }
        return new double[][][] {
            exchange.statistic(), exchange.p(EXCHANGES, options.seed()), {{(double) seeds.size()}}
        };
    }

    private static boolean sameNetworks(
            CellResult c, List<Map<Long, CellResult>> bySeed, long seed) {
        CellResult first = bySeed.get(0).get(seed);
        return c.trunk().equals(first.trunk())
                && c.dense().accuracy() > 0
                && c.fineTuned().accuracy() > 0
                && c.dense().predictions().comparable(first.dense().predictions())
                && c.fineTuned().predictions().comparable(first.dense().predictions());
    }

    /** One sentence a setting: without the control beside it, it would mislead. */
    private void read(List<Group> tested, int[] classes, Table table) {
        Map<String, List<String>> pruned = new LinkedHashMap<>();
        Map<String, String> control = new LinkedHashMap<>();
        int line = 0;
        for (int g = 0; g < tested.size(); g++) {
            Group group = tested.get(g);
            int moved = 0;
            for (int c = 0; c < classes[g]; c++) {
                Double p = (Double) table.value(line + c, "p_bh");
                moved += p != null && p <= options.alpha() ? 1 : 0;
            }
            line += classes[g];
            String of = Text.of("%d of %d", moved, classes[g]);
            if (group.isReference()) {
                control.put(group.settingText(), of);
            } else if (!group.isControl() && moved > 0) {
                pruned.computeIfAbsent(group.settingText(), k -> new ArrayList<>())
                        .add(Text.of("%s (%s %s)", of, group.method(), group.ratioText()));
            }
        }
        pruned.forEach(
                (setting, moved) ->
                        readings.add(
                                Analysis.sentence(
                                        Text.of(
                                                "%s: balances of %s classes differ from the dense networks' by more than exchanged predictions do (D, Benjamini and Hochberg); %s",
                                                setting,
                                                String.join(", ", moved),
                                                control.containsKey(setting)
                                                        ? "of the unpruned control "
                                                                + control.get(setting)
                                                                + " do, so that is not pruning alone"
                                                        : "there is no unpruned control to set beside it"))));
    }
}
