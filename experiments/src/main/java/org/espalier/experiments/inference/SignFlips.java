// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.experiments.random.RandomStream;
import org.hipparchus.stat.ranking.NaturalRanking;

/**
 * Tests of paired differences that rest on one assumption: without an effect a difference is as
 * likely to have the one sign as the other. No distribution is assumed. With n differences that are
 * not 0 the smallest p that they can attain is 2^(1 - n).
 */
public final class SignFlips {
    /** Most differences for which every choice of signs is counted. */
    static final int MOST_COUNTED = 30;

    private static final int DRAWS = 100_000;
    private static final int BITS = 8;

    private SignFlips() {}

    /**
     * P-value of the mean, two-sided: the share of the 2^n choices of signs that have a sum at
     * least as far from 0 (Fisher 1935). Above 30 differences 100,000 choices are drawn, the
     * observed one among them.
     *
     * @param seed of the draws
     */
    public static double meanP(double[] differences, long seed) {
        Samples.require("differences", 1, differences);
        double observed = 0;
        double scale = 0;
        for (double d : differences) {
            observed += d;
            scale += Math.abs(d);
        }
        // sums of the same numbers in another order are equal but for rounding
        double least = Math.abs(observed) - 1e-12 * scale;
        int n = differences.length;
        if (n > MOST_COUNTED) {
            return drawn(differences, least, new RandomStream(seed));
        }
        double[] front = sums(differences, 0, n / 2);
        double[] back = sums(differences, n / 2, n);
        return (double) far(front, back, least) / (1L << n);
    }

    /** All sums of some differences with every choice of signs, ascending. */
    private static double[] sums(double[] differences, int from, int to) {
        double[] sums = {0};
        for (int d = from; d < to; d++) {
            double add = Math.abs(differences[d]);
            double[] next = new double[2 * sums.length];
            int less = 0;
            int more = 0;
            for (int i = 0; i < next.length; i++) { // both lists ascend
                boolean takeLess =
                        less < sums.length
                                && (more == sums.length || sums[less] - add <= sums[more] + add);
                next[i] = takeLess ? sums[less++] - add : sums[more++] + add;
            }
            sums = next;
        }
        return sums;
    }

    /** Pairs of sums of both halves that are at least so far from 0. */
    private static long far(double[] front, double[] back, double least) {
        if (least <= 0) {
            return (long) front.length * back.length;
        }
        long far = 0;
        int below = 0; // of back, the first that is not at most -least - front
        int above = 0; // of back, the first that is at least least - front
        for (int i = front.length - 1; i >= 0; i--) {
            while (below < back.length && front[i] + back[below] <= -least) {
                below++;
            }
            while (above < back.length && front[i] + back[above] < least) {
                above++;
            }
            far += below + back.length - above;
        }
        return far;
    }

    private static double drawn(double[] differences, double least, RandomStream random) {
        double[][] tables = tables(differences);
        int far = 1;
        for (int draw = 1; draw < DRAWS; draw++) {
            double sum = 0;
            long bits = 0;
            for (int t = 0; t < tables.length; t++) {
                bits = t % (Long.SIZE / BITS) == 0 ? random.nextLong() : bits >>> BITS;
                sum += tables[t][(int) bits & (1 << BITS) - 1];
            }
            far += Math.abs(sum) >= least ? 1 : 0;
        }
        return (double) far / DRAWS;
    }

    /** For each eight differences in turn their sum with every choice of signs. */
    private static double[][] tables(double[] differences) {
        double[][] tables = new double[(differences.length + BITS - 1) / BITS][1 << BITS];
        for (int t = 0; t < tables.length; t++) {
            for (int choice = 0; choice < 1 << BITS; choice++) {
                for (int b = 0; b < BITS && t * BITS + b < differences.length; b++) {
                    double d = differences[t * BITS + b];
                    tables[t][choice] += (choice >>> b & 1) == 0 ? d : -d;
                }
            }
        }
        return tables;
    }

    /**
     * Wilcoxon's signed-rank test, two-sided (1945): differences of 0 are dropped, equal ones have
     * their mean rank, and the p-value is exact whatever ties there are: the share of choices of
     * signs whose sum of positive ranks is at least as far from its mean. NaN where all are 0.
     */
    public static double signedRankP(double... differences) {
        Samples.require("differences", 0, differences);
        double[] left = Arrays.stream(differences).filter(d -> d != 0).toArray();
        int n = left.length;
        if (n == 0) {
            return Double.NaN;
        }
        double[] ranks = new NaturalRanking().rank(Arrays.stream(left).map(Math::abs).toArray());
        long observed = 0;
        long all = 0;
        // twice the ranks are whole
        Map<Long, Double> counts = new TreeMap<>(Map.of(0L, 1.0));
        for (int i = 0; i < n; i++) {
            long rank = Math.round(2 * ranks[i]);
            all += rank;
            observed += left[i] > 0 ? rank : 0;
            Map<Long, Double> next = new TreeMap<>();
            counts.forEach(
                    (sum, share) -> {
                        next.merge(sum, share / 2, Double::sum);
                        next.merge(sum + rank, share / 2, Double::sum);
                    });
            counts = next;
        }
        long far = Math.abs(2 * observed - all);
        double p = 0;
        for (Map.Entry<Long, Double> count : counts.entrySet()) {
            p += Math.abs(2 * count.getKey() - all) >= far ? count.getValue() : 0;
        }
        return Math.min(1, p);
    }
}
