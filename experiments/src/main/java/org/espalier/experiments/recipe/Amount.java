// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;

/**
 * How many prunable weights a pruning leaves: a {@link Ratio} that is worked out on the network, or
 * {@link Kept}, numbers that a schedule has worked out.
 */
public sealed interface Amount extends Serializable permits Ratio, Kept {

    /**
     * Number of prunable weights to keep in all.
     *
     * @param prunable n, weights that may be pruned
     * @param all N, all trained parameters
     * @throws IllegalArgumentException if the network cannot have it
     */
    int kept(int prunable, long all);

    /**
     * Number of weights to keep in one layer, where each is ranked by itself.
     *
     * @param place of the layer among the prunable ones, from 0
     * @param layer weights of the layer, all prunable
     * @param prunable n, weights of the network that may be pruned
     * @param all N, all trained parameters
     * @throws IllegalArgumentException if the network cannot have it
     */
    int keptOf(int place, int layer, int prunable, long all);

    /**
     * Fraction of the prunable weights that this asks to remove, before rounding.
     *
     * @param prunable n, weights that may be pruned
     * @param all N, all trained parameters
     * @throws IllegalArgumentException if the network cannot have it
     */
    double sparsity(int prunable, long all);

    /** Text of what becomes of a network: equal amounts, equal text. */
    String stageText();
}
