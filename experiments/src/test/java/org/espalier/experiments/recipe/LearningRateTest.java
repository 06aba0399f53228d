// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTest {
    private static final BigDecimal TENTH = new BigDecimal("0.1");

    /** 0.1, from epoch 80 on 0.01, from 120 on 0.001: exact decimals, rounded once. */
    @ParameterizedTest
    @CsvSource({"0, 0.1", "79, 0.1", "80, 0.01", "119, 0.01", "120, 0.001", "500, 0.001"})
    void fallsAtItsSteps(int epoch, double rate) {
        LearningRate steps = new LearningRate(TENTH, List.of(80, 120), TENTH);

        assertThat(steps.at(epoch)).isEqualTo(rate);
    }

    @Test
    void isConstantWithoutSteps() {
        LearningRate constant = LearningRate.constant(new BigDecimal("0.0010"));

        assertThat(constant.at(0)).isEqualTo(0.001);
        assertThat(constant.at(1000)).isEqualTo(0.001);
        assertThat(constant.canonicalText()).isEqualTo("rate=0.001");
    }

    @Test
    void aFactorWithoutStepsIsNoDifference() {
        assertThat(new LearningRate(TENTH, List.of(), TENTH))
                .isEqualTo(LearningRate.constant(new BigDecimal("0.10")));
    }

    @Test
    void equalRatesHaveOneSpelling() {
        LearningRate rate = new LearningRate(new BigDecimal("1e-1"), List.of(3, 5), TENTH);

        assertThat(rate.canonicalText()).isEqualTo("rate=0.1 steps=[3, 5] factor=0.1");
        assertThat(rate)
                .isEqualTo(
                        new LearningRate(
                                new BigDecimal("0.100"), List.of(3, 5), new BigDecimal("0.10")));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "-1, 0.1", "0.1, 0", "0.1, -2"})
    void refusesWhatIsNotPositive(BigDecimal initial, BigDecimal factor) {
        assertThatThrownBy(() -> new LearningRate(initial, List.of(2), factor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        Text.of(
                                "rate and factor must be positive, got %s and %s",
                                initial, factor));
    }

    @Test
    void refusesStepsThatDoNotRiseFromOne() {
        for (List<Integer> steps :
                List.of(List.of(0), List.of(3, 3), List.of(5, 2), List.of(-1, 4))) {
            assertThatThrownBy(() -> new LearningRate(TENTH, steps, TENTH))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("steps must be increasing epochs from 1 on, got " + steps);
        }
        assertThat(new LearningRate(TENTH, List.of(1, 2), TENTH).at(1)).isEqualTo(0.01);
    }
}
