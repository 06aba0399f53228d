// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.driver.UsageException;
import org.espalier.driver.run.TinySweep.Ran;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Status;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole sweeps on Spark in local mode. The first run's results are what others compare with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SweepRunTest {
    private static final String FIRST = "first";

    private TinySweep tiny;
    private Ran first;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws Exception {
        tiny = new TinySweep(folder);
        first = tiny.run(TinySweep.SWEEP, tiny.options(FIRST));
    }

    @Test
    void everyCellHasItsRowAndEachTrunkTrainsOnce() throws Exception {
        Collection<CellRow> rows = tiny.rows(FIRST).values();

        assertThat(first.result()).isEqualTo(new SweepRun.Result(14, 0));
        assertThat(rows).hasSize(14).allMatch(row -> row.status() == Status.COMPLETED);
        assertThat(first.trainings()).isEqualTo(2);
        assertThat(first.said())
                .contains("14 run now on 2 trunks trained and 0 taken from the store");
        assertThat(rows.stream().map(row -> row.identity().trunk()).distinct()).hasSize(2);
        assertThat(
                        rows.stream()
                                .collect(Collectors.groupingBy(row -> row.identity().trunk()))
                                .values())
                .allMatch(sharing -> sharing.stream().map(CellRow::dense).distinct().count() == 1);
    }

    @Test
    void oneSlotGivesTheSameRows() throws Exception {
        tiny.run(TinySweep.SWEEP, tiny.options("one-slot").master("local[1]"));

        assertThat(tiny.rows("one-slot")).isEqualTo(tiny.rows(FIRST));
    }

    @Test
    void anotherOrderOfCellsGivesTheSameRows() throws Exception {
        String shuffled =
                TinySweep.SWEEP
                        .replace("[0, 0.5, 0.9]", "[0.9, 0, 0.5]")
                        .replace("seed: 1..2", "seed: [2, 1]")
                        .replace(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}, elimination-compensation]",
                                "[elimination-compensation, magnitude, {undecayed: {weight-decay: 5e-4}}]");
        tiny.run(shuffled, tiny.options("shuffled"));

        assertThat(shuffled).isNotEqualTo(TinySweep.SWEEP);
        assertThat(tiny.rows("shuffled")).isEqualTo(tiny.rows(FIRST));
    }

    /** Every schedule: the same rows on one slot, on two, and where cells come in another order. */
    @Test
    void rowsOfSchedulesDoNotDependOnSlotsOrOrder() throws Exception {
        TinySweep.Ran ran = tiny.run(TinySweep.SCHEDULES, tiny.options("schedules"));
        String shuffled =
                TinySweep.SCHEDULES
                        .replace("levels: [0, 1, 2]", "levels: [2, 0, 1]")
                        .replace("method: [magnitude, gradient]", "method: [gradient, magnitude]")
                        .replace(
                                "[random-mask, random-reinitialisation, one-shot-ticket]",
                                "[one-shot-ticket, random-mask, random-reinitialisation]");
        tiny.run(TinySweep.SCHEDULES, tiny.options("schedules-one-slot").master("local[1]"));
        tiny.run(shuffled, tiny.options("schedules-shuffled"));

        Map<String, CellRow> rows = tiny.rows("schedules");
        // 2 schedules by 3 levels, 3 controls of the ticket, 6 schedules by 2 methods
        assertThat(ran.result()).isEqualTo(new SweepRun.Result(6 + 3 + 12, 0));
        assertThat(rows.values()).allMatch(row -> row.status() == Status.COMPLETED);
        assertThat(tiny.rows("schedules-one-slot")).isEqualTo(rows);
        assertThat(tiny.rows("schedules-shuffled")).isEqualTo(rows);
    }

    /** Spark could not start on this master. */
    @Test
    void aFinishedSweepDoesNothingAndStartsNoSpark() throws Exception {
        Map<String, CellRow> before = tiny.rows(FIRST);
        Ran again =
                tiny.run(
                        TinySweep.SWEEP,
                        tiny.options(FIRST)
                                .settings(Map.of("spark.master", "no-master-of-this-name")));

        assertThat(again.result()).isEqualTo(new SweepRun.Result(14, 0));
        assertThat(again.said()).contains("all 14 cells have a row in").contains("nothing to do");
        assertThat(tiny.rows(FIRST)).isEqualTo(before);
    }

    @Test
    void oneMoreMethodTrainsNoTrunk() throws Exception {
        Ran more =
                tiny.run(
                        TinySweep.SWEEP.replace("[magnitude,", "[random, magnitude,"),
                        tiny.options("more-methods").store("store-" + FIRST));

        assertThat(more.trainings()).isZero();
        assertThat(more.said())
                .contains("18 run now on 0 trunks trained and 2 taken from the store");
        Map<String, CellRow> rows = tiny.rows("more-methods");
        assertThat(rows).hasSize(18).containsAllEntriesOf(tiny.rows(FIRST));
    }

    /** Two data of one name, two dense recipes: four trunks, and a line that tells each. */
    @Test
    void linesOfTrunksTellWhatDiffers() throws Exception {
        Ran ran =
                tiny.run(
                        """
                        name: trunks
                        grid:
                          recipe: [short, long]
                          architecture: mlp-4
                          dataset: tiny
                          noise: [0, 0.25]
                          pruning-ratio: 0.5
                          method: [magnitude, random]
                          seed: 1
                        recipes:
                          short: {dense: {batch-size: 64, epochs: 1}, fine-tune: {epochs: 0}}
                          long: {dense: {batch-size: 32, epochs: 1}, fine-tune: {epochs: 0}}
                        """,
                        tiny.options("trunks"));

        assertThat(
                        ran.said()
                                .lines()
                                .filter(line -> line.contains(" trained, "))
                                .map(line -> line.substring(line.indexOf("mlp-4"))))
                .containsExactlyInAnyOrder(
                        "mlp-4 tiny noise=0 recipe=short seed=1",
                        "mlp-4 tiny noise=0 recipe=long seed=1",
                        "mlp-4 tiny noise=0.25 recipe=short seed=1",
                        "mlp-4 tiny noise=0.25 recipe=long seed=1");
    }

    @Test
    void moreEpochsGoOnFromTheTrunkThatIsThere() throws Exception {
        String longer = TinySweep.SWEEP.replace("epochs: 2}", "epochs: 3}");

        Ran continued = tiny.run(longer, tiny.options("continued").store("store-" + FIRST));
        tiny.run(longer, tiny.options("direct"));

        assertThat(continued.trainings()).isEqualTo(2);
        assertThat(continued.said().lines().filter(line -> line.contains(" trained, 1 epoch in")))
                .hasSize(2);
        assertThat(tiny.rows("continued")).isEqualTo(tiny.rows("direct"));
    }

    @Test
    void aChangedSweepIsRefusedOrAdded() throws Exception {
        String small = TinySweep.SWEEP.replace("[0, 0.5, 0.9]", "[0, 0.5]");
        tiny.run(small, tiny.options("changed").store("store-" + FIRST));
        Map<String, CellRow> before = tiny.rows("changed");
        String frozen = Files.readString(tiny.folder.resolve("changed/sweep.yaml"));

        assertThatThrownBy(
                        () ->
                                tiny.run(
                                        TinySweep.SWEEP,
                                        tiny.options("changed").store("store-" + FIRST)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds results of another sweep")
                .hasMessageContaining("--extend");
        assertThat(tiny.rows("changed")).isEqualTo(before).hasSize(8);
        assertThat(Files.readString(tiny.folder.resolve("changed/sweep.yaml"))).isEqualTo(frozen);

        Ran added =
                tiny.run(
                        TinySweep.SWEEP,
                        tiny.options("changed").store("store-" + FIRST),
                        RunOptions.Changed.EXTEND,
                        RunOptions.Failed.LEAVE);
        assertThat(added.said()).contains("8 of 14 cells have a row, 6 to go");
        assertThat(tiny.rows("changed")).isEqualTo(tiny.rows(FIRST));

        for (String back : new String[] {small, TinySweep.SWEEP, small}) { // all rows are there
            tiny.run(
                    back,
                    tiny.options("changed"),
                    RunOptions.Changed.EXTEND,
                    RunOptions.Failed.LEAVE);
        }
        assertThat(Files.readString(tiny.folder.resolve("changed/sweep.yaml"))).isEqualTo(frozen);
    }

    @Test
    void aSweepThatCannotBePlannedLeavesNothing() throws Exception {
        assertThatThrownBy(
                        () ->
                                tiny.run(
                                        TinySweep.SWEEP.replace("mlp-8", "lenet-3x3"),
                                        tiny.options("unplanned")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("lenet-3x3 on tiny: lenet-3x3 does not fit inputs of 1x6x6");

        assertThat(Files.exists(tiny.folder.resolve("unplanned"))).isFalse();
    }

    /**
     * The first of two recipes diverges; its 2 x 7 cells fail by two causes, one for each trunk.
     */
    @Test
    void failedCellsAreRowsThatARetryReplaces() throws Exception {
        String sweep =
                TinySweep.SWEEP
                        .replace("  architecture:", "  recipe: [wild, tame]\n  architecture:")
                        .replace(
                                "recipe:\n  validation",
                                """
                                recipes:
                                  wild:
                                    dense: {optimizer: sgd, learning-rate: 1e29, batch-size: 16, epochs: 2}
                                    fine-tune: {epochs: 1}
                                  tame:
                                    validation""")
                        .replace("\n  dense: {optimizer: adam", "\n    dense: {optimizer: adam")
                        .replace("\n  fine-tune: {epochs: 1}\n", "\n    fine-tune: {epochs: 1}\n");
        Ran run = tiny.run(sweep, tiny.options("wild").store("store-" + FIRST));
        Map<String, CellRow> rows = tiny.rows("wild");

        assertThat(run.result()).isEqualTo(new SweepRun.Result(28, 14));
        assertThat(rows).hasSize(28).containsKeys(tiny.rows(FIRST).keySet().toArray(String[]::new));
        assertThat(failed(rows)).hasSize(14).allMatch(r -> r.failure().reason().equals("DIVERGED"));
        assertThat(failed(rows).stream().map(r -> r.failure().causeId()).distinct()).hasSize(2);
        assertThat(run.said().lines().filter(line -> line.contains("DIVERGED"))).hasSize(2);

        Ran left = tiny.run(sweep, tiny.options("wild").store("store-" + FIRST));
        assertThat(left.said()).contains("nothing to do").contains("14 cells failed");

        Ran again =
                tiny.run(
                        sweep,
                        tiny.options("wild").store("store-" + FIRST),
                        RunOptions.Changed.REFUSE,
                        RunOptions.Failed.RETRY);
        Map<String, CellRow> retried = tiny.rows("wild");
        assertThat(again.result()).isEqualTo(new SweepRun.Result(28, 14));
        assertThat(retried).hasSize(28);
        for (String cell : tiny.rows(FIRST).keySet()) { // those of the recipe that is tame
            assertThat(retried.get(cell)).isEqualTo(rows.get(cell));
        }
        assertThat(failed(retried)).hasSize(14).allMatch(row -> row.attempt() == 2);
    }

    @Test
    void nothingUnfinishedIsLeftInTheFolders() throws Exception {
        try (Stream<Path> files = Files.walk(tiny.folder.resolve("store-" + FIRST))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allMatch(file -> file.toString().endsWith(".snapshot"));
        }
    }

    private static Collection<CellRow> failed(Map<String, CellRow> rows) {
        return rows.values().stream().filter(row -> row.status() == Status.FAILED).toList();
    }
}
