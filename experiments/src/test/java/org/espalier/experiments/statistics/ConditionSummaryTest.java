// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.PruningEvent;
import org.espalier.results.CellRow.Status;
import org.junit.jupiter.api.Test;

class ConditionSummaryTest {
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
        List<CellRow> rows =
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
        Measures loss = new Measures(100, 0.25, null, List.of(), List.of(), List.of());
        CellRow row =
                row(
                        condition("magnitude", 0.5, "{}", "uniform"),
                        1,
                        new Evaluation(loss, loss, loss),
                        new Evaluation(loss, loss, loss),
                        null);

        ConditionSummary summary = ConditionSummary.of(List.of(row)).get(0);

        assertThat(summary.key().task()).isEqualTo("regression");
        assertThat(summary.dense().orElseThrow().mean()).isEqualTo(0.25);
        assertThat(summary.alphaAgainstDense()).isEmpty();
        assertThat(summary.instability()).isEmpty();
    }

    /** A folder that was extended by a changed recipe of the same name holds both. */
    @Test
    void recipesOfOneNameAreToldApartByTheirSettings() {
        Evaluation dense = new Evaluation(DENSE, DENSE, null);
        List<CellRow> rows = new ArrayList<>();
        for (String settings : new String[] {"{\"epochs\":1}", "{\"epochs\":2}"}) {
            rows.add(row(condition("magnitude", 0.5, settings, "symmetric"), 1, dense, dense, 0.1));
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

    /** Two classes of a hundred samples. */
    private static Measures classes(double loss, long first, long second) {
        return new Measures(
                200,
                loss,
                (first + second) / 200.0,
                List.of(100L, 100L),
                List.of(first, second),
                List.of());
    }

    private static Condition condition(
            String method, double ratio, String recipeSettings, String noiseKind) {
        return new Condition(
                "net",
                "digits",
                0,
                noiseKind,
                method,
                "{}",
                "pruning-ratio",
                ratio,
                "one-shot",
                "default",
                recipeSettings);
    }

    private static CellRow row(
            String method, double ratio, long seed, Measures fineTuned, Double instability) {
        return row(
                condition(method, ratio, "{}", "symmetric"),
                seed,
                new Evaluation(DENSE, DENSE, null),
                new Evaluation(fineTuned, fineTuned, null),
                instability);
    }

    private static CellRow row(
            Condition condition,
            long seed,
            Evaluation dense,
            Evaluation after,
            Double instability) {
        List<PruningEvent> events =
                instability == null
                        ? List.of()
                        : List.of(
                                new PruningEvent(
                                        1,
                                        0.5,
                                        1,
                                        1,
                                        null,
                                        null,
                                        0,
                                        0,
                                        null,
                                        null,
                                        instability,
                                        null));
        return row(condition, seed, Status.COMPLETED, dense, after, events, null);
    }

    private static CellRow failed(String method, double ratio, long seed) {
        return row(
                condition(method, ratio, "{}", "symmetric"),
                seed,
                Status.FAILED,
                null,
                null,
                List.of(),
                new Failure("BUG", "s", "c", "m", "st", "h", "id"));
    }

    private static CellRow row(
            Condition condition,
            long seed,
            Status status,
            Evaluation dense,
            Evaluation after,
            List<PruningEvent> events,
            Failure failure) {
        return new CellRow(
                1,
                condition.method() + condition.ratio() + seed,
                "sweep",
                status,
                1,
                condition,
                seed,
                "some",
                "some-1",
                "trunk",
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                dense,
                after,
                after,
                null,
                null,
                List.of(),
                events,
                List.of(),
                null,
                null,
                failure);
    }
}
