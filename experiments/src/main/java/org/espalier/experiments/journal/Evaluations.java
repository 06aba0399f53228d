// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.util.List;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Predictions;

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

    /** Without the labels of the test set, where the row has them with another network. */
    static Evaluation withoutLabels(Evaluation evaluation, Evaluation other) {
        if (evaluation == null
                || evaluation.predictions() == null
                || other == null
                || other.predictions() == null
                || other.predictions().labels().isEmpty()) {
            return evaluation;
        }
        return new Evaluation(
                evaluation.test(),
                evaluation.testClean(),
                evaluation.train(),
                evaluation.trainClean(),
                evaluation.flipped(),
                new Predictions(
                        evaluation.predictions().classes(),
                        evaluation.predictions().confidences(),
                        List.of()));
    }

    private static <T> T either(T first, T second) {
        return first != null ? first : second;
    }
}
