// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.util.List;
import org.espalier.results.text.Text;

/**
 * Weights to keep as numbers: one for all prunable layers together, or one for each of them in
 * layer order.
 *
 * @param counts none negative
 */
public record Kept(List<Integer> counts) implements Amount {
    public Kept {
        counts = List.copyOf(counts);
        if (counts.isEmpty() || counts.stream().anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("weights to keep are not negative, got " + counts);
        }
    }

    @Override
    public int kept(int prunable, long all) {
        int sum = counts.stream().reduce(0, Math::addExact);
        if (sum > prunable) {
            throw new IllegalArgumentException(
                    Text.of("cannot keep %d of %d prunable weights", sum, prunable));
        }
        return sum;
    }

    @Override
    public int keptOf(int place, int layer, int prunable, long all) {
        if (place >= counts.size() || counts.get(place) > layer) {
            throw new IllegalArgumentException(
                    Text.of(
                            "layer %d has %d weights, and to be kept are %s",
                            place + 1, layer, counts));
        }
        return counts.get(place);
    }

    @Override
    public double sparsity(int prunable, long all) {
        return (double) (prunable - kept(prunable, all)) / prunable;
    }

    /** {@code kept=1200}, {@code kept=[400, 800]}. */
    @Override
    public String stageText() {
        return "kept=" + (counts.size() == 1 ? counts.get(0) : counts);
    }
}
