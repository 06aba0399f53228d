// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {

    @Test
    void oneSeedSetsAll() {
        assertThat(Seeds.all(5)).isEqualTo(new Seeds(5, 5, 5, 5, 5, 5, 5, 5));
    }

    @Test
    void setsTheOrderAfterTheDenseTrainingApart() {
        Seeds seeds = new Seeds(1, 2, 3, 4, 5, 6, 7, 8);

        assertThat(seeds.withFineTuneOrder(9)).isEqualTo(new Seeds(1, 2, 9, 4, 5, 6, 7, 8));
        assertThat(seeds.fineTuneOrder()).isEqualTo(3);
    }

    /** -1 - seed. */
    @ParameterizedTest
    @CsvSource({"0, -1", "1, -2", "41, -42", "9223372036854775807, -9223372036854775808"})
    void theOtherSeedIsOneThatNoGridHas(long seed, long other) {
        assertThat(Seeds.other(seed)).isEqualTo(other).isNegative();
        assertThat(Seeds.other(other)).isEqualTo(seed);
    }

    /** Another order of samples, epoch by epoch. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2, 3})
    void theOtherSeedOrdersSamplesOtherwise(long seed) {
        for (int epoch = 0; epoch < 10; epoch++) {
            assertThat(order(seed, epoch)).isNotEqualTo(order(Seeds.other(seed), epoch));
        }
    }

    private static int[] order(long seed, int epoch) {
        return new Streams(seed).of(Streams.Purpose.DATA_ORDER, epoch).permutation(100);
    }
}
