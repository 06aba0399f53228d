// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

/** Durations as people say them. */
public final class Durations {
    private Durations() {}

    /** {@code 12 s}, {@code 4 min}, {@code 2 h 10 min}, {@code 3 d 4 h}; two digits are enough. */
    public static String about(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 100) {
            return whole + " s";
        }
        long minutes = Math.round(seconds / 60);
        if (minutes < 100) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        if (hours < 48) {
            return hours + " h " + minutes % 60 + " min";
        }
        return hours / 24 + " d " + hours % 24 + " h";
    }
}
