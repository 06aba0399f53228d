// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValidationSplitTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isDisjointCompleteAndAscending(long seed) {
        RandomStream random = new RandomStream(seed);
        int samples = 10 + random.nextInt(500);
        double fraction = 0.1 + 0.8 * random.nextDouble();

        ValidationSplit split = ValidationSplit.of(samples, fraction, new Streams(seed));

        assertThat(split.validation()).hasSize((int) Math.round(fraction * samples));
        assertThat(split.training()).isSorted();
        assertThat(split.validation()).isSorted();
        int[] both =
                IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation()))
                        .sorted()
                        .toArray();
        assertThat(both).isEqualTo(IntStream.range(0, samples).toArray());
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 100);
    }

    @Test
    void dependsOnTheSeedAlone() {
        var one = ValidationSplit.of(100, 0.2, new Streams(1));

        assertThat(ValidationSplit.of(100, 0.2, new Streams(1)).validation())
                .isEqualTo(one.validation());
        assertThat(ValidationSplit.of(100, 0.2, new Streams(2)).validation())
                .isNotEqualTo(one.validation());
    }

    /** Worked with the stream itself: the first rows of a permutation. */
    @Test
    void holdsOutTheFirstRowsOfAPermutation() {
        int[] order = new Streams(5).of(Streams.Purpose.VALIDATION_SPLIT).permutation(50);

        int[] held = ValidationSplit.of(50, 0.3, new Streams(5)).validation();

        assertThat(held).containsExactlyInAnyOrder(Arrays.copyOf(order, 15));
    }

    /** 4 of 10 samples each time: over 1000 seeds a row is held out 400 times, deviation 15.5. */
    @Test
    void holdsOutEveryRowAlike() {
        int[] counts = new int[10];
        for (long seed = 0; seed < 1000; seed++) {
            for (int row : ValidationSplit.of(10, 0.4, new Streams(seed)).validation()) {
                counts[row]++;
            }
        }

        for (int count : counts) {
            assertThat(count).isBetween(400 - 70, 400 + 70);
        }
    }

    @Test
    void atZeroNothingIsHeldOut() {
        ValidationSplit split = ValidationSplit.of(3, 0, new Streams(1));

        assertThat(split.training()).containsExactly(0, 1, 2);
        assertThat(split.validation()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10, 1.0, 'validation must be a fraction in [0, 1) of at least 1 sample, got 1.0 of 10'",
        "10, NaN, 'validation must be a fraction in [0, 1) of at least 1 sample, got NaN of 10'",
        "0, 0.5, 'validation must be a fraction in [0, 1) of at least 1 sample, got 0.5 of 0'",
        "10, 0.01, 'validation of 0.01 holds out 0 of 10 samples; expected at least 1 on each side'",
        "10, 0.99, 'validation of 0.99 holds out 10 of 10 samples; expected at least 1 on each side'"
    })
    void refusesWhatLeavesASideEmpty(int samples, double fraction, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValidationSplit.of(samples, fraction, new Streams(1)))
                .withMessage(message);
    }
}
