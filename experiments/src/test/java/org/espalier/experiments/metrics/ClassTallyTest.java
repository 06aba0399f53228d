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

    /** Whatever the labels; of equal outputs the first class is taken. */
    @Test
    void marksAConstantPredictor() {
        ClassTally constant = new ClassTally(3);
        constant.add(new float[] {0, 2, 1, -1, 0.5f, 0.5f}, new int[] {0, 1}, 2);

        assertThat(constant.measures().constantClass()).isEqualTo(1);

        constant.add(new float[] {Float.NaN, 1, 0}, new int[] {1}, 1);
        assertThat(constant.measures().constantClass()).isNull();
        assertThat(tally(OUTPUTS, LABELS, 4).measures().constantClass()).isNull();

        ClassTally equal = new ClassTally(101);
        equal.add(new float[202], new int[] {7, 100}, 2);
        assertThat(equal.measures().constantClass()).isZero();
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

    /**
     * Two classes, the label's probability p, so 2 (1 - p)^2 each: 0.5 of an even guess, 2 and 0 of
     * sure ones, 2 * 0.75^2 = 1.125 and 2 * 0.25^2 = 0.125 of p = 1/4 and 3/4; mean 3.75 / 5.
     */
    @Test
    void scoresProbabilitiesAsBrierDid() {
        float odds = (float) Math.log(3);
        ClassTally tally = new ClassTally(2);

        tally.add(
                new float[] {0, 0, 1000, 0, 1000, 0, odds, 0, odds, 0},
                new int[] {0, 1, 0, 1, 0},
                5);

        assertThat(tally.measures().brier()).isCloseTo(0.75, within(1e-7));
        assertThat(tally2(new float[] {1000, 0}, 1).measures().brier()).isEqualTo(2);
        assertThat(tally2(new float[] {1000, 0}, 0).measures().brier()).isZero();
        assertThat(tally2(new float[] {7, 7}, 0).measures().brier()).isEqualTo(0.5);
    }

    /** Of four equal outputs (3/4)^2 + 3 (1/4)^2 = 12/16. */
    @Test
    void theBrierScoreSumsOverClasses() {
        ClassTally tally = new ClassTally(4);
        tally.add(new float[4], new int[] {2}, 1);

        assertThat(tally.measures().brier()).isEqualTo(0.75);
    }

    /**
     * Of k equal outputs the confidence is 1/k: on an edge for k = 1, 3, 5, 15, which belongs to
     * the bin below, in (b - 1, b] / 15 for the others: 15/2 = 7.5, 15/4 = 3.75, 15/7 = 2.1, 15/8 =
     * 1.9, 15/14 = 1.07, 15/16 = 0.94.
     */
    @Test
    void countsConfidencesInFifteenBins() {
        ClassTally tally = new ClassTally(16);
        for (int equal : new int[] {1, 2, 3, 4, 5, 7, 8, 14, 15, 16}) {
            // of equal outputs the first is predicted: right but for 3 and 7
            add(tally, equalOutputs(16, equal), equal == 3 || equal == 7 ? 15 : 16 - equal);
        }

        List<CellRow.CalibrationBin> bins = tally.measures().calibration();

        assertThat(bins.stream().map(CellRow.CalibrationBin::count))
                .containsExactly(2L, 2L, 2L, 1L, 1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
        assertThat(bins.stream().map(CellRow.CalibrationBin::correct))
                .containsExactly(2L, 2L, 1L, 1L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
        assertThat(bins.stream().map(CellRow.CalibrationBin::confidence))
                .containsExactly(
                        1.0 / 15 + 1.0 / 16,
                        1.0 / 8 + 1.0 / 14,
                        1.0 / 5 + 1.0 / 7,
                        0.25,
                        1.0 / 3,
                        0.0,
                        0.0,
                        0.5,
                        0.0,
                        0.0,
                        0.0,
                        0.0,
                        0.0,
                        0.0,
                        1.0);
    }

    /**
     * 1 / (2 + exp(-0.001)) = 0.33344 is above 5/15; 1 / (1 + exp(-2.63)) = 0.93277 and 1 / (1 +
     * exp(-2.65)) = 0.93400 lie on the two sides of 14/15 = 0.93333.
     */
    @Test
    void justAboveAnEdgeIsTheNextBin() {
        ClassTally tally = new ClassTally(3);
        tally.add(new float[] {0, 0, 0, 0, 0, -0.001f}, new int[2], 2);
        tally.add(new float[] {2.63f, 0, -1000, 2.65f, 0, -1000}, new int[2], 2);

        assertThat(tally.measures().calibration().stream().map(CellRow.CalibrationBin::count))
                .containsExactly(0L, 0L, 0L, 0L, 1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everySampleIsInTheBinOfItsConfidence(long seed) {
        RandomStream random = new RandomStream(seed);
        ClassTally tally = new ClassTally(3);
        int n = 300;
        for (int s = 0; s < n; s++) {
            float[] outputs = new float[3];
            for (int k = 0; k < 3; k++) {
                outputs[k] = (float) (3 * random.nextGaussian());
            }
            add(tally, outputs, random.nextInt(3));
        }

        List<CellRow.CalibrationBin> bins = tally.measures().calibration();

        assertThat(bins).hasSize(15);
        assertThat(bins.stream().mapToLong(CellRow.CalibrationBin::count).sum()).isEqualTo(n);
        assertThat(bins.stream().mapToLong(CellRow.CalibrationBin::correct).sum())
                .isEqualTo(tally.correct());
        for (int b = 0; b < 15; b++) {
            CellRow.CalibrationBin bin = bins.get(b);
            assertThat(bin.correct()).isLessThanOrEqualTo(bin.count());
            assertThat(bin.confidence())
                    .isBetween(b / 15.0 * bin.count(), (b + 1) / 15.0 * bin.count() + 1e-12);
        }
    }

    /** Output k is -k: behind the label c stand the classes from 0 to c - 1, c of them. */
    @Test
    void countsLabelsAmongTheFiveHighestFromAHundredClassesOn() {
        for (int classes : new int[] {100, 101}) {
            ClassTally tally = new ClassTally(classes);
            float[] falling = new float[classes];
            for (int k = 0; k < classes; k++) {
                falling[k] = -k;
            }
            for (int label : new int[] {0, 4, 5, 99}) {
                add(tally, falling, label);
            }
            assertThat(tally.measures().top5Accuracy()).isEqualTo(0.5);
            assertThat(tally.accuracy()).isEqualTo(0.25);
        }
        ClassTally fewer = new ClassTally(99);
        add(fewer, new float[99], 0);
        assertThat(fewer.measures().top5Accuracy()).isNull();
    }

    /** Ahead of the label of equal outputs are lower classes; of others higher outputs alone. */
    @Test
    void ofEqualOutputsTheLowerClassIsAhead() {
        assertThat(amongFive(new float[100], 4)).isTrue();
        assertThat(amongFive(new float[100], 5)).isFalse();
        float[] rising = new float[100];
        for (int k = 0; k < 100; k++) {
            rising[k] = k;
        }
        assertThat(amongFive(rising, 95)).isTrue();
        assertThat(amongFive(rising, 94)).isFalse();
    }

    private static boolean amongFive(float[] outputs, int label) {
        ClassTally tally = new ClassTally(outputs.length);
        add(tally, outputs, label);
        return tally.measures().top5Accuracy() == 1;
    }

    /**
     * Of k equal outputs 255 / k, to the nearest: 255, 127.5 up, 85, 63.75, 51; the first of them
     * is predicted.
     */
    @Test
    void recordsClassAndConfidenceOfEverySample() {
        ClassTally tally = ClassTally.recording(5, 5);
        ClassTally plain = new ClassTally(5);
        for (int equal = 1; equal <= 5; equal++) {
            add(tally, equalOutputs(5, equal), 0);
            add(plain, equalOutputs(5, equal), 0);
        }

        assertThat(tally.predictions())
                .isEqualTo(
                        new CellRow.Predictions(
                                List.of(4, 3, 2, 1, 0),
                                List.of(255, 128, 85, 64, 51),
                                List.of(0, 0, 0, 0, 0)));
        assertThat(tally.measures()).isEqualTo(plain.measures());
    }

    /** A byte holds 256 classes; of 256 equal outputs 255 / 256 is 1. */
    @Test
    void recordsAsManyClassesAsAByteHolds() {
        ClassTally tally = ClassTally.recording(256, 2);
        add(tally, equalOutputs(256, 1), 0);
        add(tally, new float[256], 0);

        assertThat(tally.predictions().classes()).containsExactly(255, 0);
        assertThat(tally.predictions().confidences()).containsExactly(255, 1);
        assertThatThrownBy(() -> ClassTally.recording(257, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("predictions of at most 256 classes can be recorded, got 257");
    }

    @Test
    void givesNoPredictionsBeforeItHasAll() {
        ClassTally some = ClassTally.recording(2, 3);
        some.add(new float[4], new int[2], 2);
        ClassTally none = tally2(new float[2], 0);

        assertThatThrownBy(some::predictions)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("2 samples of 3 were recorded");
        assertThatThrownBy(none::predictions)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("1 samples of 0 were recorded");
    }

    @Test
    void tellsWhatTheLastBatchWasTakenFor() {
        ClassTally tally = tally(OUTPUTS, LABELS, 4);
        tally.add(new float[] {0, 0, 1, 0, Float.NaN, 0}, new int[2], 2);

        assertThat(tally.predicted(0)).isEqualTo(2);
        assertThat(tally.predicted(1)).isEqualTo(-1);
        assertThat(tally.measures().brier()).isNaN();
    }

    /** The last k of the outputs are equal, the others so low that their probability is 0. */
    private static float[] equalOutputs(int classes, int k) {
        float[] outputs = new float[classes];
        Arrays.fill(outputs, 0, classes - k, -1000);
        return outputs;
    }

    private static void add(ClassTally tally, float[] outputs, int label) {
        tally.add(outputs, new int[] {label}, 1);
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
