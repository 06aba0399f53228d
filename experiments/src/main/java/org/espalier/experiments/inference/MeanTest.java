// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.special.Gamma;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * Whether a mean, or the difference of two, is a null value; with the interval and the size of the
 * effect.
 *
 * @param estimate the mean, or first mean less second
 * @param standardError of it; 0 where nothing varies
 * @param degrees of freedom, not always whole
 * @param nullValue value that is tested
 * @param p two-sided; NaN where nothing varies and the estimate is the null, 0 where it is not
 * @param level of the interval
 * @param low lower end
 * @param high upper end
 * @param effect standardised: Hedges' g, the estimate less the null over the standard deviation (of
 *     the differences, where paired; pooled, of two samples), times the correction for small
 *     samples; NaN where nothing varies
 */
public record MeanTest(
        double estimate,
        double standardError,
        double degrees,
        double nullValue,
        double p,
        double level,
        double low,
        double high,
        double effect) {

    /**
     * Student's test of one sample, or of paired differences: t = (mean - null) / (s / sqrt n) with
     * n - 1 degrees of freedom, exact for normal values.
     *
     * @param values at least 2, finite
     */
    public static MeanTest one(double[] values, double nullValue, double level) {
        Samples.require("values", 2, values);
        StreamingStatistics m = Samples.moments(values);
        double s = m.getStandardDeviation();
        int n = values.length;
        return of(
                m.getMean(),
                s / Math.sqrt(n),
                n - 1,
                nullValue,
                level,
                (m.getMean() - nullValue) / s,
                n - 1);
    }

    /** The same of the differences of pairs, x less y. */
    public static MeanTest paired(double[] x, double[] y, double level) {
        return one(Samples.differences(x, y), 0, level);
    }

    /**
     * Student's test of two independent samples of equal variance, n1 + n2 - 2 degrees of freedom:
     * the one of Bartoldson et al. 2020 (arXiv:1906.03728), table F1.
     */
    public static MeanTest student(double[] x, double[] y, double level) {
        Samples.require("x", 2, x);
        Samples.require("y", 2, y);
        double pooled = pooledVariance(x, y);
        double difference = Samples.moments(x).getMean() - Samples.moments(y).getMean();
        int degrees = x.length + y.length - 2;
        double error = Math.sqrt(pooled * (1.0 / x.length + 1.0 / y.length));
        return of(difference, error, degrees, 0, level, difference / Math.sqrt(pooled), degrees);
    }

    /** Welch's test of two independent samples, with Satterthwaite's degrees of freedom. */
    public static MeanTest welch(double[] x, double[] y, double level) {
        Samples.require("x", 2, x);
        Samples.require("y", 2, y);
        StreamingStatistics a = Samples.moments(x);
        StreamingStatistics b = Samples.moments(y);
        double va = a.getVariance() / x.length;
        double vb = b.getVariance() / y.length;
        double degrees =
                (va + vb) * (va + vb) / (va * va / (x.length - 1) + vb * vb / (y.length - 1));
        double difference = a.getMean() - b.getMean();
        return of(
                difference,
                Math.sqrt(va + vb),
                degrees,
                0,
                level,
                difference / Math.sqrt(pooledVariance(x, y)),
                x.length + y.length - 2);
    }

    private static double pooledVariance(double[] x, double[] y) {
        return ((x.length - 1) * Samples.moments(x).getVariance()
                        + (y.length - 1) * Samples.moments(y).getVariance())
                / (x.length + y.length - 2);
    }

    private static MeanTest of(
            double estimate,
            double error,
            double degrees,
            double nullValue,
            double level,
            double standardised,
            int effectDegrees) {
        Samples.requireLevel(level);
        if (error == 0) {
            return new MeanTest(
                    estimate,
                    0,
                    degrees,
                    nullValue,
                    estimate == nullValue ? Double.NaN : 0,
                    level,
                    estimate,
                    estimate,
                    Double.NaN);
        }
        TDistribution t = Samples.student(degrees);
        double margin = t.inverseCumulativeProbability((1 + level) / 2) * error;
        return new MeanTest(
                estimate,
                error,
                degrees,
                nullValue,
                2 * t.cumulativeProbability(-Math.abs(estimate - nullValue) / error),
                level,
                estimate - margin,
                estimate + margin,
                standardised * smallSample(effectDegrees));
    }

    /** Hedges' correction: G(m / 2) / (sqrt(m / 2) G((m - 1) / 2)); 0 of one degree is none. */
    private static double smallSample(int m) {
        return m < 2
                ? Double.NaN
                : Math.exp(Gamma.logGamma(m / 2.0) - Gamma.logGamma((m - 1) / 2.0))
                        / Math.sqrt(m / 2.0);
    }

    /**
     * Equivalence by two one-sided tests (Schuirmann 1987): the larger of the p-values of an
     * estimate at or below {@code null - margin}, and at or above {@code null + margin}. Small: the
     * difference is smaller than the margin. NaN where nothing varies.
     *
     * @param margin smallest difference that matters, above 0
     */
    public double equivalenceP(double margin) {
        if (!(margin > 0)) {
            throw new IllegalArgumentException("margin must be above 0, got " + margin);
        }
        if (standardError == 0) {
            return Double.NaN;
        }
        TDistribution t = Samples.student(degrees);
        double above = t.cumulativeProbability(-(estimate - nullValue + margin) / standardError);
        double below = t.cumulativeProbability((estimate - nullValue - margin) / standardError);
        return Math.max(above, below);
    }
}
