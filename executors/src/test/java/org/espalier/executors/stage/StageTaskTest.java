// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.espalier.executors.stage.Tiny.ADAM;
import static org.espalier.executors.stage.Tiny.cell;
import static org.espalier.executors.stage.Tiny.recipe;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.espalier.executors.stage.StageTask.Outcome;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Data;
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

        // a method, so no control; Adam without decay or steps; all of the data set
        Set<String> expected =
                new TreeSet<>(
                        Set.of(
                                "condition.control",
                                "condition.imbalance",
                                "condition.scheduleSettings",
                                "condition.subset",
                                "failure",
                                "structure"));
        for (String phase : List.of("dense", "fineTune")) {
            for (String setting :
                    List.of("learningRateFactor", "momentum", "weightDecayKind", "weightDecayOn")) {
                expected.add("condition." + phase + "." + setting);
            }
        }
        // 3 classes have no top 5, several are predicted; noise is on training labels alone;
        // predictions are opt-in
        for (String network : List.of("dense", "pruned", "fineTuned")) {
            expected.addAll(List.of(network + ".testClean", network + ".predictions"));
            for (String set : List.of("test", "train", "trainClean")) {
                expected.add(network + "." + set + ".top5Accuracy");
                expected.add(network + "." + set + ".constantClass");
            }
        }
        for (String measures :
                List.of("rounds.before", "rounds.after", "rounds.end", "selections.test")) {
            expected.add(measures + ".top5Accuracy");
            expected.add(measures + ".constantClass");
        }
        // weights are pruned, no filters; nothing is compensated or perturbed
        expected.addAll(
                List.of(
                        "events.compensationNorm",
                        "events.layers.filtersRemaining",
                        "events.layers.filtersTouched",
                        "events.layers.shiftNorm",
                        "events.noise"));
        // a mask of its own, not rewound
        expected.addAll(
                List.of(
                        "ticket.overlap",
                        "ticket.rewoundTo",
                        "ticket.sourceStage",
                        "ticket.sourceDataset"));
        assertThat(missing(row)).isEqualTo(expected);
        assertThat(row.cellId()).isEqualTo(planned.id());
        assertThat(row.sweep()).isEqualTo("tiny-sweep");
        assertThat(row.status()).isEqualTo(CellRow.Status.COMPLETED);
        assertThat(row.attempt()).isEqualTo(1);
        assertThat(row.seed()).isEqualTo(1);
        assertThat(row.identity().stages())
                .isEqualTo(planned.programme().leaf().path().stream().map(Stage::name).toList());
        assertThat(row.identity().trunk()).isEqualTo(planned.programme().trunk().name());
        assertThat(row.task()).isEqualTo("classification");
        assertThat(row.network().classes()).isEqualTo(3);
        assertThat(row.network().parameters()).isEqualTo(36 * 8 + 8 + 8 * 3 + 3);
        assertThat(row.network().prunableWeights()).isEqualTo(312);
        assertThat(row.sparsity().asked()).isEqualTo(0.5);
        assertThat(row.sparsity().achieved()).isEqualTo(0.5);
        assertThat(row.sparsity().compressionAchieved()).isEqualTo(323 / (323 - 156.0));
        assertThat(row.curve()).hasSize(3);
        assertThat(row.notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(row.condition().noiseKind()).isEqualTo("label-flips");
        assertThat(row.condition().methodSettings())
                .isEqualTo("{\"samples\":\"128\",\"weight-decay\":\"0\"}");
        assertThat(row.condition().startFrom()).isEqualTo("last");
        assertThat(row.condition().validation()).isEqualTo(0.3);
        assertThat(row.condition().dense().epochs()).isEqualTo(2);
        assertThat(row.provenance().sparkVersion()).isEqualTo("3.5.x");
        assertThat(row.condition().datasetFingerprint())
                .isEqualTo(((Data) dataOf(planned).operation()).fingerprint());
    }

    @Test
    void aRowOfARegressionHasNoClasses() {
        Cell cell = cell("mlp-4", "diffusion-sorption", "0.1", "magnitude", "0.5", recipe(1, 0));

        CellRow row = only(tiny.run(tiny.planned(cell), STORE));

        assertThat(row.task()).isEqualTo("regression");
        assertThat(row.condition().noiseKind()).isEqualTo("uniform-targets");
        assertThat(row.network().classes()).isNull();
        assertThat(row.dense().test().accuracy()).isNull();
        assertThat(row.dense().test().classSupport()).isEmpty();
        assertThat(row.dense().testClean()).isNotNull();
        assertThat(row.fineTuned().testClean()).isNotNull();
        assertThat(row.events().get(0).instability()).isNull();
        assertThat(row.selections())
                .extracting(CellRow.Selection::rule)
                .containsExactly("last", "test-loss");
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
        assertThat(row.identity().stages()).hasSize(5);
        assertThat(row.dense()).isNull();
        assertThat(row.condition().method()).isEqualTo("magnitude");
    }

    @Test
    void missingDataIsARow() {
        PlannedCell gone =
                tiny.planned(
                        cell("mlp-8", "no-such-set", "0", "magnitude", "0.5", recipe(1, 1)), "x");
        PlannedCell changed = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)), "x");
        String fingerprint =
                ((Data) dataOf(tiny.planned(changed.cell())).operation()).fingerprint();

        Failure missing = onlyFailed(tiny.run(gone, STORE)).failure();
        Failure other = onlyFailed(tiny.run(changed, STORE)).failure();

        assertThat(missing.reason()).isEqualTo("BAD_DATA");
        assertThat(missing.message()).startsWith("unknown data set \"no-such-set\"");
        assertThat(other.reason()).isEqualTo("BAD_DATA");
        assertThat(other.message())
                .isEqualTo(
                        "data set tiny has changed since it was planned: expected x, got "
                                + fingerprint);
    }

    /** A rate of noise above 1 is found before anything is trained. */
    @Test
    void settingsThatCannotBeCarriedOutAreARow() {
        Cell noise = cell("mlp-8", Tiny.DIGITS, "1.5", "magnitude", "0.5", recipe(1, 1));

        Failure flips = onlyFailed(tiny.run(tiny.planned(noise), STORE)).failure();

        assertThat(flips.reason()).isEqualTo("BAD_SETTINGS");
        assertThat(flips.message()).contains("1.5");
    }

    /** 70 samples: a thousandth of them is none. A plan says so before there is a task. */
    @Test
    void aSplitThatHoldsOutNothingIsNotPlanned() {
        Recipe none =
                recipe(ADAM, ADAM, Recipe.StartFrom.LAST, Recipe.OptimizerState.FRESH, "0.001");

        assertThatThrownBy(() -> tiny.planned(cell("magnitude", "0.5", none)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "validation of 0.001 holds out 0 of 70 samples; expected at least 1 on"
                                + " each side");
    }

    /** What nobody foresaw: here an architecture that is another one than was planned. */
    @Test
    void anythingElseIsOursAndARow() {
        PlannedCell good = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)));
        Data data = (Data) dataOf(good).operation();
        PlannedCell other =
                tiny.planned(
                        cell("mlp-9", Tiny.DIGITS, "0", "magnitude", "0.5", recipe(1, 1)),
                        data.fingerprint(),
                        good.arithmetic());

        Failure failure = onlyFailed(tiny.run(other, STORE)).failure();

        assertThat(failure.reason()).isEqualTo("BUG");
        assertThat(failure.message())
                .isEqualTo(
                        "architecture mlp-9 is another one here than where the sweep was planned");
    }

    /** An engine that is not there fails the cell, and the row can still be made. */
    @Test
    void aMissingEngineIsARow() {
        PlannedCell other =
                tiny.planned(
                        cell("magnitude", "0.5", recipe(1, 1)),
                        new Arithmetic("abacus", "abacus-1"));

        CellRow row = onlyFailed(tiny.run(other, STORE));

        assertThat(row.failure().message()).startsWith("unknown engine \"abacus\"");
        assertThat(row.provenance().backend()).startsWith("not available");
    }

    /** All cells that end with the stage fail by one cause, whose id is the stage's name. */
    @Test
    void cellsOfOneStageShareItsFailure() {
        PlannedCell one = tiny.planned(cell("magnitude", "0.5", recipe(1, 1)), "x");
        PlannedCell two =
                new PlannedCell(
                        one.cell(),
                        "other-id",
                        one.seeds(),
                        one.programme(),
                        one.facts(),
                        one.arithmetic());

        Outcome outcome =
                new StageTask(
                                one.programme().leaf(),
                                List.of(one, two),
                                List.of(),
                                Set.of(one.programme().trunk().name()),
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
                .containsOnly(one.programme().trunk().inputs().get(0).name());
        assertThat(Files.exists(folder.resolve("unused"))).isFalse();
    }

    /** What came before the failure is known, and is in the row. */
    @Test
    void aFineTuningThatDivergesLosesNothingThatWasMeasured() {
        Recipe wild =
                recipe(
                        ADAM,
                        new Training(
                                new Optimizer.Sgd(),
                                LearningRate.constant(new BigDecimal("1e30")),
                                WeightDecay.NONE,
                                16,
                                2),
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        "0");
        PlannedCell planned = tiny.planned(cell("magnitude", "0.5", wild));
        CellRow good = only(tiny.run(tiny.planned(cell("magnitude", "0.5", recipe(2, 1))), STORE));

        CellRow row = onlyFailed(tiny.run(planned, STORE));

        assertThat(row.failure().reason()).isEqualTo("DIVERGED");
        assertThat(row.dense().test()).isEqualTo(good.dense().test());
        assertThat(row.dense().train()).isEqualTo(good.dense().train());
        assertThat(row.pruned()).isEqualTo(good.pruned());
        assertThat(row.sparsity()).isEqualTo(good.sparsity());
        assertThat(row.events()).hasSize(1);
        assertThat(row.events().get(0).instability()).isEqualTo(good.events().get(0).instability());
        assertThat(row.curve())
                .extracting(CellRow.CurvePoint::phase, CellRow.CurvePoint::testLoss)
                .containsExactlyElementsOf(
                        good.curve().subList(0, 2).stream()
                                .map(p -> tuple(p.phase(), p.testLoss()))
                                .toList());
        assertThat(row.fineTuned()).isNull();
    }

    @Test
    void keepsASnapshotOnlyWhereOneIsWanted() {
        PlannedCell planned = tiny.planned(cell("random", "0.5", recipe(1, 1)));
        Stage trunk = planned.programme().trunk();
        StageTask task = tiny.task(trunk, List.of(), "kept", Set.of(trunk));

        Outcome first = task.run();
        Outcome again = task.run();

        assertThat(first.epochsTrained()).isEqualTo(1);
        assertThat(again.epochsTrained()).isZero();
        assertThat(tiny.store("kept").contains(trunk.name())).isTrue();
        assertThat(tiny.run(planned, "kept").epochsTrained()).isEqualTo(1);
        assertThat(tiny.store("kept").contains(planned.programme().leaf().name())).isFalse();
    }

    /** The store is no cell's fault: no row is made, and the outcome says what happened. */
    @Test
    void aStoreThatCannotBeUsedLeavesTheCellUndone() throws Exception {
        PlannedCell planned = tiny.planned(cell("random", "0.5", recipe(1, 1)));
        Path file = Files.createFile(folder.resolve("a-file"));
        RunContext context =
                new RunContext(
                        "tiny-sweep",
                        tiny.data(),
                        file.resolve("store").toString(),
                        Map.of("espalier.store.attempts", "2", "espalier.store.pause.millis", "1"),
                        "3.5.x",
                        "local[1]",
                        "app-1");
        Stage trunk = planned.programme().trunk();

        Outcome outcome =
                new StageTask(
                                planned.programme().leaf(),
                                List.of(planned),
                                List.of(),
                                Set.of(trunk.name()),
                                context,
                                1,
                                false)
                        .run();

        assertThat(outcome.rows()).isEmpty();
        assertThat(outcome.failure()).isNull();
        assertThat(outcome.storage())
                .startsWith("the stage store cannot ")
                .contains("(tried 2 times)")
                .doesNotContain("\n");
    }

    private static Stage dataOf(PlannedCell planned) {
        return planned.programme().leaf().data().orElseThrow();
    }

    private CellRow onlyFailed(Outcome outcome) {
        CellRow row = only(outcome);
        assertThat(row.status()).isEqualTo(CellRow.Status.FAILED);
        assertThat(row.failure()).isEqualTo(outcome.failure());
        assertThat(row.identity().stages()).contains(row.failure().causeId());
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
