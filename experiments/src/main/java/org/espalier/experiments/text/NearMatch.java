// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.text;

import java.util.Collection;
import java.util.Optional;
import org.espalier.results.text.Text;

/** The known name that a mistyped one was probably meant to be. */
public final class NearMatch {
    private static final int FARTHEST = 2;
    private static final int MOST_COMPARED = 1000;
    private static final int MOST_LISTED = 40;

    private NearMatch() {}

    /**
     * The nearest of the known names, the earlier of two equally near: at most two edits away (one
     * character inserted, removed or replaced, or two neighbours swapped), and fewer edits than the
     * shorter of the two has characters, so that two names of two letters are not taken for one
     * another. Of very many known names only the first thousand are looked at.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        String nearest = null;
        int fewest = FARTHEST + 1;
        for (String candidate : known.stream().limit(MOST_COMPARED).toList()) {
            if (Math.abs(candidate.length() - name.length()) >= fewest) {
                continue;
            }
            int edits = edits(name, candidate);
            if (edits < fewest && edits < Math.min(name.length(), candidate.length())) {
                nearest = candidate;
                fewest = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /**
     * What to tell of a name that is not known: {@code unknown "magnitud"; did you mean
     * "magnitude"? known: random, magnitude}.
     */
    public static String unknown(String name, Collection<String> known) {
        return "unknown " + Quoted.of(name) + hint(name, known);
    }

    /**
     * The end of such a message alone, to follow a sentence: the near match, then what is known.
     */
    public static String hint(String name, Collection<String> known) {
        String meant = of(name, known).map(m -> "; did you mean \"" + m + "\"?").orElse("");
        if (known.isEmpty()) {
            return meant;
        }
        String listed = String.join(", ", known.stream().limit(MOST_LISTED).toList());
        String more =
                known.size() > MOST_LISTED
                        ? Text.of(" and %d more", known.size() - MOST_LISTED)
                        : "";
        return (meant.isEmpty() ? "; known: " : meant + " known: ") + listed + more;
    }

    /** Optimal string alignment distance: Levenshtein's, and a swap of neighbours is one edit. */
    private static int edits(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                edits[i][j] =
                        Math.min(
                                edits[i - 1][j - 1] + replaced,
                                1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
