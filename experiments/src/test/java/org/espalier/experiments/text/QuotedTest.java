// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    void showsPlainTextAsItIs() {
        assertThat(Quoted.of("Größe 0.5 …")).isEqualTo("\"Größe 0.5 …\"");
        assertThat(Quoted.escaped("it's \"so\"")).isEqualTo("it's \"so\"");
    }

    @Test
    void escapesWhatATerminalMayActOn() {
        String escape = Character.toString(0x1b);
        String override = Character.toString(0x202e); // right-to-left override

        assertThat(Quoted.of("a\"b\\c\n\t" + escape + override))
                .isEqualTo("\"a\\\"b\\\\c\\n\\t\\u{1b}\\u{202e}\"");
        assertThat(Quoted.escaped("x\n" + escape)).isEqualTo("x\\n\\u{1b}");
    }

    @Test
    void showsTheBeginningOfALongText() {
        assertThat(Quoted.of("x".repeat(60))).isEqualTo("\"" + "x".repeat(60) + "\"");
        assertThat(Quoted.escaped("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
        assertThat(Quoted.of("x".repeat(61))).isEqualTo("\"" + "x".repeat(60) + "…\"");
    }
}
