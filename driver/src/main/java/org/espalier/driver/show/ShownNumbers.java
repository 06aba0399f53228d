// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.experiments.statistics.MeanInterval;
import org.espalier.results.text.Text;

/** How tables write numbers; the same on every machine. */
final class ShownNumbers {
    /** Where there is no number. */
    static final String NONE = "-";

    /** From here on two decimals say more than is known. */
    private static final double LONG = 10_000;

    private ShownNumbers() {}

    /**
     * Mean and standard deviation, the mean alone where there is one value.
     *
     * @param unit what one is printed as 1, e.g. 0.01 for percent
     * @param seeds of the line that it stands in; told where the value is over others
     */
    static String spread(Optional<MeanInterval> value, double unit, int decimals, int seeds) {
        return value.map(
                        v ->
                                fixed(v.mean() / unit, decimals)
                                        + (v.n() < 2
                                                ? ""
                                                : " ± "
                                                        + fixed(
                                                                v.standardDeviation() / unit,
                                                                decimals))
                                        + own(v, seeds))
                .orElse(NONE);
    }

    /**
     * Mean, and where its interval lies of a value that means nothing happened.
     *
     * @param seeds of the line that it stands in; told where the value is over others
     */
    static String against(Optional<MeanInterval> value, double nothing, int seeds) {
        return value.map(v -> fixed(v.mean(), 2) + " " + v.sideOf(nothing).sign() + own(v, seeds))
                .orElse(NONE);
    }

    /**
     * Mean alone.
     *
     * @param seeds of the line that it stands in; told where the value is over others
     */
    static String mean(Optional<MeanInterval> value, int seeds) {
        return value.map(v -> fixed(v.mean(), 2) + own(v, seeds)).orElse(NONE);
    }

    /** The n of a number that is not the n of its line. */
    private static String own(MeanInterval value, int seeds) {
        return value.n() == seeds ? "" : Text.of(" (n %d)", value.n());
    }

    /**
     * A unit for losses of one table: the power of ten, at most 1, that gives the smallest mean one
     * digit before the point.
     */
    static double unitOf(Stream<Optional<MeanInterval>> means) {
        double smallest =
                means.flatMap(Optional::stream)
                        .mapToDouble(MeanInterval::mean)
                        .filter(m -> m > 0)
                        .min()
                        .orElse(1);
        int exponent = Math.min(0, (int) Math.floor(Math.log10(smallest)));
        return Double.parseDouble("1e" + exponent);
    }

    private static String fixed(double value, int decimals) {
        String format = Math.abs(value) < LONG ? "%." + decimals + "f" : "%.2e";
        String text = Text.of(format, value);
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }
}
