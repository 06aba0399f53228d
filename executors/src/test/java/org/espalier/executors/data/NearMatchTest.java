// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMatchTest {

    /** Kitten to sitting is the textbook's example. */
    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "mnist, mnist, 0", "mnsit, mnist, 2", "'', abc, 3"})
    void countsEdits(String a, String b, int distance) {
        assertThat(NearMatch.distance(a, b)).isEqualTo(distance);
        assertThat(NearMatch.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void namesTheNearestOrNone() {
        assertThat(NearMatch.of("minst", List.of("strokes", "mnist"))).contains("mnist");
        assertThat(NearMatch.of("cifar", List.of("strokes", "mnist"))).isEmpty();
        assertThat(NearMatch.of("x", List.of())).isEmpty();
    }
}
