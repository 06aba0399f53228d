// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.FiledRow;
import org.espalier.results.text.Text;

/**
 * The cells of one condition over their seeds, and one number of each paper:
 *
 * <ul>
 *   <li>alpha of the fine-tuned network against its own dense one, the intensification ratio of
 *       Good et al. 2022 (arXiv:2206.02976);
 *   <li>alpha of the fine-tuned network against the control of the same seed, fine-tuned as long
 *       but not pruned: what pruning adds to further training (not in the paper);
 *   <li>instability, the share of the accuracy that a pruning costs before any further training,
 *       the mean over the cell's prunings (Bartoldson et al. 2020, arXiv:1906.03728);
 *   <li>test loss just after pruning (Ballini et al. 2026, arXiv:2602.20467).
 * </ul>
 *
 * An interval is empty where no seed has a value: alpha and instability of a regression, alpha
 * against a control that was not run, alpha of a network that is never right.
 *
 * @param failed cells of the condition that failed; they count nowhere else
 * @param dense test accuracy, or loss for a regression, of the network that was pruned
 * @param pruned the same just after pruning
 * @param fineTuned the same at the end of fine-tuning, not of its best epoch
 * @param alphaMinusControl paired over seeds, alpha against dense less that of the control
 */
public record ConditionSummary(
        Key key,
        int completed,
        int failed,
        Optional<MeanInterval> dense,
        Optional<MeanInterval> pruned,
        Optional<MeanInterval> fineTuned,
        Optional<MeanInterval> alphaAgainstDense,
        Optional<MeanInterval> alphaAgainstControl,
        Optional<PairedDifference> alphaMinusControl,
        Optional<MeanInterval> instability,
        Optional<MeanInterval> justPrunedLoss) {

    /** Level of all intervals; the one of Good et al. 2022. */
    public static final double LEVEL = 0.99;

    private static final Set<String> INTERVENTIONS = Set.of("prune", "zero", "gauss");

    /**
     * What the cells of a condition have in common. Recipes are told apart by their settings too,
     * since a folder may hold an older recipe of the same name; data sets by what their bits are,
     * and arithmetic by its versions.
     *
     * @param control kind of control; empty where something is pruned
     */
    public record Key(
            String recipe,
            String recipeSettings,
            String schedule,
            String numerics,
            String science,
            String architecture,
            String dataset,
            String fingerprint,
            double noise,
            String task,
            String method,
            String methodSettings,
            String control,
            String ratioKind,
            double ratio) {

        private static Key of(CellRow row) {
            CellRow.Condition c = row.condition();
            return new Key(
                    c.recipe(),
                    c.recipeSettings(),
                    c.schedule(),
                    row.identity().numerics(),
                    row.identity().science(),
                    c.architecture(),
                    c.dataset(),
                    c.datasetFingerprint(),
                    c.noise(),
                    row.task(),
                    c.method(),
                    c.methodSettings() == null ? "" : c.methodSettings(),
                    c.control() == null ? "" : c.control(),
                    c.ratioKind(),
                    c.ratio());
        }

        /** The schedule with its settings, {@code lottery(level-ratio=0.2,...)}. */
        public String scheduleText() {
            int from = recipeSettings.indexOf("schedule=");
            int to = recipeSettings.indexOf(" fine-tune=[");
            return from < 0 || to < from
                    ? schedule
                    : recipeSettings.substring(from + "schedule=".length(), to);
        }

        /** Whether nothing is pruned. */
        public boolean isControl() {
            return method.equals(Cell.CONTROL);
        }

        /** Whether this is the control that pruned networks are compared with. */
        public boolean isReference() {
            return control.equals(Text.word(Control.FINE_TUNED));
        }

        /** Everything but method and ratio: conditions that share it are compared. */
        public Key setting() {
            return new Key(
                    recipe,
                    recipeSettings,
                    schedule,
                    numerics,
                    science,
                    architecture,
                    dataset,
                    fingerprint,
                    noise,
                    task,
                    "",
                    "",
                    "",
                    "",
                    0);
        }
    }

    /**
     * The summaries of {@link #of}, each setting's together, in their order.
     *
     * @throws DuplicateRowsException if two rows are of one condition and seed
     */
    public static Map<Key, List<ConditionSummary>> bySetting(Collection<FiledRow> rows) {
        Map<Key, List<ConditionSummary>> settings = new LinkedHashMap<>();
        for (ConditionSummary summary : of(rows)) {
            settings.computeIfAbsent(summary.key().setting(), k -> new ArrayList<>()).add(summary);
        }
        return settings;
    }

    /**
     * Summaries of all conditions: settings in the order of the rows, controls first.
     *
     * @throws DuplicateRowsException if two rows are of one condition and seed
     */
    public static List<ConditionSummary> of(Collection<FiledRow> rows) {
        Map<Key, Map<Key, SortedMap<Long, FiledRow>>> settings = new LinkedHashMap<>();
        for (FiledRow filed : rows) {
            Key key = Key.of(filed.row());
            FiledRow before =
                    settings.computeIfAbsent(key.setting(), k -> new LinkedHashMap<>())
                            .computeIfAbsent(key, k -> new TreeMap<>())
                            .putIfAbsent(filed.row().seed(), filed);
            if (before != null) {
                throw new DuplicateRowsException(before, filed);
            }
        }
        List<ConditionSummary> summaries = new ArrayList<>();
        for (Map<Key, SortedMap<Long, FiledRow>> setting : settings.values()) {
            SortedMap<Long, CellRow> controls = new TreeMap<>();
            setting.forEach(
                    (key, cells) -> {
                        if (key.isReference()) {
                            controls.putAll(completed(cells));
                        }
                    });
            List<ConditionSummary> made = new ArrayList<>();
            setting.forEach((key, cells) -> made.add(of(key, cells, controls)));
            made.sort(
                    Comparator.comparing((ConditionSummary s) -> !s.key().isReference())
                            .thenComparing(s -> !s.key().isControl())
                            .thenComparing(s -> s.key().control())
                            .thenComparing(s -> s.key().method())
                            .thenComparing(s -> s.key().methodSettings())
                            .thenComparing(s -> s.key().ratioKind())
                            .thenComparingDouble(s -> s.key().ratio()));
            summaries.addAll(made);
        }
        return summaries;
    }

    private static ConditionSummary of(
            Key key, SortedMap<Long, FiledRow> cells, SortedMap<Long, CellRow> controls) {
        SortedMap<Long, CellRow> bySeed = completed(cells);
        SortedMap<Long, Double> alphas =
                values(bySeed, r -> alpha(r.dense().test(), r.fineTuned().test()));
        SortedMap<Long, Double> controlAlphas =
                values(controls, r -> alpha(r.dense().test(), r.fineTuned().test()));
        SortedMap<Long, Double> againstControl =
                values(
                        bySeed,
                        r ->
                                key.isReference() || !controls.containsKey(r.seed())
                                        ? null
                                        : alpha(
                                                controls.get(r.seed()).fineTuned().test(),
                                                r.fineTuned().test()));
        boolean paired =
                !key.isReference() && alphas.keySet().stream().anyMatch(controlAlphas::containsKey);
        return new ConditionSummary(
                key,
                bySeed.size(),
                cells.size() - bySeed.size(),
                interval(values(bySeed, r -> metric(r.dense().test()))),
                interval(values(bySeed, r -> metric(r.pruned().test()))),
                interval(values(bySeed, r -> metric(r.fineTuned().test()))),
                interval(alphas),
                interval(againstControl),
                paired
                        ? Optional.of(PairedDifference.of(alphas, controlAlphas, LEVEL))
                        : Optional.empty(),
                interval(values(bySeed, ConditionSummary::instability)),
                interval(values(bySeed, r -> r.pruned().test().loss())));
    }

    /**
     * Mean over a cell's events, as Bartoldson et al. 2020 average, of those that prune or lay
     * noise over weights; null where none has one. A borrowed mask is put on a network that is not
     * trained yet, and is none of them.
     */
    private static Double instability(CellRow row) {
        OptionalDouble mean =
                row.events().stream()
                        .filter(e -> INTERVENTIONS.contains(e.kind()) && e.instability() != null)
                        .mapToDouble(CellRow.Event::instability)
                        .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    private static SortedMap<Long, CellRow> completed(SortedMap<Long, FiledRow> cells) {
        SortedMap<Long, CellRow> completed = new TreeMap<>();
        cells.forEach(
                (seed, filed) -> {
                    if (filed.row().status() == CellRow.Status.COMPLETED) {
                        completed.put(seed, filed.row());
                    }
                });
        return completed;
    }

    private static Double metric(Measures measures) {
        return measures.accuracy() == null ? (Double) measures.loss() : measures.accuracy();
    }

    private static Double alpha(Measures x, Measures y) {
        if (x.accuracy() == null || x.accuracy() == 0 || y.accuracy() == 0) {
            return null;
        }
        return RecallDistortion.between(ClassRecalls.of(x), ClassRecalls.of(y)).alphaOrigin();
    }

    /** Finite values by seed; a seed without one is left out. */
    private static SortedMap<Long, Double> values(
            SortedMap<Long, CellRow> rows, Function<CellRow, Double> of) {
        SortedMap<Long, Double> values = new TreeMap<>();
        rows.forEach(
                (seed, row) -> {
                    Double value = of.apply(row);
                    if (value != null && Double.isFinite(value)) {
                        values.put(seed, value);
                    }
                });
        return values;
    }

    private static Optional<MeanInterval> interval(SortedMap<Long, Double> values) {
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        MeanInterval.of(
                                values.values().stream().mapToDouble(v -> v).toArray(), LEVEL));
    }
}
