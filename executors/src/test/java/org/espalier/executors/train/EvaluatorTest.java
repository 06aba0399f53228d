// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.results.CellRow.Measures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {

    /**
     * Outputs (0, 0), (3, 1), (1, 3) of labels 1, 0, 0. A tie goes to the first class, so only the
     * second is right. Cross-entropies log 2, log(1 + e^-2) and 2 + log(1 + e^-2).
     */
    @Test
    void countsClasses() {
        Samples samples =
                new Samples(
                        LinearNetwork.features(2, 0, 0, 3, 1, 1, 3),
                        new Targets.Labels(2, new int[] {1, 0, 0}));

        Measures measures = measure(samples, Loss.SOFTMAX_CROSS_ENTROPY);

        assertThat(measures.samples()).isEqualTo(3);
        assertThat(measures.accuracy()).isEqualTo(1 / 3.0);
        assertThat(measures.classSupport()).containsExactly(2L, 1L);
        assertThat(measures.classCorrect()).containsExactly(1L, 0L);
        assertThat(measures.confusion()).containsExactly(List.of(1L, 1L), List.of(1L, 0L));
        double rest = Math.log(1 + Math.exp(-2));
        assertThat(measures.loss()).isCloseTo((Math.log(2) + 2 + 2 * rest) / 3, within(1e-15));
    }

    /** Errors 1, -2, 0, 3: (1 + 4 + 0 + 9) / 4 = 3.5. */
    @Test
    void averagesSquaredErrors() {
        Samples samples =
                new Samples(
                        LinearNetwork.features(1, 1, 2, 3, 4),
                        new Targets.Values(1, new float[] {0, 4, 3, 1}));

        Measures measures = measure(samples, Loss.SQUARED_ERROR);

        assertThat(measures.loss()).isEqualTo(3.5);
        assertThat(measures.accuracy()).isNull();
        assertThat(measures.samples()).isEqualTo(4);
    }

    @Test
    void measuresChosenRows() {
        Samples samples =
                new Samples(
                        LinearNetwork.features(1, 1, 2, 3, 4),
                        new Targets.Values(1, new float[] {0, 4, 3, 1}));
        Evaluator evaluator = new Evaluator(new LinearNetwork(samples, Loss.SQUARED_ERROR));

        assertThat(evaluator.measure(samples, new int[] {3, 1}).loss()).isEqualTo((9 + 4) / 2.0);
        assertThat(evaluator.measure(samples, new int[] {3, 1}).samples()).isEqualTo(2);
    }

    /** A network that is always right scores exactly 1, however the last pass comes out. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 511, 512, 513, 10_000})
    void aPerfectNetworkScoresOne(int count) {
        float[] outputs = new float[2 * count];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = n % 2;
            outputs[2 * n + n % 2] = 1;
        }
        Samples samples =
                new Samples(LinearNetwork.features(2, outputs), new Targets.Labels(2, labels));
        LinearNetwork network = new LinearNetwork(samples, Loss.SOFTMAX_CROSS_ENTROPY);

        Measures measures = new Evaluator(network).measure(samples);

        assertThat(measures.accuracy()).isEqualTo(1.0);
        assertThat(measures.samples()).isEqualTo(count);
        assertThat(network.passes.stream().mapToInt(n -> n).sum()).isEqualTo(count);
        assertThat(network.passes).allMatch(n -> n <= Evaluator.BATCH);
        assertThat(measures.loss()).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-12));
    }

    @Test
    void noOutputMayBeInfinite() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Samples classes =
                    new Samples(
                            LinearNetwork.features(2, 0, 0, wrong, 1),
                            new Targets.Labels(2, new int[] {1, 0}));
            Samples values =
                    new Samples(
                            LinearNetwork.features(1, 0, wrong),
                            new Targets.Values(1, new float[2]));

            assertThatThrownBy(() -> measure(classes, Loss.SOFTMAX_CROSS_ENTROPY))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageStartingWith("the network's outputs are no longer finite: ");
            assertThatThrownBy(() -> measure(values, Loss.SQUARED_ERROR))
                    .isInstanceOf(DivergedException.class);
        }
    }

    @Test
    void everyRowIsMeasuredOnce() {
        int count = 700;
        float[] outputs = new float[count];
        float[] targets = new float[count];
        for (int n = 0; n < count; n++) {
            outputs[n] = n;
        }
        Samples samples =
                new Samples(LinearNetwork.features(1, outputs), new Targets.Values(1, targets));
        double squares = IntStream.range(0, count).mapToDouble(n -> (double) n * n).sum();

        assertThat(measure(samples, Loss.SQUARED_ERROR).loss()).isEqualTo(squares / count);
    }

    private static Measures measure(Samples samples, Loss loss) {
        return new Evaluator(new LinearNetwork(samples, loss)).measure(samples);
    }
}
