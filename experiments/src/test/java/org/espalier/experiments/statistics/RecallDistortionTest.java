// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecallDistortionTest {
    private static final ClassRecalls DENSE = recalls(90, 70, 80);

    /** Sizes of the classes of MNIST's test set. */
    private static final long[] MNIST = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};

    @Test
    void isOneWhenNothingChanged() {
        RecallDistortion same = RecallDistortion.between(DENSE, DENSE);

        assertThat(same.alphaOrigin()).isCloseTo(1, within(1e-15));
        assertThat(same.alphaOls()).isCloseTo(1, within(1e-12));
        assertThat(same.intercept()).isCloseTo(0, within(1e-12));
        assertThat(same.r2()).isCloseTo(1, within(1e-12));
        assertThat(same.differences()).containsExactly(0.0, 0.0, 0.0);
    }

    /**
     * By hand: dense A = 0.8, balances (+0.125, -0.125, 0); pruned A = 0.6, balances (+0.5, -0.5,
     * 0); alpha = 2 * 0.125 * 0.5 / (2 * 0.125^2) = 4.
     */
    @Test
    void growsWhenTheWeakClassPaysForThePruning() {
        RecallDistortion grown = RecallDistortion.between(DENSE, recalls(90, 30, 60));

        assertThat(grown.alphaOrigin()).isCloseTo(4, within(1e-12));
        assertThat(grown.alphaOls()).isCloseTo(4, within(1e-12));
        assertThat(grown.classes()).isEqualTo(3);
        assertThat(grown.ratios().get(0)).isCloseTo(4, within(1e-12));
        assertThat(grown.ratios().get(2)).isNaN();
        assertThat(grown.differences().get(1)).isCloseTo(-0.375, within(1e-12));
    }

    /**
     * NumPy 2.4.6 {@code x @ y / (x @ x)} and SciPy 1.17.1 {@code stats.linregress(x, y)} on x, y =
     * (c / total - A) / A with A = c.sum() / total.sum().
     */
    @Test
    void agreesWithScipyOnClassesOfUnequalSize() {
        ClassRecalls dense =
                new ClassRecalls(
                        new long[] {970, 1125, 1004, 989, 962, 866, 941, 1001, 945, 980}, MNIST);
        ClassRecalls pruned =
                new ClassRecalls(
                        new long[] {965, 1121, 960, 951, 930, 799, 921, 969, 880, 934}, MNIST);

        RecallDistortion distortion = RecallDistortion.between(dense, pruned);

        assertThat(distortion.alphaOrigin()).isCloseTo(3.855189040376873, within(1e-12));
        assertThat(distortion.alphaOls()).isCloseTo(3.8542174218445155, within(1e-12));
        assertThat(distortion.intercept()).isCloseTo(-0.0002696312376792749, within(1e-14));
        assertThat(distortion.r2()).isCloseTo(0.8885021823446911, within(1e-12));
        assertThat(distortion.classes()).isEqualTo(10);
        assertThat(distortion.ratios().get(3)).isCloseTo(-1.617808312642832, within(1e-11));
        assertThat(distortion.ratios().get(9)).isCloseTo(2.5534651004925957, within(1e-11));
        assertThat(distortion.differences().get(0)).isCloseTo(0.032463166934303817, within(1e-14));
        assertThat(distortion.differences().get(5)).isCloseTo(-0.042503555852029945, within(1e-14));
    }

    /** Equal sizes: balances sum to 0, so both slopes are one, and no line has an intercept. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bothSlopesAgreeOnClassesOfEqualSize(long seed) {
        RandomStream random = new RandomStream(seed);
        RecallDistortion distortion =
                RecallDistortion.between(randomRecalls(random), randomRecalls(random));

        assertThat(distortion.alphaOls()).isCloseTo(distortion.alphaOrigin(), within(1e-9));
        assertThat(distortion.intercept()).isCloseTo(0, within(1e-12));
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 20);
    }

    private static ClassRecalls randomRecalls(RandomStream random) {
        return recalls(IntStream.range(0, 10).mapToLong(c -> 50 + random.nextInt(51)).toArray());
    }

    @Test
    void isUndefinedWhenTheDenseModelIsPerfectlyEven() {
        RecallDistortion even = RecallDistortion.between(recalls(80, 80, 80), DENSE);

        assertThat(even.alphaOrigin()).isNaN();
        assertThat(even.alphaOls()).isNaN();
        assertThat(even.ratios()).containsOnly(Double.NaN);
        assertThat(even.differences().get(0)).isCloseTo(0.125, within(1e-15));
    }

    @Test
    void aClassWithoutSamplesDoesNotCount() {
        long[] total = {100, 100, 0, 100};

        RecallDistortion distortion =
                RecallDistortion.between(
                        new ClassRecalls(new long[] {90, 70, 0, 80}, total),
                        new ClassRecalls(new long[] {90, 30, 0, 60}, total));

        assertThat(distortion.alphaOrigin()).isCloseTo(4, within(1e-12));
        assertThat(distortion.classes()).isEqualTo(3);
        assertThat(distortion.ratios().get(2)).isNaN();
        assertThat(distortion.differences().get(2)).isNaN();
    }

    @Test
    void refusesAModelThatIsNeverRight() {
        assertThatThrownBy(() -> RecallDistortion.between(DENSE, recalls(0, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accuracy is 0, so the recall balance cannot be normalised");
    }

    @Test
    void refusesModelsOfDifferentTestSets() {
        assertThatThrownBy(() -> RecallDistortion.between(DENSE, recalls(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dense has 3 classes, pruned has 2");
        assertThatThrownBy(
                        () ->
                                RecallDistortion.between(
                                        DENSE,
                                        new ClassRecalls(
                                                new long[] {1, 1, 1}, new long[] {100, 99, 100})))
                .hasMessage("class 1 has 100 samples for the dense model, 99 for the pruned one");
    }

    private static ClassRecalls recalls(long... correctOfHundred) {
        long[] total = new long[correctOfHundred.length];
        Arrays.fill(total, 100);
        return new ClassRecalls(correctOfHundred, total);
    }
}
