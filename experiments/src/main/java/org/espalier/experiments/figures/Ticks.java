// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.espalier.results.text.Text;

/**
 * Marks of an axis: round numbers that cover a range.
 *
 * @param low end of the axis
 * @param high end of it
 * @param at where marks stand
 * @param labels what they say
 */
record Ticks(double low, double high, List<Double> at, List<String> labels) {

    /** At most so many marks, at multiples of 1, 2 or 5 times a power of ten. */
    static Ticks linear(double from, double to, int most) {
        double low = from;
        double high = to;
        if (low == high) { // all values equal: some room to both sides
            double room = low == 0 ? 1 : Math.abs(low) * 0.1;
            low -= room;
            high += room;
        }
        double step = step((high - low) / Math.max(1, most - 1));
        double first = Math.floor(low / step + 1e-9);
        double last = Math.ceil(high / step - 1e-9);
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        List<Double> at = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        boolean small = decimals > 5 || Math.abs(last * step) >= 1e6;
        for (double k = first; k <= last; k++) {
            at.add(k * step);
            labels.add(
                    small
                            ? Text.of("%.1e", k * step)
                            : BigDecimal.valueOf(k * step)
                                    .setScale(decimals, java.math.RoundingMode.HALF_EVEN)
                                    .toPlainString());
        }
        return new Ticks(first * step, last * step, at, labels);
    }

    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Powers of ten, or 1, 2, 5 times one where the range is short; ends at marks. */
    static Ticks log(double from, double to, int most) {
        double[][] sets = {{1, 2, 5}, {1, 3}, {1}};
        for (double[] factors : sets) {
            Ticks ticks = log(from, to, factors, 1);
            if (ticks.at.size() <= most) {
                return ticks;
            }
        }
        for (int every = 2; ; every++) {
            Ticks ticks = log(from, to, new double[] {1}, every);
            if (ticks.at.size() <= most || every > 400) {
                return ticks;
            }
        }
    }

    private static Ticks log(double from, double to, double[] factors, int every) {
        int first = (int) Math.floor(Math.log10(from)) - 1;
        int last = (int) Math.ceil(Math.log10(to)) + 1;
        List<Double> all = new ArrayList<>();
        for (int e = first; e <= last; e++) {
            if (Math.floorMod(e, every) == 0) {
                for (double f : factors) {
                    all.add(f * Math.pow(10, e));
                }
            }
        }
        int low = 0;
        while (low + 1 < all.size() && all.get(low + 1) <= from * (1 + 1e-9)) {
            low++;
        }
        int high = all.size() - 1;
        while (high - 1 > low && all.get(high - 1) >= to * (1 - 1e-9)) {
            high--;
        }
        List<Double> at = List.copyOf(all.subList(low, high + 1));
        return new Ticks(
                at.get(0), at.get(at.size() - 1), at, at.stream().map(Ticks::plain).toList());
    }

    private static String plain(double value) {
        return value >= 1e-3 && value < 1e5
                ? BigDecimal.valueOf(value)
                        .round(new java.math.MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                : Text.of("%.0e", value);
    }

    /** Named places. */
    static Ticks steps(List<String> names) {
        List<Double> at = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            at.add((double) i);
        }
        return new Ticks(-0.5, names.size() - 0.5, at, names);
    }
}
