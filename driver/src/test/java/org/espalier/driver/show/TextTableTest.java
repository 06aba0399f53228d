// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void setsNamesLeftAndNumbersRight() {
        TextTable table = new TextTable(1, 1, "name", "n");
        table.add(List.of("a", "100"));

        assertThat(table.text(80).lines()).containsExactly("  name    n", "  a     100");
    }

    /** By hand: the key and one column are 2 + 4 + 2 + 5 = 13 wide, and two 20. */
    @Test
    void putsColumnsThatDoNotFitBelow() {
        TextTable table = new TextTable(1, 1, "name", "first", "after", "third");
        table.add(List.of("a", "1", "2", "3"));

        assertThat(table.text(27).lines())
                .containsExactly("  name  first  after  third", "  a         1      2      3");
        assertThat(table.text(26).lines())
                .containsExactly(
                        "  name  first  after",
                        "  a         1      2",
                        "",
                        "  name  third",
                        "  a         3");
        assertThat(table.text(19).lines()).hasSize(8);
        assertThat(table.text(1).lines()).hasSize(8);
    }

    @Test
    void refusesALineOfAnotherLength() {
        TextTable table = new TextTable(1, 1, "name", "n");

        assertThatThrownBy(() -> table.add(List.of("a"))).hasMessage("expected 2 cells, got 1");
    }
}
