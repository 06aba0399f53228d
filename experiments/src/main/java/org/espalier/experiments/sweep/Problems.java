// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file, so that all of it is said at once. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Of the file as a whole. */
    void add(String text) {
        found.add(new Problem(0, 0, "", text));
    }

    /** Of a place that has no key. */
    void add(int line, int column, String text) {
        found.add(new Problem(line, column, "", text));
    }

    void add(Value value, String text) {
        found.add(new Problem(value.line(), value.column(), value.key(), text));
    }

    int count() {
        return found.size();
    }

    /** In the order of the file. */
    void throwIfAny(String file) {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            throw new SweepFileException(file, found);
        }
    }
}
