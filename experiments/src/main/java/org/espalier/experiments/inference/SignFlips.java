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
    static final int MOST_COUNTED = 20;

    private static final int DRAWS = 100_000;

    private SignFlips() {}

    /**
     * P-value of the mean, two-sided: the share of the 2^n choices of signs that have a sum at
     * least as far from 0 (Fisher 1935). Above 20 differences 100,000 choices are drawn, the
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
        long far = 0;
        double sum = 0;
        for (double d : differences) {
            sum -= d;
        }
        // Gray code: one sign changes from each choice to the next
        boolean[] positive = new boolean[n];
        long all = 1L << n;
        for (long choice = 0; choice < all; choice++) {
            if (choice > 0) {
                int flipped = Long.numberOfTrailingZeros(choice);
                positive[flipped] = !positive[flipped];
                sum += positive[flipped] ? 2 * differences[flipped] : -2 * differences[flipped];
            }
            if (Math.abs(sum) >= least) {
                far++;
            }
        }
        return (double) far / all;
    }

    private static double drawn(double[] differences, double least, RandomStream random) {
        int far = 1;
        for (int draw = 1; draw < DRAWS; draw++) {
            double sum = 0;
            long bits = 0;
            for (int i = 0; i < differences.length; i++) {
                if (i % Long.SIZE == 0) {
                    bits = random.nextLong();
                }
                sum += (bits >>> i % Long.SIZE & 1) == 0 ? differences[i] : -differences[i];
            }
            far += Math.abs(sum) >= least ? 1 : 0;
        }
        return (double) far / DRAWS;
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
