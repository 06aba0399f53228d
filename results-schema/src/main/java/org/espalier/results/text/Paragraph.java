// SPDX-License-Identifier: Apache-2.0
package org.espalier.results.text;

/** Text in lines that fit a screen. */
public final class Paragraph {
    private Paragraph() {}

    /**
     * The text in lines, each ended, broken between words where it is wider than the screen. A word
     * that is wider alone stays whole.
     *
     * @param text without line ends; the spaces that it begins with, and several between words, are
     *     kept
     * @param hanging how many spaces the second line and all after it begin with
     */
    public static String of(String text, int width, int hanging) {
        StringBuilder lines = new StringBuilder();
        String rest = text;
        int from = text.length() - text.stripLeading().length();
        while (rest.length() > width) {
            int cut = rest.lastIndexOf(' ', width);
            if (cut <= from) {
                cut = rest.indexOf(' ', Math.max(from, width));
            }
            if (cut < 0) {
                break;
            }
            lines.append(rest.substring(0, cut).stripTrailing()).append(System.lineSeparator());
            rest = " ".repeat(hanging) + rest.substring(cut).stripLeading();
            from = hanging;
        }
        return lines.append(rest).append(System.lineSeparator()).toString();
    }
}
