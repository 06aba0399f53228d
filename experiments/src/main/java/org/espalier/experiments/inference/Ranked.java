// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Arrays;
import org.espalier.experiments.random.RandomStream;

/** Values that are drawn with replacement again and again, sorted once. */
final class Ranked {
    private final double[] sorted;
    private final int[] rank;
    private final int[] counts;

    /**
     * @param values finite
     * @param distinct all values that ranks are among, ascending, without two that are equal
     */
    Ranked(double[] values, double... distinct) {
        sorted = distinct;
        rank = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            rank[i] = Arrays.binarySearch(distinct, values[i] + 0.0); // -0.0 is 0.0
        }
        counts = new int[distinct.length];
    }

    /** Among the values themselves. */
    static Ranked of(double... values) {
        return new Ranked(values, distinct(values));
    }

    /** Ascending, each once. */
    static double[] distinct(double[]... samples) {
        return Arrays.stream(samples)
                .flatMapToDouble(Arrays::stream)
                .map(v -> v + 0.0)
                .sorted()
                .distinct()
                .toArray();
    }

    /** Draws as many as there are, and adds how often each distinct value came. */
    void add(RandomStream random, int... to) {
        for (int i = 0; i < rank.length; i++) {
            to[rank[random.nextInt(rank.length)]]++;
        }
    }

    /** Pairs in which what was drawn last is above the other, ties half. */
    double above(int... other) {
        double pairs = 0;
        long below = 0;
        for (int r = 0; r < counts.length; r++) {
            pairs += counts[r] * (below + 0.5 * other[r]);
            below += other[r];
        }
        return pairs;
    }

    /** How many there are. */
    int size() {
        return rank.length;
    }

    /**
     * Draws as many as there are; of each distinct value how often it came, valid until the next.
     */
    int[] draw(RandomStream random) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < rank.length; i++) {
            counts[rank[random.nextInt(rank.length)]]++;
        }
        return counts;
    }

    /** Draws as many as there are, ascending, into an array. */
    void drawSorted(RandomStream random, double... into) {
        int[] drawn = draw(random);
        int at = 0;
        for (int r = 0; r < drawn.length; r++) {
            Arrays.fill(into, at, at + drawn[r], sorted[r]);
            at += drawn[r];
        }
    }
}
