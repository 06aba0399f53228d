// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void setsNamesLeftAndNumbersRight() {
        TextTable table = new TextTable(1, "name", "n");
        table.add(List.of("a", "100"));

        assertThat(table.text().lines()).containsExactly("  name    n", "  a     100");
    }

    @Test
    void refusesALineOfAnotherLength() {
        TextTable table = new TextTable(1, "name", "n");

        assertThatThrownBy(() -> table.add(List.of("a"))).hasMessage("expected 2 cells, got 1");
    }
}
