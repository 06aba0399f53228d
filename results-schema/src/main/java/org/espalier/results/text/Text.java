// SPDX-License-Identifier: Apache-2.0
package org.espalier.results.text;

import java.nio.file.FileSystemException;
import java.util.Locale;

/**
 * Text of this program, the same on every machine: numbers in ASCII digits with a point, whatever
 * the JVM's locale. Nothing else in the program may format ({@code HouseRulesTest}), since a text
 * that enters a name, a row or a file must not depend on who runs it.
 */
public final class Text {
    private static final int MOST_OF_A_LINE = 300;

    private Text() {}

    /**
     * {@link String#format(Locale, String, Object...)} without a locale's habits.
     *
     * @throws java.util.IllegalFormatException if format and arguments do not fit each other
     */
    public static String of(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /**
     * What somebody else's failure comes to in one line: the first line of the innermost message,
     * or the name of the innermost class where it says nothing. The rest stays in the failure, for
     * a log.
     */
    public static String firstLine(Throwable failure) {
        Throwable inner = failure;
        String line = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            inner = cause;
            line = cause.getMessage() == null ? line : firstLine(cause.getMessage());
        }
        if (line.isEmpty()) {
            return inner.getClass().getSimpleName();
        }
        if (inner instanceof FileSystemException file && file.getReason() == null) {
            return of("%s (%s)", line, inner.getClass().getSimpleName()); // names of files alone
        }
        return inner instanceof NoClassDefFoundError // which says no more than the name
                ? of("%s: %s", inner.getClass().getSimpleName(), line)
                : line;
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() <= MOST_OF_A_LINE ? line : line.substring(0, MOST_OF_A_LINE) + "...";
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
