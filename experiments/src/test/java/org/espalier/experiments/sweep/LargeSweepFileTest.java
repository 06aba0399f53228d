// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long files that are made to take long are refused soon. */
class LargeSweepFileTest {

    @ParameterizedTest(name = "piece {index}")
    @ValueSource(
            strings = {
                "x", "x ", "x: ", "- ", "-\n", "x: y\n", "? ", "[", "[,", "{", "'", "\"", "\\", "#",
                " ", "\n", "\t", "|\n", "é", "- x\n", "&a ", "*a ", "!", "---\n", "a,", "1",
            })
    void areRefusedSoon(String piece) {
        String body = piece.repeat((1 << 17) / piece.length());
        for (String start : new String[] {"", "name: [", "name: \""}) {
            SweepFileException refused =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(60),
                            () ->
                                    catchThrowableOfType(
                                            SweepFileException.class,
                                            () -> Fakes.read(start + body)));

            assertThat(refused).isNotNull();
            assertThat(refused.getMessage()).hasSizeLessThan(20_000);
        }
    }
}
