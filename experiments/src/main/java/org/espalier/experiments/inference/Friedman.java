// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.ranking.NaturalRanking;

/**
 * Friedman's test (1937): whether k methods, each measured in the same n blocks (a block is a seed
 * on a data set), have the same ranks; and Nemenyi's comparison of all pairs, as Demsar 2006
 * (Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7) lays it out.
 *
 * @param blocks n
 * @param meanRanks of each method; 1 is best
 * @param chiSquared statistic, corrected for ties; NaN where all are tied
 * @param p of it, with k - 1 degrees of freedom: rough where n is small
 * @param f Iman and Davenport's (1980) statistic (n - 1) X / (n (k - 1) - X)
 * @param fP of it, with k - 1 and (k - 1)(n - 1) degrees of freedom: the better approximation
 * @param nemenyi p-values of all pairs: the studentised range of k and infinitely many degrees of
 *     freedom at |difference of mean ranks| / sqrt(k (k + 1) / (12 n)), ties not corrected for
 */
public record Friedman(
        int blocks,
        List<Double> meanRanks,
        double chiSquared,
        double p,
        double f,
        double fP,
        List<List<Double>> nemenyi) {
    public Friedman {
        meanRanks = List.copyOf(meanRanks);
        nemenyi = nemenyi.stream().map(List::copyOf).toList();
    }

    /** Which values are better. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /**
     * The test.
     *
     * @param values one row for each block, one column for each method; at least two of each
     */
    public static Friedman of(double[][] values, Better better) {
        int n = values.length;
        if (n < 2 || values[0].length < 2) {
            throw new IllegalArgumentException("Friedman's test needs two blocks of two methods");
        }
        int k = values[0].length;
        double[] sums = new double[k];
        double cubes = 0;
        for (double[] block : values) {
            Samples.require("block", k, block);
            if (block.length != k) {
                throw new IllegalArgumentException("every block has every method once");
            }
            double[] signed = block.clone();
            if (better == Better.HIGHER) {
                Arrays.setAll(signed, i -> -block[i]);
            }
            double[] ranks = new NaturalRanking().rank(Samples.withoutNegativeZeros(signed));
            for (int m = 0; m < k; m++) {
                sums[m] += ranks[m];
            }
            cubes += Ties.of(Samples.withoutNegativeZeros(block)).cubes();
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        double tied = 1 - cubes / ((double) n * k * ((double) k * k - 1));
        double chi =
                tied == 0
                        ? Double.NaN
                        : (12.0 / ((double) n * k * (k + 1)) * squares - 3.0 * n * (k + 1)) / tied;
        double f = (n - 1) * chi / (n * (k - 1.0) - chi);
        List<Double> mean = Arrays.stream(sums).map(s -> s / n).boxed().toList();
        return new Friedman(n, mean, chi, upper(chi, k), f, upperF(f, k, n), pairs(mean, n));
    }

    /** P-values of all pairs of methods; 1 of a method and itself. */
    private static List<List<Double>> pairs(List<Double> mean, int n) {
        List<List<Double>> pairs = new ArrayList<>();
        for (double a : mean) {
            pairs.add(mean.stream().map(b -> pairP(a - b, mean.size(), n)).toList());
        }
        return pairs;
    }

    private static double upper(double chi, int k) {
        return Double.isNaN(chi)
                ? Double.NaN
                : 1 - new ChiSquaredDistribution(k - 1).cumulativeProbability(chi);
    }

    private static double upperF(double f, int k, int n) {
        if (Double.isNaN(f)) {
            return Double.NaN;
        }
        return f < 0 || Double.isInfinite(f)
                ? 0
                : 1 - new FDistribution(k - 1, (k - 1.0) * (n - 1)).cumulativeProbability(f);
    }

    private static double pairP(double difference, int k, int n) {
        double q = Math.abs(difference) / Math.sqrt(k * (k + 1.0) / (12.0 * n));
        return Math.max(0, 1 - studentisedRange(q, k));
    }

    /**
     * The critical difference of mean ranks: those of two methods that differ by more differ at the
     * level (Demsar 2006; his q_alpha is the quantile of the studentised range over sqrt 2).
     */
    public double criticalDifference(double alpha) {
        Samples.requireLevel(alpha);
        int k = meanRanks.size();
        double low = 0;
        double high = 100;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (studentisedRange(middle, k) < 1 - alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low * Math.sqrt(k * (k + 1.0) / (12.0 * blocks));
    }

    /**
     * Distribution function of the range of k standard normal values:
     *
     * <pre>  k integral phi(z) (Phi(z) - Phi(z - q))^(k - 1) dz  </pre>
     *
     * by Gauss and Legendre's rule on pieces; error below 1e-12.
     */
    static double studentisedRange(double q, int k) {
        if (q <= 0) {
            return 0;
        }
        NormalDistribution normal = new NormalDistribution();
        GaussIntegratorFactory factory = new GaussIntegratorFactory();
        double sum = 0;
        double from = -9;
        double to = 9 + Math.min(q, 20);
        int pieces = 60;
        for (int piece = 0; piece < pieces; piece++) {
            GaussIntegrator rule =
                    factory.legendre(
                            20,
                            from + (to - from) * piece / pieces,
                            from + (to - from) * (piece + 1) / pieces);
            sum +=
                    rule.integrate(
                            z ->
                                    normal.density(z)
                                            * Math.pow(
                                                    normal.cumulativeProbability(z)
                                                            - normal.cumulativeProbability(z - q),
                                                    k - 1));
        }
        return Math.min(1, k * sum);
    }
}
