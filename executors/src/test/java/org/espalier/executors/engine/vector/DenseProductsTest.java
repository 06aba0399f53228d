// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.ScalarKernels;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.Test;

/** That what is timed are the products of a layer. */
class DenseProductsTest {
    private static final int INPUTS = 21;
    private static final int OUTPUTS = 6;
    private static final int BATCH = 16;
    private static final int ROW = 32;

    private final Kernels kernels = new ScalarKernels();
    private final DenseProducts p = new DenseProducts(INPUTS, OUTPUTS, BATCH, new RandomStream(1));

    @Test
    void forwardIsWeightsTimesValues() {
        p.forward(kernels);

        for (int o = 0; o < OUTPUTS; o++) {
            for (int b = 0; b < BATCH; b++) {
                double sum = 0;
                for (int i = 0; i < INPUTS; i++) {
                    sum += w(o, i) * x(i, b);
                }
                assertThat(at(p.results, o * BATCH + b)).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void weightGradientIsOutputGradientsTimesValues() {
        p.weightGradient(kernels);

        for (int o = 0; o < OUTPUTS; o++) {
            for (int i = 0; i < INPUTS; i++) {
                double sum = 0;
                for (int b = 0; b < BATCH; b++) {
                    sum += d(o, b) * x(i, b);
                }
                assertThat(at(p.weightGradients, o * ROW + i)).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void inputGradientIsWeightsTimesOutputGradients() {
        p.inputGradient(kernels);

        for (int i = 0; i < INPUTS; i++) {
            for (int b = 0; b < BATCH; b++) {
                double sum = 0;
                for (int o = 0; o < OUTPUTS; o++) {
                    sum += w(o, i) * d(o, b);
                }
                assertThat(at(p.valueGradients, i * BATCH + b)).isCloseTo(sum, within(1e-5));
            }
        }
    }

    /**
     * 784 x 300 + 300 x 100 + 100 x 10 = 266,200 forward and for the weights, 31,000 for the
     * inputs: 563,400 for a sample, 36.058 million at batch 64 and 72.115 million at 128. A peak of
     * nothing keeps the test short.
     */
    @Test
    void theTableCountsTheMultiplyAddsOfAStep() {
        String table = ProductBenchmark.measure(kernels, n -> 0, ProductBenchmark.Clock.MS, 1, 1);

        assertThat(table)
                .contains("| 64 | all | all, one after the other | 36.058 |")
                .contains("| 128 | all | all, one after the other | 72.115 |")
                .doesNotContain("| 784 to 300 | input gradient |");
        assertThat(table.lines().filter(l -> l.startsWith("| 64 |"))).hasSize(9);
    }

    private double w(int o, int i) {
        return at(p.weights, o * ROW + i);
    }

    private double x(int i, int b) {
        return at(p.values, i * BATCH + b);
    }

    private double d(int o, int b) {
        return at(p.resultGradients, o * BATCH + b);
    }

    private static double at(float[] array, int i) {
        return array[Memory.ORIGIN + i];
    }
}
