// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.util.List;
import java.util.OptionalDouble;
import org.espalier.results.text.Text;

/**
 * How much accuracy the moment of pruning costs.
 *
 * <pre>
 *   instability = (accuracy before - accuracy after) / accuracy before
 *   stability   = 1 - instability
 * </pre>
 *
 * Test accuracies straight before and straight after one pruning, with no training between. 0 where
 * nothing changed, 1 where all is lost, negative where pruning raised the accuracy. Source:
 * Bartoldson et al. 2020, "The Generalization-Stability Tradeoff in Neural Network Pruning",
 * arXiv:1906.03728, as computed in the authors' code; theirs are percents, ours fractions.
 */
public final class Instability {
    private Instability() {}

    /**
     * Instability of one pruning.
     *
     * @param before accuracy in [0, 1]
     * @param after accuracy in [0, 1]
     * @return at most 1; empty where the accuracy before is 0, by which it divides
     */
    public static OptionalDouble of(double before, double after) {
        requireFraction("before", before);
        requireFraction("after", after);
        return before == 0 ? OptionalDouble.empty() : OptionalDouble.of((before - after) / before);
    }

    /**
     * Mean stability of a run: 1 less the mean instability of its prunings; 1 where there were
     * none, as the authors assign to unpruned networks.
     */
    public static double meanStability(List<Double> instabilities) {
        return 1 - instabilities.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static void requireFraction(String when, double accuracy) {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException(
                    Text.of("accuracy %s must be in [0, 1], got %s", when, accuracy));
        }
    }
}
