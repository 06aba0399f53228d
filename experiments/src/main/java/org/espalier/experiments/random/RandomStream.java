// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.random;

import java.util.random.RandomGenerator;

/**
 * A sequence of random numbers whose bits are part of the numerics of this project: they depend on
 * the key alone, never on the JDK, the thread or the platform.
 *
 * <p>SplitMix64 (Steele, Lea, Flood 2014): the state is a counter that grows by the golden gamma,
 * each output a bijective mix of it.
 *
 * <pre>
 *   state += 0x9e3779b97f4a7c15
 *   z = state; z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9; z = (z ^ z >>> 27) * 0x94d049bb133111eb
 *   output = z ^ z >>> 31
 * </pre>
 *
 * Normal deviates and bounded integers are computed here too, with {@link StrictMath}, so that no
 * default method of a later JDK changes them. Not thread safe.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;
    private double spareNormal = Double.NaN;

    /** A stream that starts at {@code key}; {@link Streams} derives keys from names. */
    public RandomStream(long key) {
        state = key;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** The mixing function alone: a bijection of 64 bits. */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /**
     * Uniform in {0, ..., bound - 1}, without bias: Lemire's multiply-and-reject (2019,
     * arXiv:1805.10941).
     *
     * @throws IllegalArgumentException if {@code bound} is not positive
     */
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, got " + bound);
        }
        long product = (nextInt() & 0xffff_ffffL) * bound;
        long low = product & 0xffff_ffffL;
        if (low < bound) {
            long threshold = (1L << 32) % bound;
            while (low < threshold) {
                product = (nextInt() & 0xffff_ffffL) * bound;
                low = product & 0xffff_ffffL;
            }
        }
        return (int) (product >>> 32);
    }

    /** Uniform in [0, 1): the upper 53 bits of one output, divided by 2^53. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, 1): the upper 24 bits of one output, divided by 2^24. */
    @Override
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1.0p-24f;
    }

    /**
     * Standard normal: Box and Muller (1958), in {@link StrictMath}; two outputs give two deviates.
     */
    @Override
    public double nextGaussian() {
        if (!Double.isNaN(spareNormal)) {
            double spare = spareNormal;
            spareNormal = Double.NaN;
            return spare;
        }
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        double angle = 2 * Math.PI * nextDouble();
        spareNormal = radius * StrictMath.sin(angle);
        return radius * StrictMath.cos(angle);
    }

    /** A uniformly random order of 0, ..., n - 1 (Fisher and Yates, from the back). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
