// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "-1, 0 s",
        "0.4, 0 s",
        "99.4, 99 s",
        "100, 2 min",
        "5940, 99 min",
        "7800, 2 h 10 min",
        "172800, 2 d 0 h",
        "273600, 3 d 4 h"
    })
    void saysWhatPeopleSay(double seconds, String text) {
        assertThat(Durations.about(seconds)).isEqualTo(text);
    }
}
