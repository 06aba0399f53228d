// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import org.espalier.results.text.Text;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * Mean over seeds with its spread and a confidence interval.
 *
 * <pre>  mean +- t(n - 1, (1 + level) / 2) * standardDeviation / sqrt(n)  </pre>
 *
 * t is the quantile of Student's distribution: exact for normal values, approximate for others. Of
 * one value the standard deviation is NaN and the interval everything. Good et al. 2022
 * (arXiv:2206.02976) report such intervals at level 0.99 without saying how they are made; that
 * they are Student's is our choice.
 *
 * @param n number of values, at least 1
 * @param mean of the values
 * @param standardDeviation of the sample, with n - 1
 * @param level of the interval, in (0, 1)
 * @param low lower end
 * @param high upper end
 */
public record MeanInterval(
        int n, double mean, double standardDeviation, double level, double low, double high) {

    /** Where an interval lies of a value. */
    public enum Side {
        /** All of it below. */
        BELOW("<"),
        /** All of it above. */
        ABOVE(">"),
        /** It covers the value, so the data do not decide. */
        UNDECIDED("?");

        private final String sign;

        Side(String sign) {
            this.sign = sign;
        }

        /** As tables print it. */
        public String sign() {
            return sign;
        }
    }

    /**
     * The interval of values.
     *
     * @param values one for each seed, finite
     * @param level in (0, 1), e.g. 0.99
     */
    public static MeanInterval of(double[] values, double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must be in (0, 1), got " + level);
        }
        if (values.length == 0) {
            throw new IllegalArgumentException("a mean needs at least one value");
        }
        StreamingStatistics statistics = new StreamingStatistics();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(Text.of("value %d is %s", i, values[i]));
            }
            statistics.addValue(values[i]);
        }
        int n = values.length;
        double mean = statistics.getMean();
        if (n == 1) {
            return new MeanInterval(
                    n, mean, Double.NaN, level, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double deviation = statistics.getStandardDeviation();
        double quantile = new TDistribution(n - 1).inverseCumulativeProbability((1 + level) / 2);
        double margin = quantile * deviation / Math.sqrt(n);
        return new MeanInterval(n, mean, deviation, level, mean - margin, mean + margin);
    }

    /** Where the interval lies of a null value; an end that touches it leaves it undecided. */
    public Side sideOf(double value) {
        if (high < value) {
            return Side.BELOW;
        }
        return low > value ? Side.ABOVE : Side.UNDECIDED;
    }
}
