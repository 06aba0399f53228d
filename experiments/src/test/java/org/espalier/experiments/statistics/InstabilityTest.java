// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstabilityTest {

    @ParameterizedTest
    @CsvSource({"0.8, 0.6, 0.25", "0.5, 0.5, 0", "0.5, 0, 1", "0.5, 0.75, -0.5", "1, 0, 1"})
    void isTheShareOfTheAccuracyThatIsLost(double before, double after, double instability) {
        assertThat(Instability.of(before, after).getAsDouble())
                .isCloseTo(instability, within(1e-15));
    }

    @Test
    void isUndefinedWhereThereWasNothingToLose() {
        assertThat(Instability.of(0, 0.5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, 97.3, Double.NaN})
    void refusesPercents(double accuracy) {
        assertThatThrownBy(() -> Instability.of(accuracy, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accuracy before must be in [0, 1], got " + accuracy);
        assertThatThrownBy(() -> Instability.of(0.5, accuracy))
                .hasMessage("accuracy after must be in [0, 1], got " + accuracy);
    }

    /** 1 - (0.25 + 0 - 0.5 + 1) / 4 = 0.8125. */
    @Test
    void theMeanStabilityOfARunIsOverItsPrunings() {
        assertThat(Instability.meanStability(List.of(0.25, 0.0, -0.5, 1.0))).isEqualTo(0.8125);
        assertThat(Instability.meanStability(List.of())).isEqualTo(1);
    }
}
