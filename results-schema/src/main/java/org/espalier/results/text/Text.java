// SPDX-License-Identifier: Apache-2.0
package org.espalier.results.text;

import java.util.Locale;

/**
 * Text of this program, the same on every machine: numbers in ASCII digits with a point, whatever
 * the JVM's locale. Nothing else in the program may format ({@code HouseRulesTest}), since a text
 * that enters a name, a row or a file must not depend on who runs it.
 */
public final class Text {
    private Text() {}

    /**
     * {@link String#format(Locale, String, Object...)} without a locale's habits.
     *
     * @throws java.util.IllegalFormatException if format and arguments do not fit each other
     */
    public static String of(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** How many things of a kind, {@code 1 epoch} and {@code 2 epochs}. */
    public static String count(long number, String thing) {
        return count(number, thing, thing + "s");
    }

    /** How many things of a kind of which several are not called with an s more. */
    public static String count(long number, String thing, String things) {
        return number + " " + (number == 1 ? thing : things);
    }

    /** How a choice is written: {@code BEST_VALIDATION} as {@code best-validation}. */
    public static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
