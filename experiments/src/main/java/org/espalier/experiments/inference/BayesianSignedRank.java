// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.espalier.experiments.random.RandomStream;

/**
 * Bayesian signed-rank test with a region of practical equivalence (Benavoli, Corani, Demsar and
 * Zaffalon 2017, Time for a Change: a Tutorial for Comparing Multiple Classifiers Through Bayesian
 * Analysis, JMLR 18; arXiv:1606.04316). With w drawn from a Dirichlet distribution of one weight a
 * half for a difference of 0 that is put first [theirs: any prior strength], and one each for the n
 * differences d,
 *
 * <pre>
 *   left  = sum_ij w_i w_j [d_i + d_j &lt; -2 rope]
 *   right = sum_ij w_i w_j [d_i + d_j &gt; 2 rope],     rope = 1 - left - right
 * </pre>
 *
 * and a probability is the share of the draws in which its region is the largest: of 20,000, above
 * 200 blocks of 4,000,000 / n, but 1,000 at least, where it is known to 0.016.
 *
 * @param left that the first method is lower by more than the region
 * @param rope that the difference is inside
 * @param right that the first method is higher
 */
public record BayesianSignedRank(double left, double rope, double right) {
    private static final int MOST_DRAWS = 20_000;
    private static final int FEWEST_DRAWS = 1_000;

    /** Draws times blocks: above 200 blocks fewer are drawn. */
    private static final int WORK = 4_000_000;

    private static final double PRIOR = 0.5;

    /**
     * The test.
     *
     * @param differences first method less second, one for each block
     * @param rope half the width of the region, at least 0
     * @param seed of the draws
     */
    public static BayesianSignedRank of(double[] differences, double rope, long seed) {
        Samples.require("differences", 1, differences);
        if (!(rope >= 0)) {
            throw new IllegalArgumentException("the region must be at least 0, got " + rope);
        }
        int n = differences.length + 1;
        double[] d = new double[n];
        System.arraycopy(differences, 0, d, 1, n - 1);
        int[] order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> d[i]))
                        .mapToInt(i -> i)
                        .toArray();
        double[] sorted = IntStream.of(order).mapToDouble(i -> d[i]).toArray();
        double[] cumulated = new double[n + 1];
        RandomStream random = new RandomStream(seed);
        double[] w = new double[n];
        int[] won = new int[3];
        int draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, WORK / n));
        for (int draw = 0; draw < draws; draw++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                // gamma of shape 1 is exponential, of shape 1/2 half the square of a normal
                double normal = i == 0 ? random.nextGaussian() : 0;
                w[i] = i == 0 ? PRIOR * normal * normal : -StrictMath.log(1 - random.nextDouble());
                sum += w[i];
            }
            // of each i all j with d_j below or above a bound: one walk through the sorted
            // differences
            for (int k = 0; k < n; k++) {
                cumulated[k + 1] = cumulated[k] + w[order[k]] / sum;
            }
            double left = 0;
            double right = 0;
            int below = n;
            int notAbove = n;
            for (int i = 0; i < n; i++) {
                while (below > 0 && !(sorted[i] + sorted[below - 1] < -2 * rope)) {
                    below--;
                }
                while (notAbove > 0 && sorted[i] + sorted[notAbove - 1] > 2 * rope) {
                    notAbove--;
                }
                double own = w[order[i]] / sum;
                left += own * cumulated[below];
                right += own * (cumulated[n] - cumulated[notAbove]);
            }
            double inside = 1 - left - right;
            won[inside >= left && inside >= right ? 1 : left > right ? 0 : 2]++;
        }
        return new BayesianSignedRank(
                (double) won[0] / draws, (double) won[1] / draws, (double) won[2] / draws);
    }
}
