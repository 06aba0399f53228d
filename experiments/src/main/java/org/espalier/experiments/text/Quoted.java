// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.text;

import org.espalier.results.text.Text;

/** Foreign text, made safe to print in a message. */
public final class Quoted {
    private static final int LONGEST = 60;
    private static final int LONGEST_SENTENCE = 200;

    private Quoted() {}

    /**
     * The text in double quotes; quotes, backslashes and everything that a terminal may act on are
     * escaped, and of a long text only the beginning is shown.
     */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
        return quoted.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"")
                .toString();
    }

    /**
     * A sentence that may hold foreign text: on one line, without quotes, with only what a terminal
     * may act on escaped; of a very long one only the beginning.
     */
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_SENTENCE)
                .forEach(
                        c -> {
                            if (harmless(c)) {
                                escaped.appendCodePoint(c);
                            } else {
                                append(escaped, c);
                            }
                        });
        boolean whole = text.codePointCount(0, text.length()) <= LONGEST_SENTENCE;
        return escaped.append(whole ? "" : "…").toString();
    }

    private static void append(StringBuilder quoted, int codePoint) {
        switch (codePoint) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            default -> {
                if (harmless(codePoint)) {
                    quoted.appendCodePoint(codePoint);
                } else {
                    quoted.append(Text.of("\\u{%x}", codePoint));
                }
            }
        }
    }

    private static boolean harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
