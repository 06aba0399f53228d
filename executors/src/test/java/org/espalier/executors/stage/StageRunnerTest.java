// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.espalier.executors.stage.Tiny.ADAM;
import static org.espalier.executors.stage.Tiny.cell;
import static org.espalier.executors.stage.Tiny.recipe;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.executors.stage.StageRunner.Reached;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.PruningEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StageRunnerTest {
    private Tiny tiny;
    private int stores;

    @BeforeAll
    void write(@TempDir Path folder) {
        tiny = new Tiny(folder);
    }

    static Stream<Training> optimizers() {
        return Stream.of(
                ADAM,
                new Training(
                        new Optimizer.Nesterov(new BigDecimal("0.9")),
                        new LearningRate(
                                new BigDecimal("0.05"), List.of(1, 3), new BigDecimal("0.5")),
                        new WeightDecay(new BigDecimal("1e-3"), WeightDecay.Kind.COUPLED),
                        16,
                        2),
                new Training(
                        new Optimizer.Sgd(),
                        LearningRate.constant(new BigDecimal("0.1")),
                        new WeightDecay(new BigDecimal("1e-3"), WeightDecay.Kind.DECOUPLED),
                        16,
                        2));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aTrainingIsTheSameDirectlyOrContinued(Training training) throws Exception {
        Stage two = dense(training.withEpochs(2), "0.2");
        Stage four = dense(training.withEpochs(4), "0.2");
        String store = store();
        StageRunner runner = tiny.runner(store);

        Reached half = runner.reach(two);
        runner.keep(two, half.state());
        Reached continued = runner.reach(four);
        Reached direct = tiny.runner(store()).reach(four);

        assertThat(half.epochsTrained()).isEqualTo(2);
        assertThat(continued.epochsTrained()).isEqualTo(2);
        assertThat(direct.epochsTrained()).isEqualTo(4);
        SomeStates.assertSameNetwork(continued.state(), direct.state());
        assertSameMeasurements(continued.state().history(), direct.state().history());
        assertThat(direct.state().history().curve())
                .extracting(CurvePoint::epoch)
                .containsExactly(1, 2, 3, 4);
    }

    /** As if each task had found only what the one before it left. */
    @Test
    void stagesAreTheSameInOneGoOrThroughTheStore() throws Exception {
        Stage leaf = tiny.planned(cell("gradient", "0.5", recipe(2, 2))).leaf();
        String store = store();

        for (Stage stage : leaf.path()) {
            tiny.runner(store).keep(stage, tiny.runner(store).reach(stage).state());
        }
        NetworkState stepwise = tiny.store(store).read(leaf.name()).orElseThrow();
        NetworkState direct = tiny.runner(store()).reach(leaf).state();

        SomeStates.assertSameNetwork(stepwise, direct);
        assertSameMeasurements(stepwise.history(), direct.history());
        assertThat(tiny.runner(store).reach(leaf).epochsTrained()).isZero();
    }

    /** A branch that finds its trunk damaged makes it again, and the next one finds it. */
    @Test
    void aDamagedTrunkIsTrainedOnceMore() throws Exception {
        Stage first = tiny.planned(cell("gradient", "0.5", recipe(2, 1))).leaf();
        Stage second = tiny.planned(cell("magnitude", "0.5", recipe(2, 1))).leaf();
        Stage trunk = first.path().get(1);
        String store = store();
        NetworkState whole = tiny.runner(store).reach(trunk).state();
        tiny.runner(store).keep(trunk, whole);
        Path file =
                tiny.folder
                        .resolve(store)
                        .resolve(trunk.name().substring(0, 2))
                        .resolve(trunk.name() + ".snapshot");
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 1000));

        assertThat(tiny.runner(store).reach(first).epochsTrained()).isEqualTo(3);
        assertThat(tiny.runner(store).reach(second).epochsTrained()).isEqualTo(1);
        SomeStates.assertSameNetwork(tiny.store(store).read(trunk.name()).orElseThrow(), whole);
    }

    /** Nothing but the measurements on the training samples is left out. */
    @Test
    void trainEvaluationCanBeLeftOut() throws Exception {
        Recipe on = recipe(2, 1);
        Recipe off =
                new Recipe(
                        on.name(),
                        on.engine(),
                        on.dense(),
                        on.schedule(),
                        on.fineTune(),
                        on.scope(),
                        on.outputLayer(),
                        on.startFrom(),
                        on.optimizerState(),
                        on.validation(),
                        Recipe.TrainEvaluation.OFF);

        NetworkState with = reach(cell("magnitude", "0.5", on));
        NetworkState without = reach(cell("magnitude", "0.5", off));

        SomeStates.assertSameNetwork(without, with);
        for (var pair :
                List.of(
                        List.of(with.history().dense(), without.history().dense()),
                        List.of(with.history().pruned(), without.history().pruned()),
                        List.of(with.history().fineTuned(), without.history().fineTuned()))) {
            assertThat(pair.get(0).train()).isNotNull();
            assertThat(pair.get(1).train()).isNull();
            assertThat(pair.get(1).test()).isEqualTo(pair.get(0).test());
        }
    }

    @Test
    void theControlIsFineTunedAlikeAndNotPruned() throws Exception {
        NetworkState control = reach(cell("magnitude", "0", recipe(2, 2)));
        Stage dense = tiny.planned(cell("magnitude", "0", recipe(2, 2))).leaf().path().get(1);
        NetworkState trunk = tiny.runner(store()).reach(dense).state();

        assertThat(control.masks()).isEmpty();
        assertThat(control.history().events()).isEmpty();
        assertThat(control.history().dense()).isEqualTo(trunk.history().dense());
        assertThat(control.history().pruned()).isEqualTo(control.history().dense());
        assertThat(control.history().fineTuned()).isNotEqualTo(control.history().dense());
        assertThat(control.history().sparsities())
                .isEqualTo(new History.Sparsities(36 * 8 + 8 * 3, 0, 0, 1));
        assertThat(control.history().layers())
                .allMatch(layer -> layer.pruned() == 0 && layer.askedPruned() == 0);
        assertThat(zeros(control)).isZero();
        assertThat(control.epochs()).isEqualTo(4);
    }

    /** 36 * 8 + 8 * 3 = 312 weights, of them 0.9 * 312 = 280.8, so 281 pruned. */
    @Test
    void maskedWeightsAreZeroAfterFineTuning() throws Exception {
        for (Training training : optimizers().toList()) {
            Recipe recipe =
                    recipe(
                            ADAM,
                            training,
                            Recipe.StartFrom.LAST,
                            training == ADAM
                                    ? Recipe.OptimizerState.KEPT
                                    : Recipe.OptimizerState.FRESH,
                            "0");
            NetworkState state = reach(cell("magnitude", "0.9", recipe));

            int pruned = 0;
            for (Map.Entry<String, Mask> entry : state.masks().entrySet()) {
                Tensor weights = tensor(state, entry.getKey());
                for (int i = 0; i < weights.size(); i++) {
                    if (!entry.getValue().keeps(i)) {
                        pruned++;
                        assertThat(Float.floatToRawIntBits(weights.values()[i]) << 1)
                                .as("%s[%d] after %s", entry.getKey(), i, training)
                                .isZero();
                    }
                }
            }
            assertThat(pruned).isEqualTo(281);
            assertThat(state.history().events().get(0).prunedWeights()).isEqualTo(281);
            assertThat(state.history().events().get(0).remainingWeights()).isEqualTo(31);
            assertThat(state.history().sparsities().achieved())
                    .isCloseTo(281 / 312.0, within(1e-15));
        }
    }

    /** A rate that ruins the network late: the best epoch by validation is an early one. */
    @Test
    void startsFromTheBestEpochByValidation() throws Exception {
        Training ruinous =
                new Training(
                        ADAM.optimizer(),
                        new LearningRate(new BigDecimal("0.01"), List.of(3), new BigDecimal("100")),
                        ADAM.weightDecay(),
                        16,
                        6);
        NetworkState best =
                reach(cell("magnitude", "0", validated(ruinous, Recipe.StartFrom.BEST_VALIDATION)));
        NetworkState last =
                reach(cell("magnitude", "0", validated(ruinous, Recipe.StartFrom.LAST)));
        Integer epoch = best.history().denseSelection().bestValidationEpoch();
        CurvePoint point = best.history().curve().get(epoch - 1);

        assertThat(epoch).isLessThan(6);
        assertThat(best.history().dense().test().loss()).isEqualTo(point.testLoss());
        assertThat(best.history().dense().test().accuracy()).isEqualTo(point.testAccuracy());
        assertThat(last.history().dense().test().loss())
                .isEqualTo(last.history().curve().get(5).testLoss());
        assertThat(last.history().denseSelection()).isEqualTo(best.history().denseSelection());
    }

    private static Recipe validated(Training dense, Recipe.StartFrom start) {
        return recipe(dense, ADAM.withEpochs(0), start, Recipe.OptimizerState.FRESH, "0.3");
    }

    /** Without an epoch there is no best one: pruning starts from the initial weights. */
    @Test
    void anUntrainedNetworkIsItsOwnBest() throws Exception {
        Recipe recipe =
                recipe(
                        ADAM.withEpochs(0),
                        ADAM.withEpochs(0),
                        Recipe.StartFrom.BEST_VALIDATION,
                        Recipe.OptimizerState.FRESH,
                        "0.3");
        NetworkState state = reach(cell("magnitude", "0", recipe));
        Stage initial = tiny.planned(cell("magnitude", "0", recipe)).leaf().path().get(0);

        assertThat(state.parameters().get(0).values())
                .isEqualTo(
                        tiny.runner(store()).reach(initial).state().parameters().get(0).values());
        assertThat(state.history().curve()).isEmpty();
        assertThat(state.history().denseSelection()).isNull();
        assertThat(state.history().fineTuned()).isEqualTo(state.history().dense());
    }

    /** 70 samples in batches of 16 are 5 updates an epoch; 2 + 1 epochs are 15, 1 epoch is 5. */
    @Test
    void theOptimizersStateIsFreshOrKept() throws Exception {
        NetworkState fresh = reach(cell("magnitude", "0.5", state(Recipe.OptimizerState.FRESH)));
        NetworkState kept = reach(cell("magnitude", "0.5", state(Recipe.OptimizerState.KEPT)));

        assertThat(updates(fresh)).isEqualTo(5);
        assertThat(updates(kept)).isEqualTo(15);
        assertThat(kept.history().pruned()).isEqualTo(fresh.history().pruned());
        assertThat(kept.history().fineTuned()).isNotEqualTo(fresh.history().fineTuned());
        for (Map.Entry<String, Mask> entry : kept.masks().entrySet()) {
            float[] mean =
                    kept.optimizer().stream()
                            .filter(t -> t.name().equals("mean/" + entry.getKey()))
                            .findFirst()
                            .orElseThrow()
                            .values();
            for (int i = 0; i < mean.length; i++) {
                assertThat(entry.getValue().keeps(i) || mean[i] == 0).isTrue();
            }
        }
    }

    private static Recipe state(Recipe.OptimizerState state) {
        return recipe(ADAM, ADAM.withEpochs(1), Recipe.StartFrom.LAST, state, "0");
    }

    private static float updates(NetworkState state) {
        return state.optimizer().stream()
                .filter(t -> t.name().equals("updates"))
                .findFirst()
                .orElseThrow()
                .values()[0];
    }

    @Test
    void undecayedWithoutDecayIsGradientAndSaysSo() throws Exception {
        NetworkState undecayed = reach(cell("undecayed", "0.8", recipe(2, 1)));
        NetworkState gradient = reach(cell("gradient", "0.8", recipe(2, 1)));

        SomeStates.assertSameNetwork(undecayed, gradient);
        assertSameMeasurements(undecayed.history(), gradient.history());
        assertThat(undecayed.history().notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(gradient.history().notes()).isEmpty();
    }

    @Test
    void noiseOnLabelsLeavesTheTestLabelsClean() throws Exception {
        Evaluation clean = reach(noisy("0")).history().dense();
        Evaluation noisy = reach(noisy("0.5")).history().dense();

        assertThat(noisy.test().classSupport()).isEqualTo(clean.test().classSupport());
        assertThat(noisy.train().classSupport()).isNotEqualTo(clean.train().classSupport());
        assertThat(noisy.train().accuracy()).isLessThan(clean.train().accuracy() - 0.1);
        assertThat(noisy.testClean()).isNull();
    }

    private static org.espalier.experiments.sweep.Cell noisy(String noise) {
        return cell("mlp-8", Tiny.DIGITS, noise, "magnitude", "0.5", recipe(3, 1));
    }

    /** U(-a, a) has variance a^2 / 3, and the errors of the network do not know of it. */
    @Test
    void aNoisyRegressionIsMeasuredOnCleanTargetsToo() throws Exception {
        Evaluation noisy = regression("0.3");

        assertThat(noisy.testClean().samples()).isEqualTo(2_000);
        assertThat(noisy.test().samples()).isEqualTo(2_000);
        assertThat(noisy.test().loss() - noisy.testClean().loss())
                .isCloseTo(0.3 * 0.3 / 3, within(0.005));
        assertThat(noisy.test().accuracy()).isNull();
        assertThat(regression("0").testClean()).isNull();
    }

    private Evaluation regression(String noise) throws Exception {
        return reach(
                        cell(
                                "mlp-4-tanh",
                                "diffusion-sorption",
                                noise,
                                "magnitude",
                                "0",
                                recipe(1, 0)))
                .history()
                .dense();
    }

    /**
     * Twice pruned: each event tells what stood before it, the dense network stays the dense one.
     */
    @Test
    void prunesLevelByLevel() throws Exception {
        Stage first = tiny.planned(cell("magnitude", "0.5", recipe(2, 1))).leaf();
        Stage second =
                first.then(prune("0.9", first))
                        .then(
                                new Operation.Train(
                                        Cells.FINE_TUNE,
                                        ADAM.withEpochs(2),
                                        Recipe.OptimizerState.FRESH));
        NetworkState once = tiny.runner(store()).reach(first).state();
        String store = store();
        NetworkState twice = tiny.runner(store).reach(second).state();
        List<PruningEvent> events = twice.history().events();

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isEqualTo(once.history().events().get(0));
        assertThat(events.get(1).accuracyBefore())
                .isEqualTo(once.history().fineTuned().test().accuracy());
        assertThat(events.get(1).lossBefore()).isEqualTo(once.history().fineTuned().test().loss());
        assertThat(events.get(1).lossAfter()).isEqualTo(twice.history().pruned().test().loss());
        assertThat(events.get(1).remainingWeights()).isEqualTo(31);
        assertThat(events.get(0).prunedWeights() + events.get(1).prunedWeights()).isEqualTo(281);
        assertThat(twice.history().dense()).isEqualTo(once.history().dense());
        once.masks()
                .forEach(
                        (name, mask) -> {
                            for (int i = 0; i < mask.size(); i++) {
                                assertThat(mask.keeps(i) || !twice.masks().get(name).keeps(i))
                                        .isTrue();
                            }
                        });

        Stage longer =
                second.parent()
                        .orElseThrow()
                        .then(
                                new Operation.Train(
                                        Cells.FINE_TUNE,
                                        ADAM.withEpochs(3),
                                        Recipe.OptimizerState.FRESH));
        tiny.runner(store).keep(second, twice);
        Reached continued = tiny.runner(store).reach(longer);
        NetworkState direct = tiny.runner(store()).reach(longer).state();
        assertThat(continued.epochsTrained()).isEqualTo(1);
        SomeStates.assertSameNetwork(continued.state(), direct);
        assertSameMeasurements(continued.state().history(), direct.history());
        assertThat(direct.history().fineTunedSelection().finalEpoch()).isEqualTo(3);
    }

    private static Operation.Prune prune(String ratio, Stage like) {
        Operation.Prune prune = (Operation.Prune) like.parent().orElseThrow().operation();
        return new Operation.Prune(
                prune.method(),
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                prune.scope(),
                prune.outputLayer(),
                prune.startFrom());
    }

    private Stage dense(Training training, String validation) {
        Recipe recipe =
                recipe(
                        training,
                        training,
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        validation);
        return tiny.planned(cell("magnitude", "0.5", recipe)).leaf().path().get(1);
    }

    private NetworkState reach(org.espalier.experiments.sweep.Cell cell) throws Exception {
        return tiny.runner(store()).reach(tiny.planned(cell).leaf()).state();
    }

    private String store() {
        return "store-" + ++stores;
    }

    private static Tensor tensor(NetworkState state, String name) {
        return state.parameters().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long zeros(NetworkState state) {
        long zeros = 0;
        for (Tensor tensor : state.parameters()) {
            for (float value : tensor.values()) {
                zeros += value == 0 && tensor.name().endsWith("weight") ? 1 : 0;
            }
        }
        return zeros;
    }

    /** Everything but times. */
    static void assertSameMeasurements(History found, History expected) {
        assertThat(timeless(found.curve())).isEqualTo(timeless(expected.curve()));
        assertThat(found.events()).isEqualTo(expected.events());
        assertThat(found.layers()).isEqualTo(expected.layers());
        assertThat(found.dense()).isEqualTo(expected.dense());
        assertThat(found.pruned()).isEqualTo(expected.pruned());
        assertThat(found.fineTuned()).isEqualTo(expected.fineTuned());
        assertThat(found.denseSelection()).isEqualTo(expected.denseSelection());
        assertThat(found.fineTunedSelection()).isEqualTo(expected.fineTunedSelection());
        assertThat(found.sparsities()).isEqualTo(expected.sparsities());
    }

    private static List<CurvePoint> timeless(List<CurvePoint> curve) {
        List<CurvePoint> points = new ArrayList<>();
        for (CurvePoint p : curve) {
            points.add(
                    new CurvePoint(
                            p.phase(),
                            p.epoch(),
                            p.learningRate(),
                            p.trainLoss(),
                            p.trainAccuracy(),
                            p.validationLoss(),
                            p.validationAccuracy(),
                            p.testLoss(),
                            p.testAccuracy(),
                            0));
        }
        return points;
    }
}
