// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.run.TinySweep.Ran;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Status;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which rows whole sweeps come to, and what is in them. */
@Timeout(120)
class SweepRowsTest {
    @TempDir Path folder;

    /**
     * Controls of recipes that differ in what they prune alone are one network and a row for each
     * recipe, so that what is pruned by either has its control: 2 recipes x 3 seeds x (control +
     * 1).
     */
    @Test
    void recipesThatDifferInScopeHaveTheirControlsEach() throws Exception {
        TinySweep tiny = new TinySweep(folder);
        Ran ran =
                tiny.run(
                        """
                        name: scopes
                        grid:
                          recipe: [whole, by-layer]
                          architecture: mlp-8
                          dataset: tiny
                          pruning-ratio: [0, 0.5]
                          method: [magnitude]
                          seed: 1..3
                        recipes:
                          whole:
                            scope: global
                            dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
                            fine-tune: {epochs: 1}
                          by-layer:
                            scope: layer-wise
                            dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
                            fine-tune: {epochs: 1}
                        """,
                        tiny.options("scopes"));
        Collection<CellRow> rows = tiny.rows("scopes").values();

        assertThat(ran.result()).isEqualTo(new SweepRun.Result(12, 0));
        assertThat(rows).hasSize(12);
        assertThat(ran.trainings()).isEqualTo(3);
        assertThat(rows.stream().filter(r -> r.condition().control() != null))
                .extracting(r -> r.condition().scope() + " " + r.seed())
                .containsExactlyInAnyOrder(
                        "global 1",
                        "global 2",
                        "global 3",
                        "layer-wise 1",
                        "layer-wise 2",
                        "layer-wise 3");
        for (long seed = 1; seed <= 3; seed++) {
            long of = seed;
            assertThat(
                            rows.stream()
                                    .filter(r -> r.condition().control() != null && r.seed() == of)
                                    .map(CellRow::fineTuned)
                                    .distinct())
                    .hasSize(1);
        }

        List<ConditionSummary> pruned =
                ConditionSummary.of(
                                ResultsFolder.read(
                                        new org.apache.hadoop.fs.Path(
                                                folder.resolve("scopes").toUri()),
                                        new Configuration()))
                        .stream()
                        .filter(s -> !s.key().isControl())
                        .toList();
        assertThat(pruned).extracting(s -> s.key().recipe()).containsOnly("whole", "by-layer");
        assertThat(pruned)
                .hasSize(2)
                .allSatisfy(
                        s -> {
                            assertThat(s.alphaAgainstControl()).isPresent();
                            assertThat(s.alphaMinusControl().orElseThrow().unpaired()).isEmpty();
                        });
    }

    /** Kinds of control start from one trunk; the one that was trained as long never left it. */
    @Test
    void controlsAreThreeNetworksOfOneTrunk() throws Exception {
        TinySweep tiny = new TinySweep(folder);
        Ran ran =
                tiny.run(
                        """
                        name: controls
                        grid:
                          architecture: mlp-8
                          dataset: tiny
                          pruning-ratio: [0, 0.5]
                          method: [magnitude]
                          controls: [fine-tuned, trained-as-long, other-order]
                          seed: 1
                        recipe:
                          dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
                          fine-tune: {epochs: 2}
                        """,
                        tiny.options("controls"));
        Collection<CellRow> rows = tiny.rows("controls").values();
        List<CellRow> controls =
                rows.stream().filter(r -> r.condition().control() != null).toList();

        assertThat(ran.trainings()).isEqualTo(1);
        assertThat(rows).hasSize(4).allMatch(r -> r.status() == Status.COMPLETED);
        assertThat(rows.stream().map(r -> r.identity().trunk()).distinct()).hasSize(1);
        assertThat(controls)
                .extracting(r -> r.condition().control())
                .containsExactlyInAnyOrder("fine-tuned", "trained-as-long", "other-order");
        assertThat(controls.stream().map(CellRow::dense).distinct()).hasSize(1);
        assertThat(controls.stream().map(r -> r.fineTuned().test()).distinct()).hasSize(3);
        assertThat(controls)
                .allSatisfy(
                        r ->
                                assertThat(r.curve())
                                        .extracting(CurvePoint::phase)
                                        .hasSize(4)
                                        .startsWith("dense", "dense")
                                        .endsWith(
                                                r.condition().control().equals("trained-as-long")
                                                        ? "dense"
                                                        : "fine-tune"));
        assertThat(controls)
                .filteredOn(r -> r.condition().control().equals("other-order"))
                .allSatisfy(r -> assertThat(r.seeds().fineTuneOrder()).isEqualTo(-1 - r.seed()));
    }

    /**
     * The second epoch of fine-tuning diverges; everything before it is there, as in the rows of
     * the same cells whose fine-tuning ends after the first.
     */
    @Test
    void aCellWhoseFineTuningDivergesKeepsWhatItHadMeasured() throws Exception {
        TinySweep tiny = new TinySweep(folder);
        String sweep =
                """
                name: diverging
                grid:
                  architecture: mlp-8
                  dataset: tiny
                  pruning-ratio: [0, 0.3, 0.5]
                  method: [magnitude, random]
                  seed: 1..2
                recipe:
                  validation: 0.2
                  dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
                  fine-tune: {optimizer: sgd, learning-rate: 0.01, epochs: 2, learning-rate-steps: [1], learning-rate-factor: 1e29}
                """;
        String tame =
                sweep.replace(
                        "epochs: 2, learning-rate-steps: [1], learning-rate-factor: 1e29}",
                        "epochs: 1}");
        Ran ran = tiny.run(sweep, tiny.options("diverging"));
        tiny.run(tame, tiny.options("tame"));
        Map<String, CellRow> rows = tiny.rows("diverging");

        assertThat(ran.result()).isEqualTo(new SweepRun.Result(10, 10));
        assertThat(rows.values())
                .hasSize(10)
                .allSatisfy(
                        row -> {
                            CellRow whole = twin(row, tiny.rows("tame").values());
                            assertThat(row.failure().reason()).isEqualTo("DIVERGED");
                            assertThat(row.failure().host()).isNotNull();
                            assertThat(row.fineTuned()).isNull();
                            assertThat(row.dense()).isNotNull().isEqualTo(whole.dense());
                            assertThat(row.pruned()).isNotNull().isEqualTo(whole.pruned());
                            assertThat(row.events()).isEqualTo(whole.events());
                            assertThat(row.sparsity()).isEqualTo(whole.sparsity());
                            assertThat(row.ticket()).isEqualTo(whole.ticket());
                            assertThat(row.curve()).hasSize(3).isEqualTo(whole.curve());
                            assertThat(row.selections()).isEqualTo(whole.selections());
                        });
        assertThat(rows.values().stream().filter(r -> !r.events().isEmpty())).hasSize(8);
    }

    private static CellRow twin(CellRow row, Collection<CellRow> others) {
        return others.stream()
                .filter(o -> o.seed() == row.seed())
                .filter(o -> o.condition().method().equals(row.condition().method()))
                .filter(o -> o.condition().ratio() == row.condition().ratio())
                .findFirst()
                .orElseThrow();
    }
}
