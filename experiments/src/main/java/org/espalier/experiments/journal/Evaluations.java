// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import org.espalier.results.CellRow.Evaluation;

/** Evaluations of one network, each of them partly filled, as one. */
final class Evaluations {
    private Evaluations() {}

    /** What either knows; null where neither knows anything. */
    static Evaluation merged(Evaluation first, Evaluation second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return new Evaluation(
                either(first.test(), second.test()),
                either(first.testClean(), second.testClean()),
                either(first.train(), second.train()),
                either(first.trainClean(), second.trainClean()),
                either(first.flipped(), second.flipped()),
                either(first.predictions(), second.predictions()));
    }

    private static <T> T either(T first, T second) {
        return first != null ? first : second;
    }
}
