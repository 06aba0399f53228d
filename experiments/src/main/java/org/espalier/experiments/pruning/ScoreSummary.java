// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import java.util.OptionalDouble;

/** What the scores of one pruning looked like. Lists run over the prunable tensors. */
record ScoreSummary(int pruned, OptionalDouble smallestKept, OptionalDouble meanPruned) {

    /** Over the weights that {@code before} keeps: those that {@code after} keeps, and the rest. */
    static ScoreSummary of(List<float[]> scores, List<Mask> before, List<Mask> after) {
        int pruned = 0;
        double sum = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (int t = 0; t < before.size(); t++) {
            Mask old = before.get(t);
            for (int i = old.nextKept(0); i >= 0; i = old.nextKept(i + 1)) {
                double score = scores.get(t)[i];
                if (after.get(t).keeps(i)) {
                    smallest = Math.min(smallest, score);
                } else {
                    pruned++;
                    sum += score;
                }
            }
        }
        return new ScoreSummary(
                pruned,
                smallest == Double.POSITIVE_INFINITY
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(smallest),
                pruned == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / pruned));
    }
}
