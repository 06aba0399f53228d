// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.espalier.experiments.statistics.MeanInterval.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeanIntervalTest {
    private static final double[] ALPHAS = {.05, .25, -.19, .28, .94, -.12, -.16, .48};

    /** SciPy 1.17.1: {@code stats.t.interval(level, 7, loc=v.mean(), scale=stats.sem(v))}. */
    @ParameterizedTest
    @CsvSource({
        "0.95, -0.1311314337760895, 0.5136314337760894",
        "0.99, -0.2858526272421115, 0.6683526272421114",
    })
    void agreesWithScipy(double level, double low, double high) {
        MeanInterval interval = MeanInterval.of(ALPHAS, level);

        assertThat(interval.n()).isEqualTo(8);
        assertThat(interval.mean()).isCloseTo(0.19125, within(1e-14));
        assertThat(interval.standardDeviation()).isCloseTo(0.38561407428375105, within(1e-14));
        assertThat(interval.level()).isEqualTo(level);
        // Hipparchus finds the quantile to 1e-9
        assertThat(interval.low()).isCloseTo(low, within(1e-9));
        assertThat(interval.high()).isCloseTo(high, within(1e-9));
    }

    @Test
    void saysOnWhichSideOfANullValueItLies() {
        MeanInterval interval = new MeanInterval(3, 1, 1, 0.99, 0.5, 1.5);

        assertThat(interval.sideOf(2)).isEqualTo(Side.BELOW);
        assertThat(interval.sideOf(1.5)).isEqualTo(Side.UNDECIDED);
        assertThat(interval.sideOf(1)).isEqualTo(Side.UNDECIDED);
        assertThat(interval.sideOf(0.5)).isEqualTo(Side.UNDECIDED);
        assertThat(interval.sideOf(0)).isEqualTo(Side.ABOVE);
        assertThat(Side.BELOW.sign() + Side.ABOVE.sign() + Side.UNDECIDED.sign()).isEqualTo("<>?");
    }

    @Test
    void oneSeedDecidesNothing() {
        MeanInterval one = MeanInterval.of(new double[] {3}, 0.99);

        assertThat(one.mean()).isEqualTo(3);
        assertThat(one.n()).isEqualTo(1);
        assertThat(one.standardDeviation()).isNaN();
        assertThat(one.low()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(one.high()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(one.sideOf(1)).isEqualTo(Side.UNDECIDED);
    }

    @Test
    void equalValuesHaveAnIntervalOfNoWidth() {
        MeanInterval equal = MeanInterval.of(new double[] {2, 2, 2}, 0.99);

        assertThat(equal.standardDeviation()).isZero();
        assertThat(equal.low()).isEqualTo(2);
        assertThat(equal.sideOf(1)).isEqualTo(Side.ABOVE);
        assertThat(equal.sideOf(2)).isEqualTo(Side.UNDECIDED);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 99, Double.NaN})
    void refusesALevelThatIsNoProbability(double level) {
        assertThatThrownBy(() -> MeanInterval.of(ALPHAS, level))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("level must be in (0, 1), got " + level);
    }

    @Test
    void refusesValuesWithoutAMean() {
        assertThatThrownBy(() -> MeanInterval.of(new double[0], 0.99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a mean needs at least one value");
        assertThatThrownBy(() -> MeanInterval.of(new double[] {1, Double.NaN}, 0.99))
                .hasMessage("value 1 is NaN");
    }
}
