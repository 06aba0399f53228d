// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.SomeCells;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Event;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Identity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Seeds;
import org.espalier.results.CellRow.Status;
import org.espalier.results.CellRow.TrainingSettings;
import org.espalier.results.FiledRow;
import org.junit.jupiter.api.Test;

class ConditionSummaryTest {
    private static final String CLASSES = "classification";
    private static final Measures DENSE = classes(0.5, 90, 70);
    private static final Measures NARROW = classes(0.4, 85, 75);
    private static final Measures WIDE = classes(0.6, 90, 30);

    /**
     * Dense accuracy 0.8, fine-tuned 0.6 with balances (+0.5, -0.5) against (+0.125, -0.125): alpha
     * 4. The control of the seed has accuracy 0.8 and balances (+0.0625, -0.0625), so its own alpha
     * is 0.5, and alpha against it 8.
     */
    @Test
    void givesOneNumberOfEachPaper() {
        List<ConditionSummary> summaries =
                ConditionSummary.of(
                        List.of(
                                row("magnitude", 0.5, 1, WIDE, 0.25),
                                row("control", 0, 1, NARROW, null)));

        assertThat(summaries).extracting(s -> s.key().isControl()).containsExactly(true, false);
        ConditionSummary control = summaries.get(0);
        ConditionSummary pruned = summaries.get(1);
        assertThat(pruned.completed()).isEqualTo(1);
        assertThat(pruned.failed()).isZero();
        assertThat(pruned.dense().orElseThrow().mean()).isEqualTo(0.8);
        assertThat(pruned.pruned().orElseThrow().mean()).isEqualTo(0.6);
        assertThat(pruned.fineTuned().orElseThrow().mean()).isEqualTo(0.6);
        assertThat(pruned.alphaAgainstDense().orElseThrow().mean()).isCloseTo(4, within(1e-12));
        assertThat(pruned.alphaAgainstControl().orElseThrow().mean()).isCloseTo(8, within(1e-12));
        assertThat(pruned.alphaMinusControl().orElseThrow().difference().mean())
                .isCloseTo(3.5, within(1e-12));
        assertThat(pruned.instability().orElseThrow().mean()).isEqualTo(0.25);
        assertThat(pruned.justPrunedLoss().orElseThrow().mean()).isEqualTo(0.6);
        assertThat(control.alphaAgainstDense().orElseThrow().mean()).isCloseTo(0.5, within(1e-12));
        assertThat(control.alphaAgainstControl()).isEmpty();
        assertThat(control.alphaMinusControl()).isEmpty();
        assertThat(control.instability()).isEmpty();
    }

    /** Seed 2 has no control, seed 3 failed: alpha against the control is of seed 1 alone. */
    @Test
    void pairsBySeedAndCountsFailuresApart() {
        List<FiledRow> rows =
                List.of(
                        row("control", 0, 1, NARROW, null),
                        row("control", 0, 3, NARROW, null),
                        row("magnitude", 0.5, 2, WIDE, 0.5),
                        row("magnitude", 0.5, 1, WIDE, 0.25),
                        failed("magnitude", 0.5, 3));

        ConditionSummary pruned = ConditionSummary.of(rows).get(1);

        assertThat(pruned.completed()).isEqualTo(2);
        assertThat(pruned.failed()).isEqualTo(1);
        assertThat(pruned.dense().orElseThrow().n()).isEqualTo(2);
        assertThat(pruned.instability().orElseThrow().mean()).isEqualTo(0.375);
        assertThat(pruned.alphaAgainstControl().orElseThrow().n()).isEqualTo(1);
        PairedDifference paired = pruned.alphaMinusControl().orElseThrow();
        assertThat(paired.difference().n()).isEqualTo(1);
        assertThat(paired.above()).isEqualTo(1);
        assertThat(paired.unpaired()).containsExactly(2L, 3L);
    }

    @Test
    void aFailedControlIsNone() {
        ConditionSummary pruned =
                ConditionSummary.of(
                                List.of(
                                        failed("control", 0, 1),
                                        row("magnitude", 0.5, 1, WIDE, 0.25)))
                        .get(1);

        assertThat(pruned.alphaAgainstDense()).isPresent();
        assertThat(pruned.alphaAgainstControl()).isEmpty();
        assertThat(pruned.alphaMinusControl()).isEmpty();
    }

    @Test
    void onlyFailuresLeaveEveryNumberEmpty() {
        ConditionSummary summary = ConditionSummary.of(List.of(failed("magnitude", 0.5, 1))).get(0);

        assertThat(summary.completed()).isZero();
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(summary.dense()).isEmpty();
        assertThat(summary.justPrunedLoss()).isEmpty();
    }

    @Test
    void aNetworkThatIsNeverRightHasNoAlpha() {
        ConditionSummary summary =
                ConditionSummary.of(List.of(row("magnitude", 0.5, 1, classes(9, 0, 0), 1.0)))
                        .get(0);

        assertThat(summary.alphaAgainstDense()).isEmpty();
        assertThat(summary.fineTuned().orElseThrow().mean()).isZero();
    }

    @Test
    void aRegressionIsSummedUpByItsLoss() {
        Measures loss =
                new Measures(
                        100, 0.25, null, List.of(), List.of(), List.of(), null, List.of(), null,
                        null);
        FiledRow row = row(condition("magnitude", 0.5, "{}"), 1, "regression", loss, loss, null);

        ConditionSummary summary = ConditionSummary.of(List.of(row)).get(0);

        assertThat(summary.key().task()).isEqualTo("regression");
        assertThat(summary.dense().orElseThrow().mean()).isEqualTo(0.25);
        assertThat(summary.alphaAgainstDense()).isEmpty();
        assertThat(summary.instability()).isEmpty();
    }

    /** A folder that was extended by a changed recipe of the same name holds both. */
    @Test
    void recipesOfOneNameAreToldApartByTheirSettings() {
        List<FiledRow> rows = new ArrayList<>();
        for (String settings : new String[] {"{\"epochs\":1}", "{\"epochs\":2}"}) {
            rows.add(row(condition("magnitude", 0.5, settings), 1, CLASSES, DENSE, DENSE, 0.1));
        }

        assertThat(ConditionSummary.of(rows)).hasSize(2).allMatch(s -> s.completed() == 1);
    }

    @Test
    void orderIsControlThenMethodThenRatio() {
        List<ConditionSummary> summaries =
                ConditionSummary.of(
                        List.of(
                                row("random", 0.5, 1, WIDE, 0.1),
                                row("magnitude", 0.9, 1, WIDE, 0.1),
                                row("magnitude", 0.5, 1, WIDE, 0.1),
                                row("control", 0, 1, NARROW, null)));

        assertThat(summaries)
                .extracting(s -> s.key().method() + " " + s.key().ratio())
                .containsExactly("control 0.0", "magnitude 0.5", "magnitude 0.9", "random 0.5");
    }

    /** The share of the dense network that differs is a property of the control's kind. */
    @Test
    void onlyTheFineTunedControlIsComparedWith() {
        List<FiledRow> rows =
                List.of(
                        row("magnitude", 0.5, 1, WIDE, 0.25),
                        row(control("trained-as-long"), 1, WIDE),
                        row(control("other-order"), 1, WIDE),
                        row(control("fine-tuned"), 1, NARROW));

        List<ConditionSummary> summaries = ConditionSummary.of(rows);

        assertThat(summaries)
                .extracting(s -> s.key().method() + s.key().control())
                .containsExactly(
                        "controlfine-tuned",
                        "controlother-order",
                        "controltrained-as-long",
                        "magnitude");
        assertThat(summaries.get(3).alphaAgainstControl().orElseThrow().mean())
                .isCloseTo(8, within(1e-12));
        assertThat(summaries.get(1).alphaAgainstControl().orElseThrow().mean())
                .isCloseTo(8, within(1e-12));
    }

    /** One name of a data set for two contents: neither is the other's control. */
    @Test
    void aChangedDataSetIsAnotherSetting() {
        Condition other = condition("magnitude", null, 0.5, "{}", "digits-2");

        List<ConditionSummary> summaries =
                ConditionSummary.of(
                        List.of(
                                row("control", 0, 1, NARROW, null),
                                row(other, 1, WIDE),
                                row("magnitude", 0.5, 1, WIDE, 0.25)));

        assertThat(summaries)
                .extracting(s -> s.alphaAgainstControl().isPresent())
                .containsExactly(false, true, false);
    }

    @Test
    void twoRowsOfOneConditionAndSeedAreAnErrorThatNamesBoth() {
        FiledRow one = row("magnitude", 0.5, 1, WIDE, 0.25);
        FiledRow two =
                new FiledRow(row("magnitude", 0.5, 1, NARROW, 0.1).row(), "rows-00000002.parquet");

        assertThatThrownBy(() -> ConditionSummary.of(List.of(one, two)))
                .isInstanceOf(DuplicateRowsException.class)
                .hasMessageContaining("rows-00000001.parquet")
                .hasMessageContaining("rows-00000002.parquet")
                .hasMessageContaining("magnitude0.51");
    }

    /** Two classes of a hundred samples. */
    private static Measures classes(double loss, long first, long second) {
        return new Measures(
                200,
                loss,
                (first + second) / 200.0,
                List.of(100L, 100L),
                List.of(first, second),
                List.of(),
                null,
                List.of(),
                null,
                null);
    }

    /**
     * Prunings and noise count, (0.1 + 0.3) / 2; rewinds, borrowed masks and restorations do not.
     */
    @Test
    void instabilityIsTheMeanOverPrunings() {
        Evaluation dense = new Evaluation(DENSE, null, null, null, null, null);
        FiledRow row =
                filed(
                        condition("magnitude", 0.5, "{}"),
                        1,
                        CLASSES,
                        Status.COMPLETED,
                        dense,
                        dense,
                        List.of(
                                event("prune", 0.1),
                                event("rewind", null),
                                event("zero", 0.3),
                                event("borrow", 0.9),
                                event("restore", -0.9)),
                        null);

        assertThat(ConditionSummary.of(List.of(row)).get(0).instability().orElseThrow().mean())
                .isCloseTo(0.2, within(1e-15));
    }

    /** The schedule is read out of the recipe's text as it is written there, with its settings. */
    @Test
    void tellsTheScheduleOfARecipe() {
        ScheduleSettings ramp =
                new ScheduleSettings.Ramp(
                        new ScheduleSettings.Moments(
                                Step.epochs(4), Step.epochs(8), Step.epochs(2)),
                        Map.of(
                                "fc1",
                                new ScheduleSettings.Ramp.OfLayer(
                                        new BigDecimal("0.3"), null, null)));
        for (ScheduleSettings schedule : List.of(new ScheduleSettings.OneShot(), ramp)) {
            String recipe = SomeCells.recipe("r", 8, 1).withSchedule(schedule).canonicalText();
            ConditionSummary.Key key =
                    new ConditionSummary.Key(
                            "r",
                            recipe,
                            schedule.id(),
                            "",
                            "",
                            "",
                            "",
                            "",
                            0,
                            "",
                            "",
                            "",
                            "",
                            "",
                            0);

            assertThat(key.scheduleText()).isEqualTo(schedule.canonicalText());
        }
    }

    private static Condition condition(String method, double ratio, String recipeSettings) {
        String control = method.equals("control") ? "fine-tuned" : null;
        return condition(method, control, ratio, recipeSettings, "digits-1");
    }

    private static Condition control(String kind) {
        return condition("control", kind, 0, "{}", "digits-1");
    }

    private static Condition condition(
            String method,
            String control,
            double ratio,
            String recipeSettings,
            String fingerprint) {
        TrainingSettings training =
                new TrainingSettings(
                        "sgd", 0.1, List.of(), null, null, null, null, null, 0, null, null, 64, 1);
        return new Condition(
                "net",
                null,
                0,
                "digits",
                fingerprint,
                null,
                null,
                null,
                null,
                0,
                null,
                0,
                training,
                training,
                "one-shot",
                null,
                "global",
                "prune",
                "last",
                "fresh",
                method,
                control == null ? "{}" : null,
                control,
                "pruning-ratio",
                ratio,
                "on",
                "none",
                "default",
                recipeSettings,
                method + ratio);
    }

    private static FiledRow row(
            String method, double ratio, long seed, Measures fineTuned, Double instability) {
        return row(condition(method, ratio, "{}"), seed, CLASSES, DENSE, fineTuned, instability);
    }

    private static FiledRow row(Condition condition, long seed, Measures fineTuned) {
        return row(condition, seed, CLASSES, DENSE, fineTuned, null);
    }

    private static FiledRow row(
            Condition condition,
            long seed,
            String task,
            Measures dense,
            Measures after,
            Double instability) {
        List<Event> events = instability == null ? List.of() : List.of(event("prune", instability));
        return filed(
                condition,
                seed,
                task,
                Status.COMPLETED,
                new Evaluation(dense, null, null, null, null, null),
                new Evaluation(after, null, null, null, null, null),
                events,
                null);
    }

    private static Event event(String kind, Double instability) {
        return new Event(
                kind,
                "small",
                "dense",
                1,
                0,
                null,
                0.5,
                1,
                1,
                List.of(),
                null,
                null,
                instability,
                null,
                null,
                null);
    }

    private static FiledRow failed(String method, double ratio, long seed) {
        return filed(
                condition(method, ratio, "{}"),
                seed,
                CLASSES,
                Status.FAILED,
                null,
                null,
                List.of(),
                new Failure("BUG", "s", "c", "m", "st", "h", "id"));
    }

    private static FiledRow filed(
            Condition condition,
            long seed,
            String task,
            Status status,
            Evaluation dense,
            Evaluation after,
            List<Event> events,
            Failure failure) {
        CellRow row =
                new CellRow(
                        2,
                        condition.method() + condition.ratio() + seed,
                        "sweep",
                        status,
                        1,
                        task,
                        condition,
                        seed,
                        new Seeds(seed, seed, seed, seed, seed, seed, seed, seed),
                        new Identity("some", "some-1", null, "trunk", List.of()),
                        null,
                        null,
                        dense,
                        after,
                        after,
                        List.of(),
                        List.of(),
                        List.of(),
                        events,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        failure);
        return new FiledRow(row, "rows-00000001.parquet");
    }
}
