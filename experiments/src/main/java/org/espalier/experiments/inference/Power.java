// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.OptionalInt;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.special.Beta;
import org.hipparchus.special.Gamma;

/**
 * Power of Student's test of paired differences: the chance that n pairs show a difference of d
 * standard deviations at a two-sided level,
 *
 * <pre>
 *   1 - F(t; n - 1, d sqrt n) + F(-t; n - 1, d sqrt n),   t the quantile 1 - alpha / 2 of Student's
 * </pre>
 *
 * F being the non-central distribution. d is mean over standard deviation of the differences; one
 * that was estimated from few pairs is itself uncertain, and so is the number that follows from it.
 */
public final class Power {
    private static final int MOST_TERMS = 100_000;
    private static final double SMALL = 1e-17;
    private static final double SMALLEST = 1e-25;

    private Power() {}

    /**
     * Power of n pairs.
     *
     * @param n pairs, at least 2
     * @param d standardised difference
     * @param alpha level of the test, in (0, 1)
     */
    public static double paired(int n, double d, double alpha) {
        Samples.requireLevel(alpha);
        if (n < 2 || !Double.isFinite(d)) {
            throw new IllegalArgumentException(
                    "power needs at least 2 pairs and a finite difference, got " + n + ", " + d);
        }
        double t = Samples.student(n - 1).inverseCumulativeProbability(1 - alpha / 2);
        double shift = Math.abs(d) * Math.sqrt(n);
        return 1 - nonCentral(t, n - 1, shift) + nonCentral(-t, n - 1, shift);
    }

    /** The fewest pairs with at least that power; empty where more than {@code most} are needed. */
    public static OptionalInt pairs(double d, double alpha, double power, int most) {
        if (d == 0) {
            return OptionalInt.empty();
        }
        int low = 2;
        int high = 2;
        while (paired(high, d, alpha) < power) { // from below: many pairs make a long series
            if (high >= most) {
                return OptionalInt.empty();
            }
            low = high + 1;
            high = (int) Math.min(most, 2L * high);
        }
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (paired(middle, d, alpha) < power) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return OptionalInt.of(low);
    }

    /**
     * Distribution function of the non-central t (Lenth 1989, Algorithm AS 243, Applied Statistics
     * 38): a series of incomplete beta functions with Poisson weights.
     */
    static double nonCentral(double t, double degrees, double shift) {
        if (t < 0) {
            return 1 - nonCentral(-t, degrees, -shift);
        }
        double central = new NormalDistribution().cumulativeProbability(-shift);
        double x = t * t / (degrees + t * t);
        if (x == 0) {
            return central;
        }
        double half = shift * shift / 2;
        // p_j = exp(-l) l^j / j!, q_j = shift exp(-l) l^j / (sqrt 2 G(j + 3/2)), l = half
        double sum = 0;
        double weights = 0;
        for (int j = 0; j < MOST_TERMS; j++) {
            double log = half == 0 ? (j == 0 ? 0 : Double.NEGATIVE_INFINITY) : j * Math.log(half);
            double p = Math.exp(-half + log - Gamma.logGamma(j + 1.0));
            double q = shift / Math.sqrt(2) * Math.exp(-half + log - Gamma.logGamma(j + 1.5));
            weights += p;
            if (p < SMALLEST && Math.abs(q) < SMALLEST) {
                if (j > half) {
                    break;
                }
                continue; // the beta functions are at most 1
            }
            double even = Beta.regularizedBeta(x, j + 0.5, degrees / 2);
            double odd = Beta.regularizedBeta(x, j + 1.0, degrees / 2);
            sum += p * even + q * odd;
            if (j > half && p * even + Math.abs(q) * odd < SMALL && 1 - weights < 1e-14) {
                break;
            }
        }
        return Math.min(1, Math.max(0, central + sum / 2));
    }
}
