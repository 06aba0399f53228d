// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.random.Streams.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTest {
    private static final int N = 10_000;
    private static final int CLASSES = 10;
    private static final Samples DIGITS = digits();
    private static final Samples CURVE =
            new Samples(
                    new Features.Floats(Shape.flat(1), new float[N]),
                    new Targets.Values(1, new float[N]));

    private static Samples digits() {
        int[] labels = new int[N];
        for (int i = 0; i < N; i++) {
            labels[i] = i % CLASSES;
        }
        return new Samples(
                new Features.Bytes(Shape.flat(1), new byte[N]),
                new Targets.Labels(CLASSES, labels));
    }

    private static int[] labels(Samples samples) {
        return ((Targets.Labels) samples.targets()).labels();
    }

    private static float[] values(Samples samples) {
        return ((Targets.Values) samples.targets()).values();
    }

    /**
     * Flips are binomial: at p = 0.2 their mean is 2000 and their deviation sqrt(10000 * 0.2 * 0.8)
     * = 40; bounds are 4.5 deviations. Each of the 90 ways to go wrong is expected 2000 / 90 = 22.2
     * times; chi-squared of 89 degrees of freedom is above 152.6 once in 30,000 (by Wilson and
     * Hilferty: 89 (1 - 2/801 + 3.99 sqrt(2/801))^3).
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void flipsTheAskedShareToEveryOtherClassAlike(long seed) {
        int[] noisy = labels(new Noise(0.2).onTraining(DIGITS, new Streams(seed)));

        int flips = 0;
        int[][] ways = new int[CLASSES][CLASSES];
        for (int i = 0; i < N; i++) {
            if (noisy[i] != labels(DIGITS)[i]) {
                flips++;
                ways[labels(DIGITS)[i]][noisy[i]]++;
            }
        }
        assertThat(flips).isBetween(2000 - 180, 2000 + 180);
        double chiSquared = 0;
        for (int from = 0; from < CLASSES; from++) {
            for (int to = 0; to < CLASSES; to++) {
                double expected = from == to ? 0 : flips / 90.0;
                double off = ways[from][to] - expected;
                chiSquared += from == to ? 0 : off * off / expected;
            }
        }
        assertThat(chiSquared).isLessThan(152.6);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void atRateOneNoLabelStays(long seed) {
        int[] noisy = labels(new Noise(1).onTraining(DIGITS, new Streams(seed)));

        for (int i = 0; i < N; i++) {
            assertThat(noisy[i]).isNotEqualTo(labels(DIGITS)[i]);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrongAtALowRateIsWrongInTheSameWayAtAHighOne(long seed) {
        int[] low = labels(new Noise(0.1).onTraining(DIGITS, new Streams(seed)));
        int[] high = labels(new Noise(0.4).onTraining(DIGITS, new Streams(seed)));

        for (int i = 0; i < N; i++) {
            if (low[i] != labels(DIGITS)[i]) {
                assertThat(high[i]).isEqualTo(low[i]);
            }
        }
    }

    /** Worked with the stream itself: a flip where the first draw of a sample is below the rate. */
    @Test
    void drawsTwoNumbersForEachLabel() {
        RandomStream stream = new Streams(7).of(Purpose.NOISE, 0);
        int[] noisy = labels(new Noise(0.5).onTraining(DIGITS, new Streams(7)));

        for (int i = 0; i < 100; i++) {
            int clean = i % CLASSES;
            boolean flip = stream.nextDouble() < 0.5;
            int other = stream.nextInt(9);
            int expected = !flip ? clean : other >= clean ? other + 1 : other;
            assertThat(noisy[i]).as("sample %d", i).isEqualTo(expected);
        }
    }

    @Test
    void leavesInputsCleanSamplesAndTestLabelsAlone() {
        Samples noisy = new Noise(0.3).onTraining(DIGITS, new Streams(1));

        assertThat(noisy.features()).isSameAs(DIGITS.features());
        assertThat(labels(DIGITS)).isEqualTo(labels(digits()));
        assertThat(new Noise(0.3).onTest(DIGITS, new Streams(1))).isSameAs(DIGITS);
    }

    @Test
    void levelZeroIsTheCleanData() {
        assertThat(new Noise(0).onTraining(DIGITS, new Streams(1))).isSameAs(DIGITS);
        assertThat(new Noise(0).onTest(CURVE, new Streams(1))).isSameAs(CURVE);
    }

    /**
     * U(-a, a) has mean 0 and variance a^2 / 3. Over 10,000 values the mean deviates by a /
     * sqrt(30,000) = 0.0058 a; the square's deviation is a^2 sqrt(1/5 - 1/9) / 100 = 0.003 a^2.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shiftsTargetsOfARegressionUniformly(long seed) {
        double a = 0.05;
        float[] train = values(new Noise(a).onTraining(CURVE, new Streams(seed)));
        float[] test = values(new Noise(a).onTest(CURVE, new Streams(seed)));

        for (float[] values : new float[][] {train, test}) {
            double sum = 0;
            double squares = 0;
            for (float value : values) {
                assertThat(value).isBetween((float) -a, (float) a);
                sum += value / a;
                squares += value / a * (value / a);
            }
            assertThat(sum / N).isBetween(-4.5 * 0.0058, 4.5 * 0.0058);
            assertThat(squares / N).isBetween(1 / 3.0 - 4.5 * 0.003, 1 / 3.0 + 4.5 * 0.003);
        }
        assertThat(train).isNotEqualTo(test);
        assertThat(values(CURVE)).containsOnly(0f);
    }

    /** Worked with the streams themselves: index 0 for training, 1 for test. */
    @Test
    void drawsOneNumberForEachTarget() {
        RandomStream training = new Streams(7).of(Purpose.NOISE, 0);
        RandomStream test = new Streams(7).of(Purpose.NOISE, 1);

        float[] noisyTraining = values(new Noise(0.05).onTraining(CURVE, new Streams(7)));
        float[] noisyTest = values(new Noise(0.05).onTest(CURVE, new Streams(7)));

        for (int i = 0; i < 100; i++) {
            assertThat(noisyTraining[i])
                    .isEqualTo((float) (0.05 * (2 * training.nextDouble() - 1)));
            assertThat(noisyTest[i]).isEqualTo((float) (0.05 * (2 * test.nextDouble() - 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesALevelThatIsNone(double level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Noise(level))
                .withMessage("noise must be a finite number of at least 0, got " + level);
    }

    @Test
    void refusesARateAboveOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Noise(1.5).onTraining(DIGITS, new Streams(1)))
                .withMessage(
                        "noise on labels is a rate in [0, 1] on at least 2 classes, got 1.5 on 10");
    }
}
