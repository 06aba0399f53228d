// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Our elementary functions against {@link StrictMath} in double. */
class FunctionsTest {

    private interface FloatFunction {
        float of(float x);
    }

    private static double worstRelativeError(
            FloatFunction ours, DoubleUnaryOperator exact, float from, float to) {
        double worst = 0;
        for (int i = 0; i <= 200_000; i++) {
            float x = from + (to - from) * (i / 200_000f);
            double expected = exact.applyAsDouble(x);
            if (expected != 0) {
                worst = Math.max(worst, Math.abs(ours.of(x) - expected) / Math.abs(expected));
            }
        }
        return worst;
    }

    /** Half a unit in the last place of a float is 6.0e-8 relative. */
    @Test
    void expIsRightToOneUnit() {
        assertThat(worstRelativeError(Functions::exp, StrictMath::exp, -86, 87)).isLessThan(1.2e-7);
    }

    @Test
    void tanhIsRightToTwoUnits() {
        assertThat(worstRelativeError(Functions::tanh, StrictMath::tanh, -12, 12))
                .isLessThan(2.4e-7);
        assertThat(worstRelativeError(Functions::tanh, StrictMath::tanh, -1e-3f, 1e-3f))
                .isLessThan(2.4e-7);
    }

    @Test
    void keepsToItsEdges() {
        assertThat(Functions.exp(0)).isEqualTo(1);
        assertThat(Functions.exp(-1000)).isEqualTo(Functions.exp(-87)).isPositive();
        assertThat(Functions.exp(1000)).isEqualTo(Functions.exp(88)).isFinite();
        assertThat(Functions.exp(Float.NaN)).isNaN();
        assertThat(Functions.tanh(50)).isEqualTo(1);
        assertThat(Functions.tanh(-50)).isEqualTo(-1);
        assertThat(Functions.tanh(Float.NaN)).isNaN();
    }
}
