// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTallyTest {

    /** Two samples of two outputs: (1 + 9) / 2 and (0 + 4) / 2; mean 3.5. */
    @Test
    void isTheMeanSquaredErrorOverSamplesAndOutputs() {
        ValueTally tally = new ValueTally(2);

        tally.add(new float[] {1, 2, 3, 4}, new float[] {0, 5, 3, 2}, 2);

        assertThat(tally.lossSum()).isEqualTo(7);
        assertThat(tally.loss()).isEqualTo(3.5);
        assertThat(tally.samples()).isEqualTo(2);
    }

    /** A mean of batch means would be (4 + 1) / 2. */
    @Test
    void aShortLastBatchCountsByItsSamples() {
        ValueTally tally = new ValueTally(1);

        tally.add(new float[] {2, 2, 2}, new float[3], 3);
        tally.add(new float[] {1, 99, 99}, new float[3], 1);

        assertThat(tally.loss()).isEqualTo((3 * 4 + 1) / 4.0);
    }

    @Test
    void differencesAreTakenInDouble() {
        ValueTally tally = new ValueTally(1);

        tally.add(new float[] {3e38f}, new float[] {-3e38f}, 1);

        assertThat(tally.loss()).isEqualTo(Math.pow(2 * (double) 3e38f, 2));
    }

    @Test
    void aRowOfARegressionHasNoClasses() {
        ValueTally tally = new ValueTally(1);
        tally.add(new float[] {2}, new float[] {1}, 1);

        assertThat(tally.measures())
                .isEqualTo(
                        new CellRow.Measures(
                                1, 1, null, List.of(), List.of(), List.of(), null, List.of(), null,
                                null));
    }

    @Test
    void saysWhereTheOutputsDiverged() {
        ValueTally tally = new ValueTally(2);

        tally.add(new float[] {1, 1, 1, Float.NaN}, new float[4], 2);
        tally.add(new float[] {1, 1}, new float[2], 1);

        assertThat(tally.divergence()).hasValue("output 1 of sample 1 is NaN");
        assertThat(tally.loss()).isNaN();
        assertThat(tally.samples()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void anyOutputThatIsNotFiniteIsADivergence(float bad) {
        ValueTally tally = new ValueTally(2);

        tally.add(new float[] {1, 1}, new float[2], 1);
        tally.add(new float[] {bad, 1}, new float[2], 1);

        assertThat(tally.divergence()).hasValue("output 0 of sample 1 is " + bad);
        assertThat(tally.lossSum()).isNaN();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hasTheSameBitsHoweverTheDataAreCut(long seed) {
        RandomStream random = new RandomStream(seed);
        int n = 100;
        float[] outputs = new float[3 * n];
        float[] targets = new float[3 * n];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = (float) (10 * random.nextGaussian());
            targets[i] = (float) random.nextGaussian();
        }
        ValueTally whole = new ValueTally(3);
        whole.add(outputs, targets, n);

        ValueTally cut = new ValueTally(3);
        for (int from = 0; from < n; ) {
            int count = Math.min(1 + random.nextInt(30), n - from);
            cut.add(
                    Arrays.copyOfRange(outputs, 3 * from, 3 * n),
                    Arrays.copyOfRange(targets, 3 * from, 3 * n),
                    count);
            from += count;
        }

        assertThat(cut.measures()).isEqualTo(whole.measures());
    }

    @Test
    void refusesWhatDoesNotFit() {
        ValueTally tally = new ValueTally(2);

        assertThatThrownBy(() -> tally.add(new float[4], new float[3], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 samples need 4 outputs and 4 targets, got 4 and 3");
        assertThatThrownBy(tally::measures)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no sample was counted");
        assertThat(tally.divergence()).isEmpty();
        assertThat(tally.loss()).isNaN();
        assertThatThrownBy(() -> new ValueTally(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network has at least 1 output, got 0");
    }
}
