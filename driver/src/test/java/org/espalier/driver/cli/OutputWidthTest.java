// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputWidthTest {

    /** The terminal comes first, then what the user says, then 80. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "120, 100, 120",
                "null, 100, 100",
                "0, 100, 100",
                "null, null, 80",
                "0, wide, 80",
                "12, null, 40",
                "99999, null, 80"
            })
    void isThatOfTheScreen(String told, String columns, int width) {
        assertThat(OutputWidth.of(told, columns)).isEqualTo(width);
    }
}
