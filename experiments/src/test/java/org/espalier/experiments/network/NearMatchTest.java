// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMatchTest {

    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "'', abc, 3",
        "abc, '', 3",
        "abc, abc, 0",
        "abc, ac, 1",
        "ab, ba, 2"
    })
    void countsEdits(String from, String to, int distance) {
        assertThat(NearMatch.distance(from, to)).isEqualTo(distance);
    }

    @Test
    void takesTheNearestWithinTwoEdits() {
        List<String> known = List.of("conv-44", "conv-4");

        assertThat(NearMatch.of("conv4", known)).hasValue("conv-4");
        assertThat(NearMatch.of("cv4", known)).isEmpty();
        assertThat(NearMatch.of("x", List.of())).isEmpty();
    }
}
