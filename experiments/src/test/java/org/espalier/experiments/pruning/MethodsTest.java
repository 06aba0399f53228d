// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.EliminationCompensation.Compensation;
import org.espalier.experiments.pruning.PruningMethod.Ranking;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The score of each method by hand. */
class MethodsTest {

    @Test
    void magnitudeIsTheAbsoluteWeight() {
        Ranking ranking =
                new Magnitude().rank(FakeEvidence.of(new float[] {-2, 0.5f, 0}, new float[3]));

        assertThat(ranking.scores().get(0)).containsExactly(2, 0.5f, 0);
        assertThat(ranking.shifts()).isEmpty();
    }

    /** |-2 * 0.25| = 0.5, |0.5 * -4| = 2, |3 * 0| = 0. */
    @Test
    void gradientIsTheAbsoluteProduct() {
        FakeEvidence evidence =
                FakeEvidence.of(new float[] {-2, 0.5f, 3}, new float[] {0.25f, -4, 0});

        Ranking ranking = new Gradient(64, 1).rank(evidence);

        assertThat(ranking.scores().get(0)).containsExactly(0.5f, 2, 0);
        assertThat(evidence.askedSamples).isEqualTo(64);
    }

    /**
     * |-w g + 0.5 w^2|: -(-2)(0.25) + 0.5 * 4 = 2.5; -(0.5)(-4) + 0.125 = 2.125; -(3)(2) + 4.5 =
     * -1.5; -(2)(1) + 2 = 0.
     */
    @Test
    void undecayedAddsTheDecayBack() {
        FakeEvidence evidence =
                FakeEvidence.of(new float[] {-2, 0.5f, 3, 2}, new float[] {0.25f, -4, 2, 1});

        Ranking ranking = new Undecayed(new BigDecimal("0.5"), 32, 1).rank(evidence);

        assertThat(ranking.scores().get(0)).containsExactly(2.5f, 2.125f, 1.5f, 0);
        assertThat(evidence.askedSamples).isEqualTo(32);
    }

    @Test
    void undecayedTakesItsDecayFromTheDenseTraining() {
        PruningMethod unset = create("undecayed", Map.of());

        PruningMethod resolved = unset.resolve(recipe("0.00050"));

        assertThat(unset.canonicalText()).isEqualTo("undecayed(samples=128,weight-decay=recipe)");
        assertThat(resolved.canonicalText())
                .isEqualTo("undecayed(samples=128,weight-decay=0.0005)");
        assertThat(resolved.notes()).isEmpty();
        assertThat(unset.notes()).isEmpty();
        assertThat(resolved)
                .isEqualTo(create("undecayed", Map.of("weight-decay", new BigDecimal("5e-4"))));
    }

    @Test
    void undecayedKeepsADecayOfItsOwn() {
        PruningMethod own = create("undecayed", Map.of("weight-decay", new BigDecimal("0.1")));

        assertThat(own.resolve(recipe("0.0005"))).isEqualTo(own);
    }

    @Test
    void undecayedSaysThatItIsGradientWithoutDecay() {
        PruningMethod undecayed = create("undecayed", Map.of()).resolve(recipe("0"));
        float[] w = {-2, 0.5f, 3};
        float[] g = {0.25f, -4, 1e-3f};

        assertThat(undecayed.notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(undecayed.rank(FakeEvidence.of(w, g)).scores().get(0))
                .isEqualTo(new Gradient(128, 1).rank(FakeEvidence.of(w, g)).scores().get(0));
    }

    @Test
    void undecayedWithoutADecayDoesNotGuess() {
        PruningMethod unset = create("undecayed", Map.of());

        assertThatThrownBy(() -> unset.rank(FakeEvidence.of(new float[1], new float[1])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("undecayed has no weight decay yet: resolve it against a recipe first");
    }

    @Test
    void randomDrawsTensorByTensorFromTheGivenStream() {
        List<Tensor> weights =
                List.of(
                        new Tensor("fc1.weight", new int[] {1, 2}, new float[2]),
                        new Tensor("fc2.weight", new int[] {3, 1}, new float[3]));
        RandomStream same = new RandomStream(9);

        Ranking ranking =
                new Uniform()
                        .rank(new FakeEvidence(weights, List.of(), List.of(), new RandomStream(9)));

        assertThat(ranking.scores().get(0)).containsExactly(same.nextFloat(), same.nextFloat());
        assertThat(ranking.scores().get(1))
                .containsExactly(same.nextFloat(), same.nextFloat(), same.nextFloat());
    }

    /**
     * Two units of three inputs over four samples, S0, S1, S2 from their derivatives. Importances
     * and shifts are the minimum, and where it is taken, of E sum_k (dy_k/dW W - dy_k/db db)^2 over
     * db, found by SciPy 1.17.1 {@code optimize.minimize_scalar} and equal to the closed form to
     * 1e-8:
     *
     * <pre>
     *   inputs a = [[1,0,2], [.5,1,2], [2,-1,2], [1,1,2]]
     *   dy/dz of unit 0 = [[1,.5], [2,0], [1,1], [0,1]], of unit 1 = [[1,0], [0,1], [1,1], [2,0]]
     * </pre>
     *
     * Input 2 is constant: the bias makes up for it entirely.
     */
    @Test
    void eliminationCompensationIsTheLeastChangeThatABiasLeaves() {
        Ranking ranking =
                new EliminationCompensation(
                                Compensation.ON,
                                99,
                                Evidence.Output.SOFTMAX,
                                EliminationCompensation.Biases.ALL)
                        .rank(twoUnits());

        assertThat(ranking.scores().get(0))
                .containsExactly(
                        new float[] {0.1875f, 1.4772727f, 0, 1.96875f, 0.0146875f, 0},
                        within(1e-7f));
        assertThat(ranking.shifts().get(0))
                .containsExactly(
                        new float[] {0.5f, -0.36363637f, 0.5f, 2.375f, 0.0375f, -0.6f},
                        within(1e-7f));
    }

    @Test
    void eliminationCompensationAsksForWhatItsSettingsSay() {
        FakeEvidence evidence = twoUnits();

        create("elimination-compensation", Map.of("samples", 99, "output", "softmax"))
                .rank(evidence);

        assertThat(evidence.askedSamples).isEqualTo(99);
        assertThat(evidence.askedOutput).isEqualTo(Evidence.Output.SOFTMAX);
        assertThat(create("elimination-compensation", Map.of()).canonicalText())
                .isEqualTo("elimination-compensation(compensation=on,output=logits,samples=10000)");
    }

    @Test
    void withoutCompensationTheRankingIsTheSame() {
        Ranking on = create("elimination-compensation", Map.of()).rank(twoUnits());
        Ranking off =
                create("elimination-compensation", Map.of("compensation", "off")).rank(twoUnits());

        assertThat(off.scores().get(0)).isEqualTo(on.scores().get(0));
        assertThat(off.shifts()).isEmpty();
    }

    /**
     * W^2 S2: 0.25 * 2.8125, 1 * 1.75, 0.0625 * 8.25 and 4 * 3.3125, 0.01 * 1.75, 0.09 * 8. Of the
     * same data as above, it is E sum_k (dy_k/dW W)^2, with nothing to make up for it; input 2,
     * which is constant, costs as much as any.
     */
    @Test
    void withoutABiasTheWholeChangeCounts() {
        FakeEvidence evidence = twoUnits();
        evidence.biased = false;
        double[][] inputs = {{1, 0, 2}, {0.5, 1, 2}, {2, -1, 2}, {1, 1, 2}};
        double[][][] derivatives = {
            {{1, 0.5}, {2, 0}, {1, 1}, {0, 1}}, {{1, 0}, {0, 1}, {1, 1}, {2, 0}}
        };

        Ranking ranking = create("elimination-compensation", Map.of()).rank(evidence);

        assertThat(ranking.scores().get(0))
                .containsExactly(
                        new float[] {0.703125f, 1.75f, 0.515625f, 13.25f, 0.0175f, 0.72f},
                        within(1e-6f));
        assertThat(ranking.shifts().get(0)).containsOnly(0f, -0f);
        float[] biased =
                create("elimination-compensation", Map.of()).rank(twoUnits()).scores().get(0);
        for (int i = 0; i < 6; i++) {
            float w = evidence.weights().get(0).values()[i];
            double[][] unit = derivatives[i / 3];
            int input = i % 3;
            assertThat(ranking.scores().get(0)[i])
                    .isCloseTo((float) change(inputs, unit, input, w, 0), within(1e-5f));
            assertThat(biased[i])
                    .isCloseTo((float) leastChange(inputs, unit, input, w), within(1e-5f));
        }
    }

    /** E sum_k (dy_k/dz a W - dy_k/dz db)^2. */
    private static double change(double[][] a, double[][] dydz, int input, double w, double db) {
        double sum = 0;
        for (int x = 0; x < a.length; x++) {
            for (double derivative : dydz[x]) {
                double change = derivative * (a[x][input] * w - db);
                sum += change * change;
            }
        }
        return sum / a.length;
    }

    /** Its least over db: a parabola, in thirds. */
    private static double leastChange(double[][] a, double[][] dydz, int input, double w) {
        double low = -10;
        double high = 10;
        for (int step = 0; step < 200; step++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (change(a, dydz, input, w, left) < change(a, dydz, input, w, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return change(a, dydz, input, w, (low + high) / 2);
    }

    /** Only where a layer has no bias did its scores change, so only there does its name. */
    @Test
    void networksWithLayersWithoutBiasHaveATextOfTheirOwn() {
        String resnet = structure("resnet-20");
        String plain = "elimination-compensation(compensation=on,output=logits,samples=10000)";
        PruningMethod method = create("elimination-compensation", Map.of());
        PruningMethod large = create("elimination-compensation", Map.of("target", "large"));

        assertThat(method.on(structure("lenet-5"))).isEqualTo(method);
        assertThat(method.on(structure("mlp-3")).canonicalText()).isEqualTo(plain);
        assertThat(method.on(resnet).canonicalText()).isEqualTo(plain + "[without-bias=unshifted]");
        assertThat(method.on(resnet).settings()).isEqualTo(method.settings());
        assertThat(large.on(resnet).canonicalText())
                .endsWith(",target=large)[without-bias=unshifted]");
        assertThat(create("gradient", Map.of()).on(resnet)).isEqualTo(create("gradient", Map.of()));
    }

    private static String structure(String architecture) {
        return Architectures.create(
                        architecture,
                        new Shape(3, 32, 32),
                        10,
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY)
                .canonicalText();
    }

    @Test
    void aUnitThatNoOutputReactsToCostsNothing() {
        Sensitivity dead = new Sensitivity("fc1", new double[1], new double[2], new double[2]);

        Ranking ranking = eliminationCompensation(dead, 3, 4);

        assertThat(ranking.scores().get(0)).containsExactly(0, 0);
        assertThat(ranking.shifts().get(0)).containsExactly(0, 0);
    }

    /** S2 - S1^2 / S0 = 0.5 - 0.6^2 / 0.7 = -0.0143: no data give that, only rounding. */
    @Test
    void anImportanceBelowZeroByRoundingIsZero() {
        Sensitivity rounded =
                new Sensitivity("fc1", new double[] {0.7}, new double[] {0.6}, new double[] {0.5});

        assertThat(eliminationCompensation(rounded, 2).scores().get(0)).containsExactly(0);
    }

    @Test
    void aSensitivityThatIsNotANumberGivesScoresThatCannotBeRanked() {
        Sensitivity diverged =
                new Sensitivity(
                        "fc1", new double[] {1}, new double[] {Double.NaN}, new double[] {1});

        assertThat(eliminationCompensation(diverged, 2).scores().get(0)).containsExactly(Float.NaN);
    }

    @Test
    void refusesEvidenceThatDoesNotFit() {
        float[] three = new float[3];
        FakeEvidence shortGradient = FakeEvidence.of(three, new float[2]);
        FakeEvidence none =
                new FakeEvidence(
                        shortGradient.weights(), List.of(), List.of(), new RandomStream(1));

        assertThatThrownBy(() -> new Gradient(1, 1).rank(shortGradient))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fc1.weight has 3 weights but a gradient of 2");
        assertThatThrownBy(() -> new Gradient(1, 1).rank(none))
                .hasMessage("expected 1 gradients, one for each prunable tensor, got 0");
        assertThatThrownBy(() -> create("elimination-compensation", Map.of()).rank(none))
                .hasMessage("expected 1 sensitivities, one for each prunable tensor, got 0");
        Sensitivity two = new Sensitivity("fc1", new double[1], new double[2], new double[2]);
        assertThatThrownBy(() -> eliminationCompensation(two, 1, 2, 3))
                .hasMessage("fc1.weight has 3 weights but a sensitivity of 2");
    }

    @Test
    void refusesASensitivityWhoseMomentsDoNotFit() {
        assertThatThrownBy(
                        () -> new Sensitivity("fc1", new double[2], new double[5], new double[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sensitivity of fc1 has 2, 5 and 5 values");
        assertThatThrownBy(
                        () -> new Sensitivity("fc1", new double[2], new double[4], new double[6]))
                .hasMessage("sensitivity of fc1 has 2, 4 and 6 values");
        assertThatThrownBy(
                        () -> new Sensitivity("fc1", new double[0], new double[0], new double[0]))
                .hasMessage("sensitivity of fc1 has 0, 0 and 0 values");
        assertThat(new Sensitivity("fc1", new double[2], new double[6], new double[6]).inputs())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient", "undecayed", "elimination-compensation"})
    void refusesToLookAtNoSample(String id) {
        assertThatThrownBy(() -> create(id, Map.of("samples", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("samples must be at least 1, got 0");
        assertThat(create(id, Map.of("samples", 1)).settings()).containsEntry("samples", "1");
    }

    /** One batch is what there was before a number could be said; it is in no text. */
    @ParameterizedTest
    @ValueSource(strings = {"gradient", "undecayed"})
    void severalBatchesAreAskedForAndSaid(String id) {
        PruningMethod one = create(id, Map.of("batches", 1));
        PruningMethod three = create(id, Map.of("batches", 3, "samples", 5));

        assertThat(one).isEqualTo(create(id, Map.of()));
        assertThat(one.settings()).doesNotContainKey("batches");
        assertThat(three.canonicalText()).startsWith(id + "(batches=3,samples=5");
        assertThat(three.needs()).containsExactly(new Need.Gradient(5, 3));
        assertThatThrownBy(() -> create(id, Map.of("batches", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batches must be at least 1, got 0");
    }

    @Test
    void refusesANegativeDecay() {
        assertThatThrownBy(() -> new Undecayed(new BigDecimal("-1e-4"), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight-decay must not be negative, got -0.0001");
    }

    @Test
    void settingsSayWhatTheyExpect() {
        assertThat(Methods.find("elimination-compensation").orElseThrow().settings())
                .extracting(MethodDefinition.Setting::expected)
                .containsExactly(
                        "one of on, off",
                        "a whole number of at least 1",
                        "one of logits, softmax",
                        "one of small, large");
        assertThat(Methods.find("undecayed").orElseThrow().settings().get(0).minimum())
                .isEqualTo(BigDecimal.ZERO);
        assertThat(Methods.find("gradient").orElseThrow().settings().get(0).minimum())
                .isEqualTo(BigDecimal.ONE);
    }

    @Test
    void methodsWithoutSettingsAreTheirName() {
        assertThat(new Magnitude().canonicalText()).isEqualTo("magnitude");
        assertThat(new Uniform().canonicalText()).isEqualTo("random");
        assertThat(new Magnitude().notes()).isEmpty();
        assertThat(new Magnitude().resolve(recipe("0"))).isEqualTo(new Magnitude());
    }

    @Test
    void aLargeTargetIsPartOfTheMethodsTextAndASmallOneIsNot() {
        PruningMethod large = create("undecayed", Map.of("target", "large"));

        assertThat(create("magnitude", Map.of("target", "large")).canonicalText())
                .isEqualTo("magnitude(target=large)");
        assertThat(create("magnitude", Map.of("target", "small"))).isEqualTo(new Magnitude());
        assertThat(large.resolve(recipe("0")).canonicalText())
                .isEqualTo("undecayed(samples=128,target=large,weight-decay=0)");
        assertThat(large.resolve(recipe("0")).notes()).hasSize(1);
    }

    private static FakeEvidence twoUnits() {
        Sensitivity sensitivity =
                new Sensitivity(
                        "fc1",
                        new double[] {2.0625, 2},
                        new double[] {2.0625, 0.75, 4.125, 2.375, 0.75, 4},
                        new double[] {2.8125, 1.75, 8.25, 3.3125, 1.75, 8});
        Tensor weights =
                new Tensor(
                        "fc1.weight",
                        new int[] {2, 3},
                        new float[] {0.5f, -1, 0.25f, 2, 0.1f, -0.3f});
        return new FakeEvidence(
                List.of(weights), List.of(), List.of(sensitivity), new RandomStream(1));
    }

    private static Ranking eliminationCompensation(Sensitivity sensitivity, float... w) {
        Tensor weights = new Tensor("fc1.weight", new int[] {1, w.length}, w);
        return create("elimination-compensation", Map.of())
                .rank(
                        new FakeEvidence(
                                List.of(weights),
                                List.of(),
                                List.of(sensitivity),
                                new RandomStream(1)));
    }

    private static PruningMethod create(String id, Map<String, Object> given) {
        return Methods.find(id).orElseThrow().create().apply(given);
    }

    private static Recipe recipe(String decay) {
        Training dense =
                new Training(
                        new Optimizer.Sgd(),
                        LearningRate.constant(BigDecimal.ONE),
                        new WeightDecay(new BigDecimal(decay), WeightDecay.Kind.COUPLED),
                        64,
                        1);
        Training fineTune =
                new Training(
                        new Optimizer.Sgd(),
                        LearningRate.constant(BigDecimal.ONE),
                        new WeightDecay(new BigDecimal("0.3"), WeightDecay.Kind.COUPLED),
                        64,
                        1);
        return new Recipe(
                "default",
                "auto",
                dense,
                new ScheduleSettings.OneShot(),
                fineTune,
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                Recipe.StartFrom.LAST,
                Recipe.OptimizerState.FRESH,
                BigDecimal.ZERO,
                Recipe.TrainEvaluation.ON,
                Recipe.Recorded.NONE,
                0);
    }
}
