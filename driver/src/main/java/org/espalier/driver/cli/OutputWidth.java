// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.util.stream.Stream;

/** How many columns what is printed may have. */
final class OutputWidth {
    private static final int USUAL = 80;
    private static final int NARROWEST = 40;

    private OutputWidth() {}

    /**
     * Where standard output of this process goes: the launchers say it in {@code
     * ESPALIER_OUT_COLUMNS} where it is a terminal, since a JVM cannot ask. Elsewhere {@code
     * COLUMNS} counts, and without it 80.
     */
    static int ofThisProcess() {
        return of(System.getenv("ESPALIER_OUT_COLUMNS"), System.getenv("COLUMNS"));
    }

    /**
     * @param told by the launcher; null or 0 where it is no terminal
     * @param columns what the user says; null where nothing
     */
    static int of(String told, String columns) {
        return Stream.of(String.valueOf(told), String.valueOf(columns))
                .filter(text -> text.matches("0*[1-9][0-9]{0,3}"))
                .findFirst()
                .map(text -> Math.max(NARROWEST, Integer.parseInt(text)))
                .orElse(USUAL);
    }
}
