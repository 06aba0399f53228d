// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.espalier.executors.stage.Tiny.ADAM;
import static org.espalier.executors.stage.Tiny.cell;
import static org.espalier.executors.stage.Tiny.recipe;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.espalier.executors.stage.StageTask.Outcome;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StageTaskTest {
    private static final String STORE = "store";

    private Path folder;
    private Tiny tiny;

    @BeforeAll
    void write(@TempDir Path folder) {
        this.folder = folder;
        tiny = new Tiny(folder);
    }

    @Test
    void aRowIsWhole() {
        PlannedCell planned = tiny.planned(validated("undecayed", "0.5"));

        CellRow row = only(tiny.run(planned, STORE));

        assertThat(missing(row))
                .containsExactlyInAnyOrder(
                        "dense.testClean",
                        "failure",
                        "events.compensationNorm",
                        "fineTuned.testClean",
                        "pruned.testClean");
        assertThat(row.cellId()).isEqualTo(planned.id());
        assertThat(row.sweep()).isEqualTo("tiny-sweep");
        assertThat(row.status()).isEqualTo(CellRow.Status.COMPLETED);
        assertThat(row.attempt()).isEqualTo(1);
        assertThat(row.seed()).isEqualTo(1);
        assertThat(row.stages())
                .isEqualTo(planned.leaf().path().stream().map(Stage::name).toList());
        assertThat(row.trunk()).isEqualTo(row.stages().get(1));
        assertThat(row.task()).isEqualTo("classification");
        assertThat(row.classes()).isEqualTo(3);
        assertThat(row.parameters()).isEqualTo(36 * 8 + 8 + 8 * 3 + 3);
        assertThat(row.prunableWeights()).isEqualTo(312);
        assertThat(row.sparsityAsked()).isEqualTo(0.5);
        assertThat(row.sparsityAchieved()).isEqualTo(0.5);
        assertThat(row.compressionAchieved()).isEqualTo(323 / (323 - 156.0));
        assertThat(row.curve()).hasSize(3);
        assertThat(row.notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(row.condition().noiseKind()).isEqualTo("symmetric");
        assertThat(row.condition().methodSettings())
                .isEqualTo("{\"samples\":\"128\",\"weight-decay\":\"0\"}");
        assertThat(row.condition().recipeSettings())
                .contains("\"start-from\":\"last\"", "\"validation\":\"0.3\"", "epochs=2");
        assertThat(row.provenance().sparkVersion()).isEqualTo("3.5.x");
        assertThat(row.provenance().datasetChecksum())
                .isEqualTo(planned.leaf().root().fingerprint());
    }

    @Test
    void aRowOfARegressionHasNoClasses() {
        Cell cell = cell("mlp-4", "diffusion-sorption", "0.1", "magnitude", "0.5", recipe(1, 0));

        CellRow row = only(tiny.run(tiny.planned(cell), STORE));

        assertThat(row.task()).isEqualTo("regression");
        assertThat(row.condition().noiseKind()).isEqualTo("uniform");
        assertThat(row.classes()).isNull();
        assertThat(row.dense().test().accuracy()).isNull();
        assertThat(row.dense().test().classSupport()).isEmpty();
        assertThat(row.dense().testClean()).isNotNull();
        assertThat(row.fineTuned().testClean()).isNotNull();
        assertThat(row.events().get(0).instability()).isNull();
        assertThat(row.fineTunedSelection()).isNull();
    }

    @Test
    void aDivergedTrainingIsARow() {
        Recipe wild =
                recipe(
                        new org.espalier.experiments.recipe.Training(
                                new org.espalier.experiments.recipe.Optimizer.Sgd(),
                                Tiny.rate("1e30", 1).learningRate(),
                                ADAM.weightDecay(),
                                16,
                                2),
                        ADAM,
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        "0");
        PlannedCell planned = tiny.planned(cell("magnitude", "0.5", wild));

        CellRow row = onlyFailed(tiny.run(planned, STORE));

        assertThat(row.failure().reason()).isEqualTo("DIVERGED");
        assertThat(row.failure().exceptionClass()).endsWith("DivergedException");
        assertThat(row.failure().message())
                .matches("the (loss became|network's outputs are no longer finite).*");
        assertThat(row.stages()).hasSize(4);
        assertThat(row.dense()).isNull();
        assertThat(row.condition().method()).isEqualTo("magnitude");
    }

    @Test
    void missingDataIsARow() {
        PlannedCell good = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)));
        Operation.Initialise root = good.leaf().root();
        PlannedCell gone = PlannedCell.of(good.cell(), like(root, "no-such-set", "x", "mlp-8"));
        PlannedCell changed = PlannedCell.of(good.cell(), like(root, Tiny.DIGITS, "x", "mlp-8"));

        Failure missing = onlyFailed(tiny.run(gone, STORE)).failure();
        Failure other = onlyFailed(tiny.run(changed, STORE)).failure();

        assertThat(missing.reason()).isEqualTo("BAD_DATA");
        assertThat(missing.message()).startsWith("unknown data set \"no-such-set\"");
        assertThat(other.reason()).isEqualTo("BAD_DATA");
        assertThat(other.message())
                .isEqualTo(
                        "data set tiny has changed since it was planned: expected x, got "
                                + root.fingerprint());
    }

    /** 70 samples: a hundredth of them is 0.7, one; a thousandth is none. */
    @Test
    void settingsThatCannotBeCarriedOutAreARow() {
        Recipe none =
                recipe(ADAM, ADAM, Recipe.StartFrom.LAST, Recipe.OptimizerState.FRESH, "0.001");
        Cell noise = cell("mlp-8", Tiny.DIGITS, "1.5", "magnitude", "0.5", recipe(1, 1));

        Failure split =
                onlyFailed(tiny.run(tiny.planned(cell("magnitude", "0.5", none)), STORE)).failure();
        Failure flips = onlyFailed(tiny.run(tiny.planned(noise), STORE)).failure();

        assertThat(split.reason()).isEqualTo("BAD_SETTINGS");
        assertThat(split.message())
                .isEqualTo(
                        "on data set tiny: validation of 0.001 holds out 0 of 70 samples; expected"
                                + " at least 1 on each side");
        assertThat(flips.reason()).isEqualTo("BAD_SETTINGS");
        assertThat(flips.message()).contains("1.5");
    }

    /** What nobody foresaw: here an architecture that is another one than was planned. */
    @Test
    void anythingElseIsOursAndARow() {
        PlannedCell good = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)));
        Operation.Initialise root = good.leaf().root();
        PlannedCell other =
                PlannedCell.of(good.cell(), like(root, Tiny.DIGITS, root.fingerprint(), "mlp-9"));

        Failure failure = onlyFailed(tiny.run(other, STORE)).failure();

        assertThat(failure.reason()).isEqualTo("BUG");
        assertThat(failure.message())
                .isEqualTo(
                        "architecture mlp-9 is another one here than where the sweep was planned");
    }

    /** An engine that is not there fails the cell, and the row can still be made. */
    @Test
    void aMissingEngineIsARow() {
        PlannedCell good = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)));
        Operation.Initialise r = good.leaf().root();
        PlannedCell other =
                PlannedCell.of(
                        good.cell(),
                        new Operation.Initialise(
                                r.architecture(),
                                r.structure(),
                                r.dataset(),
                                r.fingerprint(),
                                r.noise(),
                                r.validation(),
                                "abacus",
                                "abacus-1",
                                1));

        CellRow row = onlyFailed(tiny.run(other, STORE));

        assertThat(row.failure().message()).startsWith("unknown engine \"abacus\"");
        assertThat(row.provenance().backend()).startsWith("not available");
    }

    /** All cells that end with the stage fail by one cause, whose id is the stage's name. */
    @Test
    void cellsOfOneStageShareItsFailure() throws Exception {
        PlannedCell good = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)));
        PlannedCell one =
                PlannedCell.of(good.cell(), like(good.leaf().root(), "gone", "x", "mlp-8"));
        PlannedCell two = new PlannedCell(one.cell(), "other-id", one.leaf());

        Outcome outcome =
                new StageTask(
                                one.leaf(),
                                List.of(one, two),
                                StageTask.Keep.SNAPSHOT,
                                tiny.context("unused"),
                                3,
                                false)
                        .run();

        assertThat(outcome.rows())
                .extracting(CellRow::cellId)
                .containsExactly(one.id(), "other-id");
        assertThat(outcome.rows()).extracting(CellRow::attempt).containsOnly(3);
        assertThat(outcome.rows())
                .extracting(row -> row.failure().causeId())
                .containsOnly(one.leaf().name());
        assertThat(Files.exists(folder.resolve("unused"))).isFalse();
    }

    @Test
    void keepsASnapshotOnlyWhereOneIsWanted() throws Exception {
        PlannedCell planned = tiny.planned(cell("random", "0.5", recipe(1, 1)));
        Stage trunk = planned.leaf().path().get(1);
        StageTask task =
                new StageTask(
                        trunk, List.of(), StageTask.Keep.SNAPSHOT, tiny.context("kept"), 1, false);

        Outcome first = task.run();
        Outcome again = task.run();

        assertThat(first.epochsTrained()).isEqualTo(1);
        assertThat(again.epochsTrained()).isZero();
        assertThat(tiny.store("kept").contains(trunk.name())).isTrue();
        assertThat(tiny.run(planned, "kept").epochsTrained()).isEqualTo(1);
        assertThat(tiny.store("kept").contains(planned.leaf().name())).isFalse();
    }

    private CellRow onlyFailed(Outcome outcome) {
        CellRow row = only(outcome);
        assertThat(row.status()).isEqualTo(CellRow.Status.FAILED);
        assertThat(row.failure()).isEqualTo(outcome.failure());
        assertThat(row.failure().causeId()).isEqualTo(outcome.stage());
        assertThat(row.failure().stage()).startsWith("fine-tune ");
        assertThat(row.failure().stack())
                .contains(row.failure().exceptionClass())
                .contains("\tat ");
        try {
            assertThat(row.failure().host()).isEqualTo(InetAddress.getLocalHost().getHostName());
        } catch (java.net.UnknownHostException e) {
            assertThat(row.failure().host()).isEqualTo("unknown");
        }
        return row;
    }

    private static CellRow only(Outcome outcome) {
        assertThat(outcome.rows()).hasSize(1);
        return outcome.rows().get(0);
    }

    private static Cell validated(String method, String ratio) {
        Recipe recipe =
                recipe(
                        ADAM,
                        ADAM.withEpochs(1),
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        "0.3");
        return cell("mlp-8", Tiny.DIGITS, "0.1", method, ratio, recipe);
    }

    private static Operation.Initialise like(
            Operation.Initialise r, String dataset, String fingerprint, String architecture) {
        return new Operation.Initialise(
                architecture,
                r.structure(),
                dataset,
                fingerprint,
                r.noise(),
                r.validation(),
                r.engine(),
                r.numerics(),
                r.seed());
    }

    /** Paths of the components that are null; git's may be, in a copy without history. */
    private static Set<String> missing(CellRow row) {
        Set<String> missing = new TreeSet<>();
        collect(row, "", missing);
        missing.removeAll(Set.of("provenance.commit", "provenance.dirty"));
        return missing;
    }

    private static void collect(Object value, String path, Set<String> missing) {
        if (value == null) {
            missing.add(path);
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collect(element, path, missing));
        } else if (value instanceof Record) {
            Stream.of(value.getClass().getRecordComponents())
                    .forEach(
                            c -> {
                                String name = path.isEmpty() ? "" : path + ".";
                                collect(read(c, value), name + c.getName(), missing);
                            });
        }
    }

    private static Object read(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
