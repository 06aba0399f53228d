// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassTallyTest {
    private static final float[] OUTPUTS = {
        1.5f,
        -0.25f,
        3, // label 0, predicted 2
        0,
        0,
        0, // label 1, predicted 0: the lowest of equals
        -1000,
        1000,
        999, // label 2, predicted 1
        80,
        -80,
        0.5f // label 1, predicted 0
    };
    private static final int[] LABELS = {0, 1, 2, 1};

    /**
     * SciPy 1.17.1, {@code scipy.special.logsumexp(y) - y[label]}: 1.7326219831020326,
     * 1.0986122886681098, 1.3132616875182066, 160.0; their sum 164.14449595928835.
     */
    @Test
    void sumsTheCrossEntropy() {
        ClassTally tally = tally(OUTPUTS, LABELS, 4);

        assertThat(tally.lossSum()).isCloseTo(164.14449595928835, within(1e-11));
        assertThat(tally.loss()).isCloseTo(164.14449595928835 / 4, within(1e-11));
        assertThat(tally(OUTPUTS, LABELS, 1).loss()).isCloseTo(1.7326219831020326, within(1e-15));
    }

    @Test
    void countsWhatIsPredictedAsWhat() {
        ClassTally tally = tally(OUTPUTS, LABELS, 4);
        tally.add(new float[] {0, 2, 1}, new int[] {1}, 1);

        assertThat(tally.samples()).isEqualTo(5);
        assertThat(tally.count(0, 2)).isEqualTo(1);
        assertThat(tally.count(1, 0)).isEqualTo(2);
        assertThat(tally.correct()).isEqualTo(1);
        assertThat(tally.accuracy()).isEqualTo(0.2);
        assertThat(tally.divergence()).isEmpty();
    }

    @Test
    void givesTheRowItsCounts() {
        ClassTally tally = tally(OUTPUTS, LABELS, 4);
        tally.add(new float[] {0, 2, 1}, new int[] {1}, 1);

        CellRow.Measures measures = tally.measures();

        assertThat(measures.samples()).isEqualTo(5);
        assertThat(measures.loss()).isEqualTo(tally.loss());
        assertThat(measures.accuracy()).isEqualTo(0.2);
        assertThat(measures.classSupport()).containsExactly(1L, 3L, 1L);
        assertThat(measures.classCorrect()).containsExactly(0L, 1L, 0L);
        assertThat(measures.confusion())
                .containsExactly(List.of(0L, 0L, 1L), List.of(2L, 1L, 0L), List.of(0L, 1L, 0L));
        ClassRecalls recalls = ClassRecalls.of(measures);
        assertThat(recalls.recall(1)).isEqualTo(1.0 / 3);
    }

    /** 10,000 is 78 batches of 128 and one of 16: a mean of batch means would not be 1. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 128, 9_999, 10_000})
    void aPerfectModelReadsExactlyOneAtAnyBatchSize(int batch) {
        int n = 10_000;
        ClassTally tally = new ClassTally(10);

        for (int from = 0; from < n; from += batch) {
            int count = Math.min(batch, n - from);
            float[] outputs = new float[batch * 10]; // as long as a full batch, also for the last
            int[] labels = new int[batch];
            Arrays.fill(outputs, Float.NaN);
            Arrays.fill(outputs, 0, count * 10, 0);
            for (int s = 0; s < count; s++) {
                labels[s] = (from + s) % 10;
                outputs[s * 10 + labels[s]] = 5;
            }
            tally.add(outputs, labels, count);
        }

        assertThat(tally.samples()).isEqualTo(n);
        assertThat(tally.accuracy()).isEqualTo(1.0);
        assertThat(tally.measures().classSupport()).containsOnly(1000L);
        // log(1 + 9 exp(-5))
        assertThat(tally.loss()).isCloseTo(Math.log1p(9 * Math.exp(-5)), within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hasTheSameBitsHoweverTheDataAreCut(long seed) {
        RandomStream random = new RandomStream(seed);
        int n = 100;
        float[] outputs = new float[n * 4];
        int[] labels = new int[n];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = (float) (10 * random.nextGaussian());
        }
        for (int s = 0; s < n; s++) {
            labels[s] = random.nextInt(4);
        }
        ClassTally whole = new ClassTally(4);
        whole.add(outputs, labels, n);

        ClassTally cut = new ClassTally(4);
        for (int from = 0; from < n; ) {
            int count = Math.min(1 + random.nextInt(30), n - from);
            cut.add(
                    Arrays.copyOfRange(outputs, from * 4, (from + count) * 4),
                    Arrays.copyOfRange(labels, from, from + count),
                    count);
            from += count;
        }

        assertThat(cut.measures()).isEqualTo(whole.measures());
    }

    @Test
    void outputsOfAnySizeNeitherOverflowNorLoseTheLoss() {
        float[] huge = {Float.MAX_VALUE, -Float.MAX_VALUE};

        assertThat(tally2(huge, 0).loss()).isZero();
        assertThat(tally2(huge, 1).loss()).isEqualTo(2.0 * Float.MAX_VALUE);
        // exp(-40) = 4e-18 is below the last bit of 1: the loss of a sure and right answer is 0
        assertThat(tally2(new float[] {40, 0}, 0).loss()).isZero();
        assertThat(tally2(new float[] {30, 0}, 0).loss()).isCloseTo(Math.exp(-30), within(2.3e-16));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void saysWhereTheOutputsDiverged(float bad) {
        ClassTally tally = tally(OUTPUTS, LABELS, 4);

        tally.add(new float[] {0, 0, 1, 0, bad, 0, bad, 0, 0}, new int[] {2, 2, 2}, 3);
        tally.add(new float[] {0, 0, 1}, new int[] {2}, 1);

        assertThat(tally.divergence()).hasValue("output 1 of sample 5 is " + bad);
        assertThat(tally.loss()).isNaN();
        assertThat(tally.samples()).isEqualTo(8);
        assertThat(tally.correct()).isEqualTo(2);
    }

    @Test
    void leavesOutALargeConfusionMatrix() {
        ClassTally hundred = new ClassTally(100);
        hundred.add(new float[100], new int[] {0}, 1);
        ClassTally more = new ClassTally(101);
        more.add(new float[101], new int[] {0}, 1);

        assertThat(hundred.measures().confusion()).hasSize(100);
        assertThat(more.measures().confusion()).isEmpty();
        assertThat(more.measures().classSupport()).hasSize(101);
    }

    @Test
    void refusesWhatDoesNotFit() {
        ClassTally tally = new ClassTally(3);

        assertThatThrownBy(() -> tally.add(new float[5], new int[2], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 samples need 6 outputs and 2 targets, got 5 and 2");
        assertThatThrownBy(() -> tally.add(new float[6], new int[1], 2))
                .hasMessage("2 samples need 6 outputs and 2 targets, got 6 and 1");
        assertThatThrownBy(() -> tally.add(new float[6], new int[1], -1))
                .hasMessage("-1 samples need -3 outputs and -1 targets, got 6 and 1");
        assertThatThrownBy(() -> tally.add(new float[3], new int[] {3}, 1))
                .hasMessage("label of sample 0 must be in [0, 3), got 3");
        assertThatThrownBy(() -> tally.add(new float[3], new int[] {-1}, 1))
                .hasMessage("label of sample 0 must be in [0, 3), got -1");
        assertThatThrownBy(() -> new ClassTally(0))
                .hasMessage("a network has at least 1 output, got 0");
        tally.add(new float[0], new int[0], 0);
        assertThatThrownBy(tally::measures)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no sample was counted");
        assertThat(tally.accuracy()).isNaN();
    }

    private static ClassTally tally(float[] outputs, int[] labels, int count) {
        ClassTally tally = new ClassTally(3);
        tally.add(outputs, labels, count);
        return tally;
    }

    private static ClassTally tally2(float[] outputs, int label) {
        ClassTally tally = new ClassTally(2);
        tally.add(outputs, new int[] {label}, 1);
        return tally;
    }
}
