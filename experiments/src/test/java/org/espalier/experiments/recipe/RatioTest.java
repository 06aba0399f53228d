// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import org.espalier.experiments.recipe.Ratio.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatioTest {

    /** LeNet-300-100: N = 266,610 parameters, n = 266,200 weights. */
    @ParameterizedTest
    @CsvSource({
        // n (1 - r): 26,620; 266,200 / 50 = 5,324
        "PRUNING_RATIO, 0.9, 26620",
        "PRUNING_RATIO, 0.98, 5324",
        "PRUNING_RATIO, 0, 266200",
        "DENSITY, 0.1, 26620",
        "DENSITY, 1, 266200",
        // N / t - 410: 133,305 - 410; 26,661 - 410; 5,332.2 - 410 = 4,922.2
        "COMPRESSION, 1, 266200",
        "COMPRESSION, 2, 132895",
        "COMPRESSION, 10, 26251",
        "COMPRESSION, 50, 4922",
    })
    void keepsWhatThePapersMean(Kind kind, BigDecimal value, int kept) {
        assertThat(new Ratio(kind, value).kept(266_200, 266_610)).isEqualTo(kept);
    }

    /** Halves of exact decimals: 5 * 0.1 = 0.5 in decimals, 0.49999... in doubles. */
    @ParameterizedTest
    @CsvSource({
        "PRUNING_RATIO, 0.9, 5, 1",
        "PRUNING_RATIO, 0.5, 5, 3",
        "PRUNING_RATIO, 0.9, 4, 0",
        "DENSITY, 0.7, 5, 4",
        "DENSITY, 0.1, 14, 1",
        // 7 / 2 = 3.5 with nothing else in the network
        "COMPRESSION, 2, 7, 4",
        "COMPRESSION, 3, 7, 2",
    })
    void roundsToTheNearestWholeWeightHalvesUp(Kind kind, BigDecimal value, int all, int kept) {
        assertThat(new Ratio(kind, value).kept(all, all)).isEqualTo(kept);
    }

    /** n = 100 of N = 110 at t = 2 keeps 55 - 10 = 45 of 100: of a layer of 30, 13.5, so 14. */
    @ParameterizedTest
    @CsvSource({
        "COMPRESSION, 2, 30, 14",
        "COMPRESSION, 2, 70, 32",
        "PRUNING_RATIO, 0.9, 30, 3",
        "DENSITY, 0.25, 70, 18",
    })
    void givesEveryLayerTheSameShare(Kind kind, BigDecimal value, int layer, int kept) {
        assertThat(new Ratio(kind, value).keptOf(0, layer, 100, 110)).isEqualTo(kept);
    }

    @Test
    void saysTheSparsityThatIsAskedForBeforeRounding() {
        assertThat(ratio(Kind.PRUNING_RATIO, "0.9").sparsity(7, 9)).isEqualTo(0.9);
        assertThat(ratio(Kind.DENSITY, "0.25").sparsity(7, 9)).isEqualTo(0.75);
        // 1 - (110 / 3 - 10) / 100 = 0.73333...
        assertThat(ratio(Kind.COMPRESSION, "3").sparsity(100, 110))
                .isCloseTo(1 - (110 / 3.0 - 10) / 100, within(1e-15));
    }

    @Test
    void refusesACompressionThatTheOtherParametersAloneExceed() {
        Ratio ratio = ratio(Kind.COMPRESSION, "11.0");

        // 110 / 11 = 10 parameters remain, and 10 cannot be pruned
        assertThatThrownBy(() -> ratio.kept(100, 110))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "compression 11 leaves no prunable weight: 10 of 110 parameters cannot be"
                                + " pruned");
        assertThat(ratio(Kind.COMPRESSION, "10.9").kept(100, 110)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "6, 5", "-1, 5"})
    void refusesMorePrunableWeightsThanParameters(int prunable, long all) {
        assertThatThrownBy(() -> ratio(Kind.DENSITY, "0.5").kept(prunable, all))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prunable must be in [1, 5], got " + prunable);
    }

    @Test
    void takesAllParametersAsPrunable() {
        assertThat(ratio(Kind.DENSITY, "0.5").kept(5, 5)).isEqualTo(3);
        assertThat(ratio(Kind.DENSITY, "1").kept(1, 5)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PRUNING_RATIO, 1, pruning-ratio out of range: 1",
        "PRUNING_RATIO, -0.1, pruning-ratio out of range: -0.1",
        "DENSITY, 0, density out of range: 0",
        "DENSITY, 1.01, density out of range: 1.01",
        "COMPRESSION, 0.99, compression out of range: 0.99",
    })
    void refusesWhatIsOutOfRange(Kind kind, BigDecimal value, String message) {
        assertThatThrownBy(() -> new Ratio(kind, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "PRUNING_RATIO, 0, true",
        "PRUNING_RATIO, 0.00, true",
        "PRUNING_RATIO, 0.5, false",
        "DENSITY, 1.0, true",
        "DENSITY, 0.5, false",
        "COMPRESSION, 1, true",
        "COMPRESSION, 2, false",
    })
    void isTheControlWhereNothingIsPruned(Kind kind, BigDecimal value, boolean control) {
        assertThat(new Ratio(kind, value).isControl()).isEqualTo(control);
    }

    @Test
    void kindsAreTheKeysOfSweepFiles() {
        assertThat(Kind.values())
                .extracting(Kind::key)
                .containsExactly("pruning-ratio", "density", "compression", "levels");
    }

    @Test
    void equalValuesHaveOneSpelling() {
        assertThat(ratio(Kind.PRUNING_RATIO, "0.90")).isEqualTo(ratio(Kind.PRUNING_RATIO, "9e-1"));
        assertThat(ratio(Kind.PRUNING_RATIO, "0.90").canonicalText())
                .isEqualTo("pruning-ratio=0.9");
        assertThat(ratio(Kind.DENSITY, "1e-3").canonicalText()).isEqualTo("density=0.001");
        assertThat(ratio(Kind.COMPRESSION, "5e1").canonicalText()).isEqualTo("compression=50");
    }

    private static Ratio ratio(Kind kind, String value) {
        return new Ratio(kind, new BigDecimal(value));
    }
}
