// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;

class ParagraphTest {

    private static String of(String text, int width, int hanging) {
        return Paragraph.of(text, width, hanging).replace(System.lineSeparator(), "\n");
    }

    @Test
    void breaksBetweenWordsAtTheEdge() {
        assertThat(of("  one two three", 9, 4)).isEqualTo("  one two\n    three\n");
        assertThat(of("  one two three", 8, 4)).isEqualTo("  one\n    two\n    three\n");
        assertThat(of("one  two", 8, 4)).isEqualTo("one  two\n");
    }

    @Test
    void keepsALongWordWhole() {
        assertThat(of("  abcdefghij kl", 5, 2)).isEqualTo("  abcdefghij\n  kl\n");
        assertThat(of("  abcdefghij", 5, 2)).isEqualTo("  abcdefghij\n");
        assertThat(of("", 5, 2)).isEqualTo("\n");
    }

    @Test
    void countsInGrammar() {
        assertThat(Text.count(1, "epoch")).isEqualTo("1 epoch");
        assertThat(Text.count(0, "cell")).isEqualTo("0 cells");
        assertThat(Text.count(12, "cell")).isEqualTo("12 cells");
    }
}
