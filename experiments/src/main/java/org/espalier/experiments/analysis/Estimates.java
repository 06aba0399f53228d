// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.espalier.experiments.inference.Bootstrap;
import org.espalier.experiments.inference.MeanTest;
import org.espalier.results.text.Text;

/** Means with their intervals, as columns of tables, and how they are said. */
final class Estimates {
    private Estimates() {}

    /** Columns of a mean and its t interval. */
    static List<Column> columns(String name, String meaning, Column.Kind kind) {
        return List.of(
                new Column(name, "mean of " + meaning, kind),
                new Column(
                        name + "_low",
                        "lower end of the t interval of the mean of " + meaning,
                        kind),
                new Column(name + "_high", "upper end of it", kind));
    }

    /**
     * Fills them; the ends stay empty below two values, and those of a share or an amount stay in
     * its range.
     */
    static void put(Lines.Line line, String name, double[] values, double level) {
        if (values.length == 0) {
            return;
        }
        line.put(name, mean(values));
        if (values.length > 1) {
            MeanTest test = MeanTest.one(values, 0, level);
            Column.Kind kind = line.kind(name);
            boolean share = kind == Column.Kind.SHARE;
            boolean cut = share || kind == Column.Kind.AMOUNT;
            line.put(name + "_low", cut ? Math.max(0, test.low()) : test.low())
                    .put(name + "_high", share ? Math.min(1, test.high()) : test.high());
        }
    }

    /** Fills two columns with an interval that assumes no distribution, from four values on. */
    static void putBootstrap(
            Lines.Line line, String name, double[] values, double level, long seed) {
        if (values.length >= Bootstrap.FEWEST) {
            Bootstrap interval = Bootstrap.ofMean(values, level, seed);
            line.put(name + "_low", interval.low()).put(name + "_high", interval.high());
        }
    }

    static double mean(double[] values) {
        return DoubleStream.of(values).average().orElse(Double.NaN);
    }

    /** The middle value, or the mean of the two; NaN of none. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** Sample standard deviation; NaN of fewer than two. */
    static double deviation(double[] values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = mean(values);
        return Math.sqrt(
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
                        / (values.length - 1));
    }

    static boolean varies(double[] values) {
        return Arrays.stream(values).distinct().count() > 1;
    }

    /** A number with three decimals, or as many figures where it is small; never -0. */
    static String said(double value) {
        if (value != 0 && Math.abs(value) < 0.0995) {
            return Text.of("%.2g", value).replaceAll("^(-?)0+(?=\\d)", "$1");
        }
        String text = Text.of("%.3f", value);
        return text.equals("-0.000") ? "0.000" : text;
    }

    /** {@code [0.123, 0.456]}. */
    static String interval(double low, double high) {
        return "[" + said(low) + ", " + said(high) + "]";
    }

    /** {@code 99 %}. */
    static String percent(double level) {
        return Text.of("%s %%", said100(level));
    }

    private static String said100(double level) {
        String text = Text.of("%.4f", 100 * level);
        return text.replaceAll("\\.?0+$", "");
    }

    /** A p-value as papers print it. */
    static String p(double p) {
        return p < 0.001 ? "p < .001" : Text.of("p = %.3f", p).replace("= 0.", "= .");
    }
}
