// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {

    /** The sequence that published ports of splitmix64.c (Vigna 2015) are checked against. */
    @Test
    void givesTheReferenceSequence() {
        RandomStream random = new RandomStream(1234567);

        assertThat(
                        new String[] {
                            Long.toUnsignedString(random.nextLong()),
                            Long.toUnsignedString(random.nextLong()),
                            Long.toUnsignedString(random.nextLong()),
                            Long.toUnsignedString(random.nextLong()),
                            Long.toUnsignedString(random.nextLong())
                        })
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @Test
    void takesIntsFloatsAndDoublesFromTheUpperBits() {
        long first = Long.parseUnsignedLong("6457827717110365317");

        assertThat(new RandomStream(1234567).nextInt()).isEqualTo((int) (first >>> 32));
        assertThat(new RandomStream(1234567).nextDouble())
                .isEqualTo((first >>> 11) / Math.pow(2, 53));
        assertThat(new RandomStream(1234567).nextFloat())
                .isEqualTo((float) ((first >>> 40) / Math.pow(2, 24)));
    }

    /**
     * 100 cells, 99 degrees of freedom: all but 1 in 1000 uniform sources give at most 148.23
     * (SciPy 1.17.1, {@code stats.chi2.ppf(0.999, 99)}), all but 1 in 1000 at least 61.14.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void doublesAreUniform(long seed) {
        RandomStream random = new RandomStream(seed);
        int[] counts = new int[100];

        for (int i = 0; i < 100_000; i++) {
            counts[(int) (100 * random.nextDouble())]++;
        }

        assertChiSquared(counts, 61.14, 148.23);
    }

    /** 5 degrees of freedom, {@code stats.chi2.ppf(0.999, 5)} = 20.515 (SciPy 1.17.1). */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void boundedIntsAreUniform(long seed) {
        RandomStream random = new RandomStream(seed);
        int[] counts = new int[6];

        for (int i = 0; i < 60_000; i++) {
            counts[random.nextInt(6)]++;
        }

        assertChiSquared(counts, 0, 20.515);
    }

    /**
     * With bound 3 * 2^29 the plain product maps 8 neighbouring values of 32 bits to 0, 0, 0, 1, 1,
     * 1, 2, 2 (mod 3): rejection evens it out. 2 degrees of freedom, {@code stats.chi2.ppf(0.999,
     * 2)} = 13.816 (SciPy 1.17.1).
     */
    @Test
    void largeBoundsAreUniformToo() {
        RandomStream random = new RandomStream(4);
        int[] counts = new int[3];

        for (int i = 0; i < 60_000; i++) {
            counts[random.nextInt(3 << 29) % 3]++;
        }

        assertChiSquared(counts, 0, 13.816);
    }

    private static void assertChiSquared(int[] counts, double least, double most) {
        double expected = Arrays.stream(counts).sum() / (double) counts.length;
        double found =
                Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected)).sum()
                        / expected;
        assertThat(found)
                .withFailMessage(
                        "chi-squared is %s, allowed is %s to %s: %s",
                        found, least, most, Arrays.toString(counts))
                .isBetween(least, most);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refusesABoundThatLeavesNothing(int bound) {
        assertThatThrownBy(() -> new RandomStream(1).nextInt(bound))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bound must be positive, got " + bound);
    }

    @Test
    void aBoundOfOneLeavesZero() {
        RandomStream random = new RandomStream(5);

        for (int i = 0; i < 100; i++) {
            assertThat(random.nextInt(1)).isZero();
        }
    }

    /**
     * Of n = 200,000 standard normals the mean has deviation 1/sqrt(n) = 0.0022, the variance
     * sqrt(2/n) = 0.0032, the third moment sqrt(15/n) = 0.0087, the fourth sqrt(96/n) = 0.022; four
     * deviations are allowed.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void gaussiansHaveTheMomentsOfANormal(long seed) {
        RandomStream random = new RandomStream(seed);
        int n = 200_000;
        double[] moments = new double[5];

        for (int i = 0; i < n; i++) {
            double z = random.nextGaussian();
            double power = 1;
            for (int m = 1; m <= 4; m++) {
                power *= z;
                moments[m] += power / n;
            }
        }

        assertThat(moments[1]).isCloseTo(0, within(0.009));
        assertThat(moments[2]).isCloseTo(1, within(0.013));
        assertThat(moments[3]).isCloseTo(0, within(0.035));
        assertThat(moments[4]).isCloseTo(3, within(0.088));
    }

    /** Box and Muller on the first two outputs u, v: radius sqrt(-2 ln(1 - u)), angle 2 pi v. */
    @Test
    void twoOutputsGiveTwoGaussians() {
        RandomStream uniform = new RandomStream(6);
        double radius = Math.sqrt(-2 * Math.log(1 - uniform.nextDouble()));
        double angle = 2 * Math.PI * uniform.nextDouble();
        double third = uniform.nextDouble();
        RandomStream random = new RandomStream(6);

        assertThat(random.nextGaussian()).isCloseTo(radius * Math.cos(angle), within(1e-14));
        assertThat(random.nextGaussian()).isCloseTo(radius * Math.sin(angle), within(1e-14));
        assertThat(random.nextDouble()).isEqualTo(third);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPermutationHasEveryIndexOnce(long seed) {
        int n = 1 + new RandomStream(seed).nextInt(500);

        int[] order = new RandomStream(seed).permutation(n);

        Set<Integer> seen = new HashSet<>();
        Arrays.stream(order).forEach(seen::add);
        assertThat(order).hasSize(n);
        assertThat(seen).hasSize(n);
        assertThat(seen).allMatch(i -> i >= 0 && i < n);
    }

    /** 24 orders of 4, 23 degrees of freedom: {@code stats.chi2.ppf(0.999, 23)} = 49.73. */
    @Test
    void everyPermutationIsAsLikely() {
        RandomStream random = new RandomStream(8);
        Map<String, Integer> counts = new HashMap<>();

        for (int i = 0; i < 24_000; i++) {
            counts.merge(Arrays.toString(random.permutation(4)), 1, Integer::sum);
        }

        assertThat(counts).hasSize(24);
        assertChiSquared(counts.values().stream().mapToInt(Integer::intValue).toArray(), 0, 49.73);
    }

    @Test
    void aPermutationOfNothingIsEmpty() {
        assertThat(new RandomStream(1).permutation(0)).isEmpty();
    }
}
