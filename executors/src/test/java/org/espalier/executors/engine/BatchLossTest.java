// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.espalier.executors.data.Targets;
import org.junit.jupiter.api.Test;

class BatchLossTest {
    private static final int[] ROWS = {1, 0};

    /**
     * By hand: equal outputs over two classes give p = 1/2 and loss ln 2; outputs ln 3 and 0 give p
     * = (3/4, 1/4) and for label 0 the loss ln 4/3. Gradients (p - target) / 2 samples. The first
     * of equal outputs counts, so label 1 of the first sample is missed.
     */
    @Test
    void crossEntropyByHand() {
        Targets labels = new Targets.Labels(2, new int[] {0, 1});
        float[] gradient = new float[4];
        float[] outputs = {5, 5, (float) Math.log(3), 0};

        Network.BatchResult result = BatchLoss.of(labels, ROWS, 0, 2, outputs, gradient);

        assertThat(result.lossSum())
                .isCloseTo(Math.log(2) + Math.log(4.0 / 3), Offset.offset(1e-7));
        assertThat(result.correct()).isEqualTo(1);
        assertThat(gradient)
                .containsExactly(
                        new float[] {0.25f, -0.25f, -0.125f, 0.125f}, Offset.offset(1e-7f));
    }

    /** Outputs far apart: exp(1000) is no double, but the loss of the unlikely label is 1000. */
    @Test
    void crossEntropyOfLargeOutputs() {
        Targets labels = new Targets.Labels(2, new int[] {0, 1});
        float[] gradient = new float[2];

        Network.BatchResult result =
                BatchLoss.of(labels, ROWS, 0, 1, new float[] {1000, 0}, gradient);

        assertThat(result.lossSum()).isEqualTo(1000);
        assertThat(gradient).containsExactly(1, -1);
    }

    /** By hand: ((3 - 1)^2 + (0 - 1)^2) / 2 = 2.5; gradients 2 (y - t) / 2. */
    @Test
    void squaredErrorByHand() {
        Targets values = new Targets.Values(2, new float[] {9, 9, 1, 1});
        float[] gradient = new float[2];

        Network.BatchResult result = BatchLoss.of(values, ROWS, 0, 1, new float[] {3, 0}, gradient);

        assertThat(result).isEqualTo(new Network.BatchResult(2.5, 0));
        assertThat(gradient).containsExactly(2, -1);
    }

    @Test
    void anOutputThatIsNotANumberGivesNoPrediction() {
        Targets labels = new Targets.Labels(2, new int[] {0, 0});

        Network.BatchResult result =
                BatchLoss.of(labels, ROWS, 0, 1, new float[] {1, Float.NaN}, new float[2]);

        assertThat(result.lossSum()).isNaN();
        assertThat(result.correct()).isZero();
    }
}
