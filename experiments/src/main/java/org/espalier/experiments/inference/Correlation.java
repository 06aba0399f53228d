// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.correlation.KendallsCorrelation;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * A correlation of pairs, with the p-value of none and an interval.
 *
 * @param kind which of the three
 * @param n number of pairs
 * @param value in [-1, 1]; NaN where one side is constant, and all else with it
 * @param p two-sided, of no correlation; NaN where n is too small for it
 * @param level of the interval
 * @param low lower end; -1 where n is too small for an interval
 * @param high upper end; 1 where n is too small
 */
public record Correlation(
        Kind kind, int n, double value, double p, double level, double low, double high) {

    /** Largest number of pairs without ties for which Kendall's p is computed by counting. */
    private static final int MOST_COUNTED = 33;

    /** Which correlation. */
    public enum Kind {
        /** Of the values: linear. */
        PEARSON,
        /** Of their ranks, ties at their mean. */
        SPEARMAN,
        /** Of the order of pairs, tau-b. */
        KENDALL
    }

    /**
     * Pearson's r. p by Student's t with n - 2 degrees of freedom, exact for normal pairs; interval
     * by Fisher's z = atanh r, standard error 1 / sqrt(n - 3).
     */
    public static Correlation pearson(double[] x, double[] y, double level) {
        require(x, y, level);
        double r =
                x.length < 2
                        ? Double.NaN
                        : clip(
                                new PearsonsCorrelation()
                                        .correlation(
                                                Samples.withoutNegativeZeros(x),
                                                Samples.withoutNegativeZeros(y)));
        return of(Kind.PEARSON, x.length, r, studentP(r, x.length), level, 1, 3);
    }

    /**
     * Spearman's rho. p as of Pearson's, approximate; interval by Fisher's z with standard error
     * sqrt((1 + rho^2 / 2) / (n - 3)) (Bonett and Wright 2000, Sample size requirements for
     * estimating Pearson, Kendall and Spearman correlations, Psychometrika 65).
     */
    public static Correlation spearman(double[] x, double[] y, double level) {
        require(x, y, level);
        double r =
                x.length < 2
                        ? Double.NaN
                        : clip(
                                new SpearmansCorrelation()
                                        .correlation(
                                                Samples.withoutNegativeZeros(x),
                                                Samples.withoutNegativeZeros(y)));
        return of(Kind.SPEARMAN, x.length, r, studentP(r, x.length), level, 1 + r * r / 2, 3);
    }

    /**
     * Kendall's tau-b = (concordant - discordant) / sqrt((pairs - ties in x) (pairs - ties in y)).
     * Without ties and for at most 33 pairs p is exact, by the number of orders with as few
     * inversions; else normal, with the variance that ties leave (Kendall 1970, Rank Correlation
     * Methods), without a continuity correction. Interval by Fisher's z with standard error
     * sqrt(0.437 / (n - 4)) (Bonett and Wright 2000).
     */
    public static Correlation kendall(double[] x, double[] y, double level) {
        require(x, y, level);
        int n = x.length;
        double tau =
                n < 2
                        ? Double.NaN
                        : clip(
                                new KendallsCorrelation()
                                        .correlation(
                                                Samples.withoutNegativeZeros(x),
                                                Samples.withoutNegativeZeros(y)));
        return of(Kind.KENDALL, n, tau, kendallP(x, y, tau), level, 0.437, 4);
    }

    /** The correlation of that kind, with its p-value and interval. */
    public static Correlation of(Kind kind, double[] x, double[] y, double level) {
        return switch (kind) {
            case PEARSON -> pearson(x, y, level);
            case SPEARMAN -> spearman(x, y, level);
            case KENDALL -> kendall(x, y, level);
        };
    }

    private static Correlation of(
            Kind kind, int n, double r, double p, double level, double variance, int lost) {
        double low = -1;
        double high = 1;
        if (n > lost && Math.abs(r) < 1) {
            double z = new NormalDistribution().inverseCumulativeProbability((1 + level) / 2);
            double error = Math.sqrt(variance / (n - lost));
            low = Math.tanh(atanh(r) - z * error);
            high = Math.tanh(atanh(r) + z * error);
        } else if (n > lost && Math.abs(r) == 1) {
            low = r;
            high = r;
        }
        return new Correlation(kind, n, r, p, level, low, high);
    }

    private static double atanh(double r) {
        return 0.5 * Math.log((1 + r) / (1 - r));
    }

    /** NaN stays. */
    private static double clip(double r) {
        return Math.max(-1, Math.min(1, r));
    }

    private static double studentP(double r, int n) {
        if (n < 3 || Double.isNaN(r)) {
            return Double.NaN;
        }
        if (Math.abs(r) == 1) {
            return 0;
        }
        double t = Math.abs(r) * Math.sqrt((n - 2) / ((1 - r) * (1 + r)));
        return 2 * Samples.student(n - 2).cumulativeProbability(-t);
    }

    private static double kendallP(double[] x, double[] y, double tau) {
        int n = x.length;
        if (n < 2 || Double.isNaN(tau)) {
            return Double.NaN;
        }
        Ties inX = Ties.of(Samples.withoutNegativeZeros(x));
        Ties inY = Ties.of(Samples.withoutNegativeZeros(y));
        long pairs = (long) n * (n - 1) / 2;
        double score =
                tau * Math.sqrt((double) (pairs - inX.pairs())) * Math.sqrt(pairs - inY.pairs());
        if (inX.pairs() == 0 && inY.pairs() == 0 && n <= MOST_COUNTED) {
            long discordant = Math.round((pairs - score) / 2);
            return exactKendall(n, Math.min(discordant, pairs - discordant));
        }
        double m = (double) n * (n - 1);
        double variance =
                (m * (2.0 * n + 5) - inX.v() - inY.v()) / 18
                        + 2.0 * inX.pairs() * inY.pairs() / m
                        + (n > 2 ? inX.triples() * inY.triples() / (9 * m * (n - 2)) : 0);
        double z = Math.abs(score) / Math.sqrt(variance);
        return 2 * new NormalDistribution().cumulativeProbability(-z);
    }

    /** Twice the share of the orders of n with at most so many inversions, 1 at most. */
    private static double exactKendall(int n, long inversions) {
        int most = Math.toIntExact(inversions);
        BigInteger[] orders = new BigInteger[most + 1];
        Arrays.fill(orders, BigInteger.ZERO);
        orders[0] = BigInteger.ONE;
        BigInteger all = BigInteger.ONE;
        for (int size = 2; size <= n; size++) {
            BigInteger[] next = new BigInteger[most + 1];
            BigInteger running = BigInteger.ZERO;
            for (int k = 0; k <= most; k++) {
                running = running.add(orders[k]);
                if (k >= size) {
                    running = running.subtract(orders[k - size]);
                }
                next[k] = running;
            }
            orders = next;
            all = all.multiply(BigInteger.valueOf(size));
        }
        BigInteger few = BigInteger.ZERO;
        for (BigInteger count : orders) {
            few = few.add(count);
        }
        return Math.min(
                1,
                2
                        * new BigDecimal(few)
                                .divide(new BigDecimal(all), MathContext.DECIMAL64)
                                .doubleValue());
    }

    private static void require(double[] x, double[] y, double level) {
        Samples.requirePaired(x, y);
        Samples.require("x", 0, x);
        Samples.require("y", 0, y);
        Samples.requireLevel(level);
    }
}
