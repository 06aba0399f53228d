// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.PruningMethod.Ranking;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe.OutputLayer;
import org.espalier.experiments.recipe.Recipe.Scope;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On 3 inputs, 2 units and 1 output: 6 weights in fc1 and 2 in fc2, 3 biases, so n = 8 of N = 11.
 */
class PrunerTest {
    private static final Architecture NETWORK =
            Architectures.create("mlp-2", Shape.flat(3), 1, Architecture.Loss.SQUARED_ERROR);
    private static final Ranking SCORES =
            Ranking.of(List.of(new float[] {6, 1, 5, 2, 4, 3}, new float[] {0.5f, 7}));
    private static final Pruner GLOBAL = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.PRUNE);
    private static final Pruner LAYER_WISE =
            new Pruner(NETWORK, Scope.LAYER_WISE, OutputLayer.PRUNE);

    /** Of 8 the highest 4: 7, 6, 5, 4. Pruned 1, 2, 3, 0.5: mean 1.625. 11 / (11 - 4) remain. */
    @Test
    void aGlobalRankingComparesAllLayers() {
        Pruning pruning = GLOBAL.prune(SCORES, ratio("0.5"));

        assertThat(bits(pruning, "fc1.weight")).isEqualTo("101010");
        assertThat(bits(pruning, "fc2.weight")).isEqualTo("01");
        assertThat(pruning.masks().keySet()).containsExactly("fc1.weight", "fc2.weight");
        assertThat(pruning.layers())
                .containsExactly(
                        new LayerSparsity("fc1", 6, 3, 3), new LayerSparsity("fc2", 2, 1, 1));
        assertThat(pruning.prunable()).isEqualTo(8);
        assertThat(pruning.asked()).isEqualTo(4);
        assertThat(pruning.pruned()).isEqualTo(4);
        assertThat(pruning.scores().pruned()).isEqualTo(4);
        assertThat(pruning.sparsityAsked()).isEqualTo(0.5);
        assertThat(pruning.sparsityAchieved()).isEqualTo(0.5);
        assertThat(pruning.compressionAchieved()).isEqualTo(11.0 / 7);
        assertThat(pruning.scores().threshold()).hasValue(4);
        assertThat(pruning.scores().meanPruned()).hasValue(1.625);
        assertThat(pruning.shifts()).isEmpty();
        assertThat(pruning.compensationNorm()).isEmpty();
        assertThat(pruning.notes()).isEmpty();
    }

    /**
     * Of 8 the lowest 4 stay: 0.5, 1, 2, 3. Pruned 6, 5, 4, 7: mean 5.5. The threshold is the
     * highest that stays, and shifts are those of what is pruned.
     */
    @Test
    void aLargeTargetTakesTheHighestScores() {
        Ranking large =
                new Ranking(shifting().scores(), shifting().shifts(), PruningMethod.Target.LARGE);

        Pruning pruning = GLOBAL.prune(large, ratio("0.5"));

        assertThat(bits(pruning, "fc1.weight")).isEqualTo("010101");
        assertThat(bits(pruning, "fc2.weight")).isEqualTo("10");
        assertThat(pruning.scores().threshold()).hasValue(3);
        assertThat(pruning.scores().ties()).hasValue(1);
        assertThat(pruning.scores().meanPruned()).hasValue(5.5);
        // of weights 0 and 2 in the first row, of 4 in the second, and of 1 in the next layer
        assertThat(pruning.shifts().get("fc1.bias")).containsExactly(1 + 4, 16);
        assertThat(pruning.shifts().get("fc2.bias")).containsExactly(128);
    }

    /** Scores 0, 1 | 0, 0 and -0 are all alike: of equal scores the lower index stays here too. */
    @Test
    void aLargeTargetKeepsTheLowerIndexOfEqualScores() {
        Ranking large =
                new Ranking(
                        List.of(new float[] {1, 0, -0f, 0, 0, 0}, new float[] {0, 1}),
                        List.of(),
                        PruningMethod.Target.LARGE);

        assertThat(bits(GLOBAL.prune(large, ratio("0.5")), "fc1.weight")).isEqualTo("011110");
        // 3 of 6 and 1 of 2
        Pruning layers = LAYER_WISE.prune(large, ratio("0.5"));
        assertThat(bits(layers, "fc1.weight")).isEqualTo("011100");
        assertThat(bits(layers, "fc2.weight")).isEqualTo("10");
    }

    /**
     * Of 8 scores 6, 1, 5, 2, 4, 3 | 0.5, 0.25 half stay: 6, 5, 4, 3, and none of fc2. With one for
     * each layer 0.5 stays first, and of the rest 6, 5, 4: four again.
     */
    @Test
    void aLayerCanKeepAMinimum() {
        Ranking ranking =
                Ranking.of(List.of(new float[] {6, 1, 5, 2, 4, 3}, new float[] {0.5f, 0.25f}));
        Pruner one = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.PRUNE, 1);

        Pruning without = GLOBAL.prune(ranking, ratio("0.5"));
        Pruning with = one.prune(ranking, ratio("0.5"));
        Pruning further = one.prune(ranking, ratio("0.75"), with.masks());

        assertThat(bits(without, "fc1.weight")).isEqualTo("101011");
        assertThat(without.notes())
                .containsExactly("all 2 prunable weights of layer fc2 are pruned");
        assertThat(bits(with, "fc1.weight")).isEqualTo("101010");
        assertThat(bits(with, "fc2.weight")).isEqualTo("10");
        assertThat(with.pruned()).isEqualTo(with.asked()).isEqualTo(4);
        assertThat(with.notes()).isEmpty();
        assertThat(with.scores().threshold()).hasValue(0.5);
        assertThat(bits(further, "fc1.weight")).isEqualTo("100000");
        assertThat(bits(further, "fc2.weight")).isEqualTo("10");
        assertThat(one.minimum()).isEqualTo(2);
    }

    /** fc2 has 2 weights and keeps them all; with 3 of fc1 that is 5 of 8. */
    @Test
    void aLayerOfFewerThanTheMinimumKeepsAll() {
        Pruner three = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.PRUNE, 3);
        Ranking ranking =
                Ranking.of(List.of(new float[] {6, 1, 5, 2, 4, 3}, new float[] {0.5f, 0.25f}));

        // 8 * 0.65 = 5.2 keeps 5, 8 * 0.5 keeps 4
        Pruning pruning = three.prune(ranking, ratio("0.35"));

        assertThat(three.minimum()).isEqualTo(5);
        assertThat(bits(pruning, "fc1.weight")).isEqualTo("101010");
        assertThat(bits(pruning, "fc2.weight")).isEqualTo("11");
        assertThatThrownBy(() -> three.prune(ranking, ratio("0.5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("min-per-layer 3 keeps 5 weights at least, more than the 4 to be kept");
    }

    /** A large target keeps the lowest scores, in each layer too. */
    @Test
    void theMinimumIsOfWhatTheTargetLeaves() {
        Ranking large =
                new Ranking(
                        List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {8, 7}),
                        List.of(),
                        PruningMethod.Target.LARGE);
        Pruner one = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.PRUNE, 1);

        Pruning pruning = one.prune(large, ratio("0.5"));

        assertThat(bits(pruning, "fc1.weight")).isEqualTo("111000");
        assertThat(bits(pruning, "fc2.weight")).isEqualTo("01");
    }

    /** 6 * 0.25 = 1.5 keeps 2, 2 * 0.25 = 0.5 keeps 1: 5 of 8 pruned where 0.75 was asked. */
    @Test
    void aLayerWiseRankingRoundsInEachLayer() {
        Pruning pruning = LAYER_WISE.prune(SCORES, ratio("0.75"));

        assertThat(bits(pruning, "fc1.weight")).isEqualTo("101000");
        assertThat(bits(pruning, "fc2.weight")).isEqualTo("01");
        assertThat(pruning.layers())
                .containsExactly(
                        new LayerSparsity("fc1", 6, 4, 4), new LayerSparsity("fc2", 2, 1, 1));
        assertThat(pruning.asked()).isEqualTo(5);
        assertThat(pruning.pruned()).isEqualTo(5);
        assertThat(pruning.sparsityAsked()).isEqualTo(0.75);
        assertThat(pruning.sparsityAchieved()).isEqualTo(0.625);
        assertThat(pruning.scores().threshold()).isEmpty();
        assertThat(pruning.scores().meanPruned()).hasValue((1 + 2 + 4 + 3 + 0.5) / 5);
    }

    /** n = 6 of N = 11: the two weights of fc2 count with what cannot be pruned. */
    @Test
    void theOutputLayerCanBeKept() {
        Pruner pruner = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.KEEP);

        Pruning half = pruner.prune(first(SCORES), ratio("0.5"));
        // 11 / 2 - 5 = 0.5 keeps 1
        Pruning compressed =
                pruner.prune(first(SCORES), new Ratio(Ratio.Kind.COMPRESSION, new BigDecimal(2)));

        assertThat(pruner.prunable()).extracting(Parameter::name).containsExactly("fc1.weight");
        assertThat(bits(half, "fc1.weight")).isEqualTo("101010");
        assertThat(bits(half, "fc2.weight")).isEqualTo("11");
        assertThat(half.prunable()).isEqualTo(6);
        assertThat(half.layers()).containsExactly(new LayerSparsity("fc1", 6, 3, 3));
        assertThat(bits(compressed, "fc1.weight")).isEqualTo("100000");
        assertThat(compressed.compressionAchieved()).isEqualTo(11.0 / 6);
        assertThat(compressed.sparsityAsked()).isCloseTo(1 - 0.5 / 6, within(1e-15));
    }

    /** What this pruning took of each layer, and what it left. */
    @Test
    void tellsWhatItTookOfEachLayer() {
        Pruning once = GLOBAL.prune(shifting(), ratio("0.5"));
        Pruning twice = GLOBAL.prune(shifting(), ratio("0.75"), once.masks());

        // shifts of fc1's biases 2 and 40, then 4 and 16; of fc2's 64, then none
        assertThat(once.touched())
                .containsExactly(
                        new LayerEvent("fc1", 3, 3, null, null, Math.sqrt(2 * 2 + 40 * 40)),
                        new LayerEvent("fc2", 1, 1, null, null, 64.0));
        assertThat(twice.touched())
                .containsExactly(
                        new LayerEvent("fc1", 2, 1, null, null, Math.sqrt(4 * 4 + 16 * 16)),
                        new LayerEvent("fc2", 0, 1, null, null, 0.0));
        assertThat(GLOBAL.prune(SCORES, ratio("0.5")).touched())
                .extracting(LayerEvent::shiftNorm)
                .containsOnlyNulls();
    }

    /** Scores 0, 0, 1, 1, 1, 2 | 0, 1, half kept: 4 of the 1s and the 2; all four 1s are alike. */
    @Test
    void countsZerosAndTies() {
        Ranking ranking = Ranking.of(List.of(new float[] {0, 0, 1, 1, 1, 2}, new float[] {0, 1}));

        Pruning half = GLOBAL.prune(ranking, ratio("0.5"));
        Pruning layers = LAYER_WISE.prune(ranking, ratio("0.5"));

        assertThat(half.scores().zeros()).isEqualTo(3);
        assertThat(half.scores().threshold()).hasValue(1);
        assertThat(half.scores().ties()).hasValue(4);
        assertThat(half.scores().meanPruned()).hasValue(0.25); // 0, 0, 0 and a 1
        assertThat(layers.scores().zeros()).isEqualTo(3);
        assertThat(layers.scores().ties()).isEmpty();
        // zeros that are pruned already are no longer counted
        assertThat(GLOBAL.prune(ranking, ratio("0.75"), half.masks()).scores().zeros()).isZero();
    }

    /** Row 0 of fc1 loses weight 1, row 1 weights 3 and 5: 2 and 8 + 32; fc2 loses weight 0: 64. */
    @Test
    void prunedWeightsShiftTheBiasBesideThem() {
        Pruning pruning = GLOBAL.prune(shifting(), ratio("0.5"));

        assertThat(pruning.shifts().keySet()).containsExactly("fc1.bias", "fc2.bias");
        assertThat(pruning.shifts().get("fc1.bias")).containsExactly(2, 40);
        assertThat(pruning.shifts().get("fc2.bias")).containsExactly(64);
        assertThat(pruning.compensationNorm().getAsDouble())
                .isCloseTo(Math.sqrt(2 * 2 + 40 * 40 + 64 * 64), within(1e-12));
    }

    @Test
    void whatIsPrunedAlreadyShiftsNothing() {
        Pruning once = GLOBAL.prune(shifting(), ratio("0.5"));

        // two more go: scores 4 (fc1 weight 4, shift 16) and 5 (fc1 weight 2, shift 4)
        Pruning twice = GLOBAL.prune(shifting(), ratio("0.75"), once.masks());

        assertThat(bits(twice, "fc1.weight")).isEqualTo("100000");
        assertThat(twice.shifts().get("fc1.bias")).containsExactly(4, 16);
        assertThat(twice.shifts().get("fc2.bias")).containsExactly(0);
        assertThat(twice.scores().pruned()).isEqualTo(2);
        assertThat(twice.pruned()).isEqualTo(6);
        assertThat(twice.scores().meanPruned()).hasValue(4.5);
        assertThat(twice.scores().threshold()).hasValue(6);
    }

    @Test
    void applyingPrunesAndShifts() {
        List<Tensor> parameters =
                NETWORK.parameters().stream()
                        .map(p -> new Tensor(p.name(), p.dimensions(), ones(p.size())))
                        .toList();

        List<Tensor> changed = GLOBAL.prune(shifting(), ratio("0.5")).applyTo(parameters);

        assertThat(changed.stream().map(Tensor::name))
                .containsExactly("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
        assertThat(changed.get(0).values()).containsExactly(1, 0, 1, 0, 1, 0);
        assertThat(changed.get(1).values()).containsExactly(3, 41);
        assertThat(changed.get(2).values()).containsExactly(0, 1);
        assertThat(changed.get(3).values()).containsExactly(65);
        assertThat(parameters.get(0).values()).containsOnly(1);
    }

    /** Convolutions of resnet-20 have no bias, its dense layer has one. */
    @Test
    void layersWithoutBiasAreNoted() {
        Architecture resnet =
                Architectures.create(
                        "resnet-20",
                        new Shape(1, 8, 8),
                        2,
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        List<float[]> ones =
                resnet.weights().stream().map(p -> ones(p.size())).collect(Collectors.toList());

        Pruning pruning =
                new Pruner(resnet, Scope.LAYER_WISE, OutputLayer.PRUNE)
                        .prune(new Ranking(ones, ones), ratio("0.5"));

        assertThat(pruning.shifts().keySet()).containsExactly("fc1.bias");
        assertThat(pruning.shifts().get("fc1.bias")).containsExactly(0, 64); // ties: row 1 goes
        assertThat(pruning.notes())
                .singleElement()
                .asString()
                .startsWith("no compensation in layers without bias: conv1, conv2, ")
                .endsWith("conv19");
    }

    @Test
    void aLayerMayLoseAllItsWeightsAndThatIsNoted() {
        Ranking low = Ranking.of(List.of(new float[] {6, 1, 5, 2, 4, 3}, new float[2]));

        Pruning pruning = GLOBAL.prune(low, ratio("0.5"));

        assertThat(bits(pruning, "fc2.weight")).isEqualTo("00");
        assertThat(pruning.notes())
                .containsExactly("all 2 prunable weights of layer fc2 are pruned");
    }

    @Test
    void everythingMayGo() {
        Pruning pruning = GLOBAL.prune(SCORES, ratio("0.99"));

        assertThat(pruning.pruned()).isEqualTo(8);
        assertThat(pruning.sparsityAchieved()).isEqualTo(1);
        assertThat(pruning.scores().threshold()).isEmpty();
        assertThat(pruning.compressionAchieved()).isEqualTo(11.0 / 3);
        assertThat(pruning.notes()).hasSize(2);
    }

    @Test
    void theControlKeepsAll() {
        Pruning pruning = GLOBAL.prune(shifting(), ratio("0"));

        assertThat(pruning.pruned()).isZero();
        assertThat(pruning.scores().meanPruned()).isEmpty();
        assertThat(pruning.scores().threshold()).hasValue(0.5);
        assertThat(pruning.compensationNorm()).hasValue(0);
        assertThat(pruning.compressionAchieved()).isEqualTo(1);
    }

    @Test
    void masksThatHavePrunedMoreStay() {
        Pruning sparse = GLOBAL.prune(SCORES, ratio("0.75"));
        Pruning sparseLayers = LAYER_WISE.prune(SCORES, ratio("0.75"));

        Pruning again = GLOBAL.prune(SCORES, ratio("0.5"), sparse.masks());
        Pruning layersAgain = LAYER_WISE.prune(SCORES, ratio("0.5"), sparseLayers.masks());

        assertThat(again.masks()).isEqualTo(sparse.masks());
        assertThat(again.asked()).isEqualTo(4);
        assertThat(again.pruned()).isEqualTo(6);
        assertThat(again.scores().pruned()).isZero();
        assertThat(layersAgain.masks()).isEqualTo(sparseLayers.masks());
        assertThat(layersAgain.layers().get(0)).isEqualTo(new LayerSparsity("fc1", 6, 3, 4));
    }

    @Test
    void aKeptOutputLayerKeepsTheMaskItHas() {
        Pruner pruner = new Pruner(NETWORK, Scope.GLOBAL, OutputLayer.KEEP);
        Mask half = Mask.dense(2).narrowTo(1, new float[] {0, 1});

        Pruning pruning = pruner.prune(first(SCORES), ratio("0.5"), Map.of("fc2.weight", half));

        assertThat(bits(pruning, "fc2.weight")).isEqualTo("01");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void narrowingStepByStepIsExactAndMonotone(long seed) {
        RandomStream random = new RandomStream(seed);
        for (Scope scope : Scope.values()) {
            Pruner pruner = new Pruner(NETWORK, scope, OutputLayer.PRUNE);
            Map<String, Mask> masks = Map.of();
            for (String step : List.of("0.2", "0.5", "0.6", "0.8", "0.9")) {
                Ranking ranking = Ranking.of(List.of(fewValues(random, 6), fewValues(random, 2)));

                Pruning pruning = pruner.prune(ranking, ratio(step), masks);

                Map<String, Mask> before = new HashMap<>(masks);
                pruning.masks()
                        .forEach(
                                (name, mask) -> {
                                    Mask old = before.getOrDefault(name, Mask.dense(mask.size()));
                                    IntStream.range(0, mask.size())
                                            .filter(mask::keeps)
                                            .forEach(i -> assertThat(old.keeps(i)).isTrue());
                                });
                assertThat(pruning.pruned()).isEqualTo(pruning.asked());
                masks = pruning.masks();
            }
        }
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 50);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void namesTheWeightThatCannotBeRanked(float bad) {
        Ranking ranking = Ranking.of(List.of(new float[6], new float[] {0, bad}));
        Ranking shifts =
                new Ranking(SCORES.scores(), List.of(new float[6], new float[] {bad, bad}));

        assertThatThrownBy(() -> GLOBAL.prune(ranking, ratio("0.5")))
                .isInstanceOf(UnrankableScoreException.class)
                .hasMessage("score of weight 1 of fc2.weight is " + bad);
        assertThatThrownBy(() -> GLOBAL.prune(shifts, ratio("0.5")))
                .isInstanceOf(UnrankableScoreException.class)
                .hasMessage("shift of weight 0 of fc2.weight is " + bad);
    }

    @Test
    void refusesWhatDoesNotFitTheNetwork() {
        assertThatThrownBy(() -> GLOBAL.prune(first(SCORES), ratio("0.5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mlp-2: expected scores for 2 tensors, got 1");
        assertThatThrownBy(
                        () ->
                                GLOBAL.prune(
                                        Ranking.of(List.of(new float[6], new float[3])),
                                        ratio("0.5")))
                .hasMessage("scores of fc2.weight: expected 2, got 3");
        assertThatThrownBy(
                        () ->
                                GLOBAL.prune(
                                        new Ranking(SCORES.scores(), List.of(new float[6])),
                                        ratio("0.5")))
                .hasMessage("mlp-2: expected shifts for 2 tensors, got 1");
        assertThatThrownBy(() -> GLOBAL.prune(SCORES, ratio("0.5"), Map.of("fc3", Mask.dense(1))))
                .hasMessage("mask of unknown weights fc3; mlp-2 has fc1.weight, fc2.weight");
        assertThatThrownBy(
                        () ->
                                GLOBAL.prune(
                                        SCORES, ratio("0.5"), Map.of("fc2.weight", Mask.dense(3))))
                .hasMessage("mask of fc2.weight: expected 2 weights, got 3");
    }

    @Test
    void refusesANetworkWithoutPrunableWeights() {
        Architecture linear =
                new Architecture(
                        "linear",
                        Shape.flat(3),
                        List.of(new Architecture.Node("fc1", new Layer.Dense(1), List.of("input"))),
                        Architecture.Loss.SQUARED_ERROR);

        assertThatThrownBy(() -> new Pruner(linear, Scope.GLOBAL, OutputLayer.KEEP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "linear has no prunable weights: 1 of its layers have weights, and the"
                                + " recipe keeps the output layer");
        assertThat(new Pruner(linear, Scope.GLOBAL, OutputLayer.PRUNE).prunable()).hasSize(1);
    }

    private static Ranking shifting() {
        return new Ranking(
                SCORES.scores(), List.of(new float[] {1, 2, 4, 8, 16, 32}, new float[] {64, 128}));
    }

    private static Ranking first(Ranking ranking) {
        return Ranking.of(List.of(ranking.scores().get(0)));
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] fewValues(RandomStream random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(3);
        }
        return values;
    }

    private static Ratio ratio(String value) {
        return new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(value));
    }

    private static String bits(Pruning pruning, String name) {
        Mask mask = pruning.masks().get(name);
        return IntStream.range(0, mask.size())
                .mapToObj(i -> mask.keeps(i) ? "1" : "0")
                .collect(Collectors.joining());
    }
}
