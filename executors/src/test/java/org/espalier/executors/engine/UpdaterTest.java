// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.assertj.core.data.Offset;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Test;

class UpdaterTest {
    private static final Parameter WEIGHT = new Parameter("fc", Parameter.Role.WEIGHT, 1, 2);
    private static final Parameter BIAS = new Parameter("fc", Parameter.Role.BIAS, 1);
    private static final int[] NONE = {};
    private static final Optimizer ADAM =
            new Optimizer.Adam(decimal("0.9"), decimal("0.999"), decimal("1e-8"));
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    private static WeightDecay decay(String coefficient, WeightDecay.Kind kind) {
        return new WeightDecay(decimal(coefficient), kind);
    }

    private static float[] update(
            Updater updater, double rate, float[] weights, float... gradient) {
        updater.begin(rate);
        updater.update(0, weights, 0, gradient, 0, NONE);
        return weights;
    }

    private static Updater updater(Optimizer optimizer, WeightDecay decay) {
        return new Updater(optimizer, decay, List.of(WEIGHT, BIAS));
    }

    /** By hand: 1 - 0.5 * 0.25 = 0.875; -2 - 0.5 * -1 = -1.5. */
    @Test
    void gradientDescent() {
        Updater updater = updater(new Optimizer.Sgd(), WeightDecay.NONE);

        assertThat(update(updater, 0.5, new float[] {1, -2}, 0.25f, -1))
                .containsExactly(0.875f, -1.5f);
    }

    /** By hand, c = 0.5: g = 0.25 + 0.5 * 1 = 0.75, w = 1 - 0.5 * 0.75 = 0.625. */
    @Test
    void coupledDecayAddsToTheGradientOfWeightsAlone() {
        Updater updater = updater(new Optimizer.Sgd(), decay("0.5", WeightDecay.Kind.COUPLED));

        assertThat(update(updater, 0.5, new float[] {1, 0}, 0.25f, 0)).containsExactly(0.625f, 0);
        float[] bias = {1};
        updater.update(1, bias, 0, new float[] {0.25f}, 0, NONE);
        assertThat(bias).containsExactly(0.875f);
    }

    /**
     * By hand, m = 0.5, g = 1 twice, r = 0.25: v = 1, w = 1 - 0.25 (1 + 0.5) = 0.625; v = 1.5, w =
     * 0.625 - 0.25 (1 + 0.75) = 0.1875.
     */
    @Test
    void nesterovMomentum() {
        Updater updater = updater(new Optimizer.Nesterov(decimal("0.5")), WeightDecay.NONE);
        float[] weights = {1, 0};

        assertThat(update(updater, 0.25, weights, 1, 0)).containsExactly(0.625f, 0);
        assertThat(update(updater, 0.25, weights, 1, 0)).containsExactly(0.1875f, 0);
    }

    /**
     * By hand, m = 0.5, g = 1 twice, r = 0.25: v = 1, w = 1 - 0.25 = 0.75; v = 1.5, w = 0.75 - 0.25
     * 1.5 = 0.375.
     */
    @Test
    void heavyBallMomentum() {
        Updater updater = updater(new Optimizer.Sgd(decimal("0.5")), WeightDecay.NONE);
        float[] weights = {1, 0};

        assertThat(update(updater, 0.25, weights, 1, 0)).containsExactly(0.75f, 0);
        assertThat(update(updater, 0.25, weights, 1, 0)).containsExactly(0.375f, 0);
    }

    /**
     * By hand: after one update m / (1 - b1) = g and v / (1 - b2) = g^2, so w moves by r against
     * the sign of g, whatever its size: 1 - 0.1 = 0.9; -1 + 0.1 = -0.9. Decoupled decay of 0.5
     * takes r c w = 0.05 more off the weights: 0.85, -0.85.
     */
    @Test
    void adamsFirstUpdateAndDecoupledDecay() {
        Updater plain = updater(ADAM, WeightDecay.NONE);
        float[] moved = update(plain, 0.1, new float[] {1, -1}, 3, -0.02f);
        assertThat(moved[0]).isCloseTo(0.9f, ROUNDING);
        assertThat(moved[1]).isCloseTo(-0.9f, ROUNDING);

        Updater decayed = updater(ADAM, decay("0.5", WeightDecay.Kind.DECOUPLED));
        float[] shrunk = update(decayed, 0.1, new float[] {1, -1}, 3, -0.02f);
        assertThat(shrunk[0]).isCloseTo(0.85f, ROUNDING);
        assertThat(shrunk[1]).isCloseTo(-0.85f, ROUNDING);
    }

    @Test
    void prunedWeightsAndTheirStateBecomePositiveZeroWhateverTheGradient() {
        Updater updater = updater(ADAM, WeightDecay.NONE);
        float[] weights = {-0f, 1};
        updater.begin(0.1);
        updater.update(0, weights, 0, new float[] {Float.NaN, 1}, 0, new int[] {0});

        assertThat(Float.floatToRawIntBits(weights[0])).isZero();
        assertThat(Tensors.named(updater.state(), "mean/fc.weight").values()[0]).isEqualTo(0f);
        assertThat(Tensors.named(updater.state(), "square/fc.weight").values()[0]).isEqualTo(0f);
        assertThat(weights[1]).isCloseTo(0.9f, ROUNDING);
    }

    /** 0.5^200 of the momentum, 6e-61, is below every float; 0.5^130, 7e-40, would be denormal. */
    @Test
    void stateAtRestBecomesZeroAndNeverDenormal() {
        Updater updater = updater(new Optimizer.Nesterov(decimal("0.5")), WeightDecay.NONE);
        float[] weights = {0, 0};
        update(updater, 0.1, weights, 1, -1);
        for (int i = 0; i < 200; i++) {
            update(updater, 0.1, weights, 0, 0);
            for (float v : Tensors.named(updater.state(), "momentum/fc.weight").values()) {
                assertThat(v == 0 || Math.abs(v) >= Float.MIN_NORMAL).as("%s", v).isTrue();
            }
        }
        assertThat(Tensors.named(updater.state(), "momentum/fc.weight").values())
                .containsExactly(0, 0);
    }

    @Test
    void stateNamesEveryTensorAndTheNumberOfUpdates() {
        Updater updater = updater(ADAM, WeightDecay.NONE);
        update(updater, 0.1, new float[2], 1, 1);

        assertThat(updater.state().stream().map(Tensor::toString))
                .containsExactly(
                        "mean/fc.weight[1, 2]",
                        "mean/fc.bias[1]",
                        "square/fc.weight[1, 2]",
                        "square/fc.bias[1]",
                        "updates[1]");
        assertThat(Tensors.named(updater.state(), "updates").values()).containsExactly(1);
    }

    @Test
    void refusesTheStateOfAnotherOptimiser() {
        List<Tensor> momentum =
                updater(new Optimizer.Nesterov(decimal("0.9")), WeightDecay.NONE).state();

        assertThatThrownBy(() -> updater(ADAM, WeightDecay.NONE).load(momentum))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimiser state lacks tensor mean/fc.weight of shape [1, 2]");
    }
}
