// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The known name that someone most likely meant. */
final class NearMatch {
    private static final int MOST_EDITS = 2;

    private NearMatch() {}

    /** The nearest known name, if at most two edits away; the first of equally near ones. */
    static Optional<String> of(String name, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= MOST_EDITS);
    }

    /** Levenshtein distance: insertions, deletions and replacements of one character. */
    static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[to.length()];
    }
}
