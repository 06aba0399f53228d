// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.EnumSet;
import java.util.Set;
import org.espalier.results.text.Text;

/**
 * What an analysis may be told.
 *
 * @param by what lines of tables tell apart; all others are averaged over, which is said
 * @param level of intervals and of tests, in (0.5, 1): 0.99 in Good et al. 2022
 * @param alphaMargin smallest difference of alpha that matters, above 0
 * @param accuracyMargin smallest difference of accuracy that matters, above 0
 * @param lossMargin smallest share of the dense loss that matters, above 0
 * @param seed of bootstraps and permutations
 */
public record AnalysisOptions(
        Set<Axis> by,
        double level,
        double alphaMargin,
        double accuracyMargin,
        double lossMargin,
        long seed) {
    /** All axes, level 0.99, margins 0.1, 0.005 and 0.05, seed 1. */
    public static final AnalysisOptions DEFAULT =
            new AnalysisOptions(EnumSet.allOf(Axis.class), 0.99, 0.1, 0.005, 0.05, 1);

    public AnalysisOptions {
        if (by.isEmpty()) {
            throw new IllegalArgumentException("by: expected at least one axis");
        }
        by = EnumSet.copyOf(by);
        if (!(level > 0.5 && level < 1)) {
            throw new IllegalArgumentException(
                    Text.of("level: expected a number between 0.5 and 1, got %s", level));
        }
        requirePositive("alpha-margin", alphaMargin);
        requirePositive("accuracy-margin", accuracyMargin);
        requirePositive("loss-margin", lossMargin);
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    Text.of("%s: expected a number above 0, got %s", name, value));
        }
    }

    /** These with other axes. */
    public AnalysisOptions withBy(Set<Axis> axes) {
        return new AnalysisOptions(axes, level, alphaMargin, accuracyMargin, lossMargin, seed);
    }

    /** These with another level. */
    public AnalysisOptions withLevel(double other) {
        return new AnalysisOptions(by, other, alphaMargin, accuracyMargin, lossMargin, seed);
    }

    /** Level of tests, 1 less that of intervals. */
    double alpha() {
        return 1 - level;
    }
}
