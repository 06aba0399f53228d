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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.store.SomeStates;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Selection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One-shot cells, stage by stage; the operations of other schedules are in OperationsTest. */
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
        tiny.keep(two, store);

        NetworkState direct = tiny.reach(four, store());
        NetworkState continued;
        try (StageRunner runner = tiny.runner(four, store)) {
            continued = runner.reach(four);
            assertThat(runner.epochsTrained()).isEqualTo(2);
        }

        SomeStates.assertSameNetwork(continued, direct);
        assertThat(continued.journal().curve("dense", 0).stream().map(StageRunnerTest::timeless))
                .isEqualTo(
                        direct.journal().curve("dense", 0).stream()
                                .map(StageRunnerTest::timeless)
                                .toList());
        assertThat(direct.journal().curve("dense", 0))
                .extracting(CurvePoint::epoch)
                .containsExactly(1, 2, 3, 4);
    }

    /** 56 samples in batches of 16 are 4 updates an epoch: 6 of 12 are in the second's middle. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void aTrainingIsTheSameWhereverItIsCut(Training training) throws Exception {
        Stage three = dense(training.withEpochs(3), "0.2");
        Train whole = (Train) three.operation();
        NetworkState direct = tiny.reach(three, store());

        for (List<Step> cuts :
                List.of(
                        List.of(Step.iterations(1)),
                        List.of(Step.iterations(6)),
                        List.of(Step.iterations(6), Step.iterations(7), Step.epochs(2)),
                        List.of(Step.epochs(1), Step.iterations(11)))) {
            Stage stage = null;
            Step from = Step.ZERO;
            for (Step to : Stream.concat(cuts.stream(), Stream.of(Step.epochs(3))).toList()) {
                Train part = whole.between(from, to);
                stage =
                        stage == null
                                ? Stage.of(part, three.inputs().get(0), three.inputs().get(1))
                                : Stage.of(
                                        part.with(Recipe.OptimizerState.KEPT),
                                        stage,
                                        three.inputs().get(1));
                from = to;
            }
            assertThat(stage).isEqualTo(three); // by name: so it must be the same in bits

            NetworkState cut = tiny.reach(stage, store());
            SomeStates.assertSameNetwork(cut, direct);
            assertThat(cut.journal().curve("dense", 0).stream().map(StageRunnerTest::timeless))
                    .as("%s", cuts)
                    .isEqualTo(
                            direct.journal().curve("dense", 0).stream()
                                    .map(StageRunnerTest::timeless)
                                    .toList());
            assertThat(cut.journal().lastTraining().orElseThrow().selections())
                    .isEqualTo(direct.journal().lastTraining().orElseThrow().selections());
        }
    }

    /** As if each task had found only what the one before it left. */
    @Test
    void stagesAreTheSameInOneGoOrThroughTheStore() throws Exception {
        Stage leaf = leaf(cell("gradient", "0.5", recipe(2, 2)));
        String store = store();

        for (Stage stage : leaf.path()) {
            if (stage.network().isPresent()) {
                tiny.keep(stage, store);
            }
        }
        NetworkState stepwise = tiny.store(store).read(leaf.name()).orElseThrow();
        NetworkState direct = tiny.reach(leaf, store());

        SomeStates.assertSameNetwork(stepwise, direct);
        assertThat(Timeless.of(stepwise.journal())).isEqualTo(Timeless.of(direct.journal()));
        try (StageRunner runner = tiny.runner(leaf, store)) {
            runner.reach(leaf);
            assertThat(runner.epochsTrained()).isZero();
        }
    }

    /** A branch that finds its trunk damaged makes it again, and the next one finds it. */
    @Test
    void aDamagedTrunkIsTrainedOnceMore() throws Exception {
        Stage first = leaf(cell("gradient", "0.5", recipe(2, 1)));
        Stage second = leaf(cell("magnitude", "0.5", recipe(2, 1)));
        Stage trunk = tiny.planned(cell("gradient", "0.5", recipe(2, 1))).programme().trunk();
        String store = store();
        NetworkState whole = tiny.keep(trunk, store);
        Path file =
                tiny.folder
                        .resolve(store)
                        .resolve(trunk.name().substring(0, 2))
                        .resolve(trunk.name() + ".snapshot");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));

        assertThat(epochs(first, store, trunk)).isEqualTo(3);
        assertThat(epochs(second, store, trunk)).isEqualTo(1);
        SomeStates.assertSameNetwork(tiny.store(store).read(trunk.name()).orElseThrow(), whole);
    }

    private double epochs(Stage leaf, String store, Stage kept) throws Exception {
        try (StageRunner runner = tiny.runner(leaf, store, Set.of(kept))) {
            runner.reach(leaf);
            return runner.epochsTrained();
        }
    }

    /** Nothing but the measurements on the training samples is left out. */
    @Test
    void trainEvaluationCanBeLeftOut() {
        Recipe on = recipe(2, 1);
        Recipe off = Tiny.measuring(on, Recipe.TrainEvaluation.OFF, Recipe.Recorded.NONE);

        CellRow with = row(cell("magnitude", "0.5", on));
        CellRow without = row(cell("magnitude", "0.5", off));

        assertThat(without.identity()).isEqualTo(with.identity());
        for (List<Evaluation> pair :
                List.of(
                        List.of(with.dense(), without.dense()),
                        List.of(with.pruned(), without.pruned()),
                        List.of(with.fineTuned(), without.fineTuned()))) {
            assertThat(pair.get(0).train()).isNotNull();
            assertThat(pair.get(1).train()).isNull();
            assertThat(pair.get(1).test()).isEqualTo(pair.get(0).test());
        }
    }

    /** 33 test samples: the classes that were counted are the classes that are told of. */
    @Test
    void predictionsAreThoseThatWereCounted() {
        Recipe all =
                Tiny.measuring(
                        recipe(2, 1), Recipe.TrainEvaluation.OFF, Recipe.Recorded.PREDICTIONS);

        CellRow row = row(cell("magnitude", "0.5", all));
        CellRow without = row(cell("magnitude", "0.5", recipe(2, 1)));

        assertThat(without.dense().predictions()).isNull();
        for (Evaluation evaluation : List.of(row.dense(), row.pruned(), row.fineTuned())) {
            List<Integer> classes = evaluation.predictions().classes();
            assertThat(classes).hasSize(33);
            assertThat(evaluation.predictions().confidences())
                    .hasSize(33)
                    .allMatch(c -> c >= 85 && c <= 255); // at least 1 / 3
            for (int predicted = 0; predicted < 3; predicted++) {
                int of = predicted;
                long said = classes.stream().filter(c -> c == of).count();
                long counted =
                        evaluation.test().confusion().stream().mapToLong(r -> r.get(of)).sum();
                assertThat(said).isEqualTo(counted);
            }
        }
        assertThat(row.dense().test()).isEqualTo(without.dense().test());
        assertThat(row.fineTuned().test()).isEqualTo(without.fineTuned().test());
    }

    @Test
    void theControlIsFineTunedAlikeAndNotPruned() throws Exception {
        Cell cell = Tiny.control(Control.FINE_TUNED, recipe(2, 2));
        CellRow control = row(cell);
        NetworkState state = tiny.reach(leaf(cell), store());

        assertThat(state.masks()).isEmpty();
        assertThat(control.events()).isEmpty();
        assertThat(control.dense().test().loss()).isEqualTo(control.curve().get(1).testLoss());
        assertThat(control.pruned()).isEqualTo(control.dense());
        assertThat(control.fineTuned()).isNotEqualTo(control.dense());
        assertThat(control.sparsity())
                .isEqualTo(
                        new CellRow.Sparsity(
                                0,
                                0.0,
                                1.0,
                                List.of(
                                        new LayerSparsity("fc1", 288, 0, 0),
                                        new LayerSparsity("fc2", 24, 0, 0)),
                                0));
        assertThat(control.network().prunableWeights()).isEqualTo(36 * 8 + 8 * 3);
        assertThat(zeros(state)).isZero();
        assertThat(state.place().epochs()).isEqualTo(4);
    }

    /** Another order of samples is all that differs, and not before fine-tuning. */
    @Test
    void theSecondControlDiffersByTheOrderOfFineTuning() {
        CellRow one = row(Tiny.control(Control.FINE_TUNED, recipe(2, 2)));
        CellRow two = row(Tiny.control(Control.OTHER_ORDER, recipe(2, 2)));

        assertThat(two.dense()).isEqualTo(one.dense());
        assertThat(two.identity().trunk()).isEqualTo(one.identity().trunk());
        assertThat(two.fineTuned()).isNotEqualTo(one.fineTuned());
        assertThat(two.seed()).isEqualTo(one.seed());
        assertThat(one.seeds().fineTuneOrder()).isEqualTo(1);
        assertThat(two.seeds().fineTuneOrder()).isEqualTo(-2);
        assertThat(two.seeds().denseOrder()).isEqualTo(1);
    }

    /** 2 + 2 epochs are a dense training of 4, and its bits are those. */
    @Test
    void theControlThatIsTrainedAsLongIsADenseTrainingOfThatLength() throws Exception {
        Cell longer = Tiny.control(Control.TRAINED_AS_LONG, recipe(2, 2));
        CellRow row = row(longer);
        NetworkState four = tiny.reach(dense(ADAM.withEpochs(4), "0"), store());

        SomeStates.assertSameNetwork(tiny.reach(leaf(longer), store()), four);
        assertThat(row.fineTuned().test().loss())
                .isEqualTo(four.journal().curve("dense", 0).get(3).testLoss());
        assertThat(row.dense().test().loss())
                .isEqualTo(four.journal().curve("dense", 0).get(1).testLoss());
        assertThat(row.dense()).isEqualTo(row.pruned());
        assertThat(row.dense().train()).isNotNull();
        assertThat(row.curve()).extracting(CurvePoint::phase).containsOnly("dense").hasSize(4);
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
            Cell cell = cell("magnitude", "0.9", recipe);
            NetworkState state = tiny.reach(leaf(cell), store());
            CellRow row = row(cell);

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
            assertThat(row.events().get(0).touched()).isEqualTo(281);
            assertThat(row.events().get(0).remaining()).isEqualTo(31);
            assertThat(row.sparsity().achieved()).isCloseTo(281 / 312.0, within(1e-15));
        }
    }

    /** A rate that ruins the network late: the best epoch by validation is an early one. */
    @Test
    void startsFromTheBestEpochByValidation() {
        Training ruinous =
                new Training(
                        ADAM.optimizer(),
                        new LearningRate(new BigDecimal("0.01"), List.of(3), new BigDecimal("100")),
                        ADAM.weightDecay(),
                        16,
                        6);
        CellRow best =
                row(cell("magnitude", "0", validated(ruinous, Recipe.StartFrom.BEST_VALIDATION)));
        CellRow last = row(cell("magnitude", "0", validated(ruinous, Recipe.StartFrom.LAST)));
        int epoch =
                best.selections().stream()
                        .filter(s -> s.rule().equals("validation-accuracy"))
                        .mapToInt(Selection::epoch)
                        .findFirst()
                        .orElseThrow();
        CurvePoint point = best.curve().get(epoch - 1);

        assertThat(epoch).isLessThan(6);
        assertThat(best.dense().test().loss()).isEqualTo(point.testLoss());
        assertThat(best.dense().test().accuracy()).isEqualTo(point.testAccuracy());
        assertThat(last.dense().test().loss()).isEqualTo(last.curve().get(5).testLoss());
        assertThat(last.selections()).isEqualTo(best.selections());
        assertThat(best.identity().trunk()).isEqualTo(last.identity().trunk());
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
        Cell cell = cell("magnitude", "0", recipe);
        NetworkState state = tiny.reach(leaf(cell), store());
        CellRow row = row(cell);

        assertThat(state.parameters().get(0).values())
                .isEqualTo(tiny.beginning(leaf(cell)).parameters().get(0).values());
        assertThat(row.curve()).isEmpty();
        assertThat(row.selections()).isEmpty();
        assertThat(row.fineTuned()).isEqualTo(row.dense());
    }

    /** 70 samples in batches of 16 are 5 updates an epoch; 2 + 1 epochs are 15, 1 epoch is 5. */
    @Test
    void theOptimizersStateIsFreshOrKept() throws Exception {
        Cell fresh = cell("magnitude", "0.5", state(Recipe.OptimizerState.FRESH));
        Cell kept = cell("magnitude", "0.5", state(Recipe.OptimizerState.KEPT));
        NetworkState keptState = tiny.reach(leaf(kept), store());

        assertThat(updates(tiny.reach(leaf(fresh), store()))).isEqualTo(5);
        assertThat(updates(keptState)).isEqualTo(15);
        assertThat(row(kept).pruned()).isEqualTo(row(fresh).pruned());
        assertThat(row(kept).fineTuned()).isNotEqualTo(row(fresh).fineTuned());
        for (Map.Entry<String, Mask> entry : keptState.masks().entrySet()) {
            float[] mean =
                    keptState.optimizer().stream()
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
        Cell undecayed = cell("undecayed", "0.8", recipe(2, 1));
        Cell gradient = cell("gradient", "0.8", recipe(2, 1));

        SomeStates.assertSameNetwork(
                tiny.reach(leaf(undecayed), store()), tiny.reach(leaf(gradient), store()));
        assertThat(row(undecayed).fineTuned()).isEqualTo(row(gradient).fineTuned());
        assertThat(row(undecayed).notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(row(gradient).notes()).isEmpty();
    }

    @Test
    void noiseOnLabelsLeavesTheTestLabelsClean() {
        Evaluation clean = row(noisy("0")).dense();
        Evaluation noisy = row(noisy("0.5")).dense();

        assertThat(noisy.test().classSupport()).isEqualTo(clean.test().classSupport());
        assertThat(noisy.train().classSupport()).isNotEqualTo(clean.train().classSupport());
        assertThat(noisy.train().accuracy()).isLessThan(clean.train().accuracy() - 0.1);
        assertThat(noisy.testClean()).isNull();
        assertThat(noisy.trainClean().classSupport()).isEqualTo(clean.train().classSupport());
        assertThat(noisy.flipped().samples()).isPositive();
        assertThat(clean.trainClean()).isNull();
        assertThat(clean.flipped()).isNull();
    }

    private static Cell noisy(String noise) {
        return cell("mlp-8", Tiny.DIGITS, noise, "magnitude", "0.5", recipe(3, 1));
    }

    /** U(-a, a) has variance a^2 / 3, and the errors of the network do not know of it. */
    @Test
    void aNoisyRegressionIsMeasuredOnCleanTargetsToo() {
        Evaluation noisy = regression("0.3");

        assertThat(noisy.testClean().samples()).isEqualTo(2_000);
        assertThat(noisy.test().samples()).isEqualTo(2_000);
        assertThat(noisy.test().loss() - noisy.testClean().loss())
                .isCloseTo(0.3 * 0.3 / 3, within(0.005));
        assertThat(noisy.test().accuracy()).isNull();
        assertThat(regression("0").testClean()).isNull();
    }

    private Evaluation regression(String noise) {
        return row(cell("mlp-4-tanh", "diffusion-sorption", noise, "magnitude", "0", recipe(1, 0)))
                .dense();
    }

    private Stage dense(Training training, String validation) {
        Recipe recipe =
                recipe(
                        training,
                        training,
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        validation);
        return tiny.planned(cell("magnitude", "0.5", recipe)).programme().trunk();
    }

    private Stage leaf(Cell cell) {
        return tiny.planned(cell).programme().leaf();
    }

    private CellRow row(Cell cell) {
        StageTask.Outcome outcome = tiny.run(tiny.planned(cell), store());
        assertThat(outcome.failure()).isNull();
        return outcome.rows().get(0);
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

    private static CurvePoint timeless(CurvePoint p) {
        return new CurvePoint(
                p.phase(),
                p.round(),
                p.epoch(),
                p.learningRate(),
                p.trainLoss(),
                p.trainAccuracy(),
                p.validationLoss(),
                p.validationAccuracy(),
                p.testLoss(),
                p.testAccuracy(),
                0);
    }
}
