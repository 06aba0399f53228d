// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import org.espalier.results.text.Text;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/** Checks and moments that the other classes share. */
final class Samples {
    private Samples() {}

    /**
     * Refuses what is no sample.
     *
     * @throws IllegalArgumentException if there are fewer than {@code least} values, or one is not
     *     finite
     */
    static void require(String what, int least, double... values) {
        if (values.length < least) {
            throw new IllegalArgumentException(
                    Text.of("%s: expected at least %d values, got %d", what, least, values.length));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        Text.of("%s: value %d is %s", what, i, values[i]));
            }
        }
    }

    static void requireLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must be in (0, 1), got " + level);
        }
    }

    static void requirePaired(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    Text.of("expected pairs, got %d and %d values", x.length, y.length));
        }
    }

    static StreamingStatistics moments(double... values) {
        StreamingStatistics moments = new StreamingStatistics();
        for (double value : values) {
            moments.addValue(value);
        }
        return moments;
    }

    static double[] differences(double[] x, double[] y) {
        requirePaired(x, y);
        double[] differences = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            differences[i] = x[i] - y[i];
        }
        return differences;
    }

    /** Student's distribution with quantiles of twelve digits. */
    static TDistribution student(double degrees) {
        return new TDistribution(degrees, 1e-13);
    }

    /** The same with 0 for -0, which rankings would put below it. */
    static double[] withoutNegativeZeros(double... values) {
        double[] plain = new double[values.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = values[i] + 0.0;
        }
        return plain;
    }
}
