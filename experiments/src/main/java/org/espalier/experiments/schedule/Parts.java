// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.Facts.PrunableLayer;
import org.espalier.results.text.Text;

/**
 * The parts of a network whose weights are ranked together, and what each event leaves of them,
 * worked out before anything runs: all prunable layers as one part under a global ranking, each by
 * itself under a layer-wise one.
 *
 * @param names of the parts, for messages
 * @param sizes weights of each part
 * @param ratio that the cell asks for
 */
record Parts(List<String> names, List<Integer> sizes, Ratio ratio, int prunable, long all) {

    static Parts of(Recipe recipe, Facts facts, Ratio ratio) {
        int prunable = Math.toIntExact(facts.prunableWeights());
        boolean layers = recipe.scope() == Recipe.Scope.LAYER_WISE;
        return new Parts(
                layers
                        ? facts.layers().stream().map(PrunableLayer::layer).toList()
                        : List.of("the network"),
                layers
                        ? facts.layers().stream().map(PrunableLayer::weights).toList()
                        : List.of(prunable),
                ratio,
                prunable,
                facts.parameters());
    }

    /** Weights of a part that the ratio leaves, halves up. */
    int kept(int place) {
        return ratio.keptOf(place, sizes.get(place), prunable, all);
    }

    /** Weights of a part that the ratio leaves, rounded up. */
    int keptUp(int place) {
        return ratio.keptUp(sizes.get(place), prunable, all);
    }

    /** Weights left of a part after each event. */
    interface OfPart {
        List<Integer> of(int place, int weights);
    }

    /**
     * What the events leave of all parts; a part whose own events have ended stays as it is.
     *
     * @throws IllegalArgumentException if an event would prune nothing
     */
    List<Kept> events(OfPart counts) {
        List<List<Integer>> parts = new ArrayList<>();
        for (int place = 0; place < sizes.size(); place++) {
            parts.add(counts.of(place, sizes.get(place)));
        }
        int events = parts.stream().mapToInt(List::size).max().orElseThrow();
        List<Kept> kept = new ArrayList<>();
        for (int event = 0; event < events; event++) {
            List<Integer> left = new ArrayList<>();
            for (int place = 0; place < parts.size(); place++) {
                List<Integer> part = parts.get(place);
                int at = Math.min(event, part.size() - 1);
                left.add(at < 0 ? sizes.get(place) : part.get(at));
            }
            kept.add(new Kept(left));
        }
        requireEachPrunes(kept);
        return kept;
    }

    /** Refuses events that would do nothing. */
    void requireEachPrunes(List<Kept> events) {
        List<Integer> before = sizes;
        for (int event = 0; event < events.size(); event++) {
            List<Integer> after = events.get(event).counts();
            if (after.equals(before)) {
                throw new IllegalArgumentException(
                        Text.of(
                                "event %d of %d would prune nothing: %d weights of %d to prune in all",
                                event + 1,
                                events.size(),
                                sum(sizes) - sum(events.get(events.size() - 1).counts()),
                                sum(sizes)));
            }
            before = after;
        }
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
