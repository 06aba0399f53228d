// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.results.text.Text;

/**
 * How many weights are left from level to level. A level prunes
 *
 * <pre>  k = ceil(p * remaining)  </pre>
 *
 * weights, p the level ratio, exact decimal arithmetic: as the code of Frankle et al. 2020
 * (arXiv:1912.05671) counts, where p is a binary fraction and may round otherwise at a whole
 * number.
 */
final class Levels {
    private Levels() {}

    /**
     * What each level of a cell leaves: so many levels as it asks for, or whole ones until the next
     * would go past its ratio and then one that hits it.
     *
     * @throws IllegalArgumentException if there are too few weights for them
     */
    static List<Kept> of(CellStages stages, BigDecimal levelRatio) {
        Ratio ratio = stages.cell().ratio();
        Parts parts = Parts.of(stages.recipe(), stages.facts(), ratio);
        return parts.events(
                (place, weights) ->
                        ratio.kind() == Ratio.Kind.LEVELS
                                ? counts(weights, levelRatio, ratio.value().intValueExact())
                                : countsTo(weights, levelRatio, parts.kept(place)));
    }

    /**
     * Weights left after each of so many levels.
     *
     * @param weights before the first
     * @throws IllegalArgumentException if a level would prune nothing, or all that is left
     */
    static List<Integer> counts(int weights, BigDecimal levelRatio, int levels) {
        List<Integer> counts = new ArrayList<>();
        int left = weights;
        for (int level = 1; level <= levels; level++) {
            int next = next(left, levelRatio);
            if (next == 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "level %d of %d would prune the last %d of %d weights",
                                level, levels, left, weights));
            }
            counts.add(next);
            left = next;
        }
        return counts;
    }

    /**
     * Weights left after whole levels until the next would leave fewer than asked, and after a last
     * one that leaves just those.
     *
     * @param kept to be left at the end, at least 1
     */
    static List<Integer> countsTo(int weights, BigDecimal levelRatio, int kept) {
        List<Integer> counts = new ArrayList<>();
        int left = weights;
        while (left > kept) {
            left = Math.max(kept, next(left, levelRatio));
            counts.add(left);
        }
        return counts;
    }

    private static int next(int left, BigDecimal levelRatio) {
        return left
                - levelRatio
                        .multiply(BigDecimal.valueOf(left))
                        .setScale(0, RoundingMode.CEILING)
                        .intValueExact();
    }
}
