// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

    /** SciPy 1.17.1: {@code stats.ttest_rel(a, b).confidence_interval(.99)}; seed 9 has no pair. */
    @Test
    void agreesWithScipyOnThePairs() {
        SortedMap<Long, Double> treated =
                new TreeMap<>(Map.of(1L, 0.21, 2L, 0.34, 3L, 0.29, 4L, 0.41, 5L, 0.25, 9L, 100.0));
        SortedMap<Long, Double> control =
                new TreeMap<>(Map.of(5L, 0.33, 4L, 0.55, 3L, 0.38, 2L, 0.31, 1L, 0.30, 7L, -100.0));

        PairedDifference paired = PairedDifference.of(treated, control, 0.99);

        assertThat(paired.difference().n()).isEqualTo(5);
        assertThat(paired.difference().mean()).isCloseTo(-0.074, within(1e-14));
        assertThat(paired.difference().standardDeviation())
                .isCloseTo(0.06268971207462995, within(1e-14));
        assertThat(paired.difference().low()).isCloseTo(-0.20307898362371615, within(1e-9));
        assertThat(paired.difference().high()).isCloseTo(0.05507898362371613, within(1e-9));
        assertThat(paired.below()).isEqualTo(4);
        assertThat(paired.above()).isEqualTo(1);
        assertThat(paired.unpaired()).containsExactly(7L, 9L);
    }

    @Test
    void equalValuesAreNeitherAboveNorBelow() {
        SortedMap<Long, Double> values = new TreeMap<>(Map.of(1L, 0.5, 2L, 0.7));

        PairedDifference paired = PairedDifference.of(values, values, 0.95);

        assertThat(paired.below()).isZero();
        assertThat(paired.above()).isZero();
        assertThat(paired.unpaired()).isEmpty();
    }

    @Test
    void refusesConditionsWithoutACommonSeed() {
        assertThatThrownBy(
                        () ->
                                PairedDifference.of(
                                        new TreeMap<>(Map.of(1L, 0.5)),
                                        new TreeMap<>(Map.of(2L, 0.5, 3L, 0.5)),
                                        0.99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no seed in common: treated has [1], control has [2, 3]");
    }
}
