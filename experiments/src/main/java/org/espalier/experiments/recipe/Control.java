// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

/** What a cell without a method does instead of pruning; {@code Text.word} is its name in files. */
public enum Control {
    /** As the pruned cells, but not pruned: the same fine-tuning of the dense network. */
    FINE_TUNED,
    /**
     * The dense training goes on for as many epochs as fine-tuning has, optimiser state, order of
     * samples and learning rate too: what the epochs alone bring.
     */
    TRAINED_AS_LONG,
    /**
     * As {@link #FINE_TUNED}, on another order of the samples. Two unpruned controls of one dense
     * network calibrate every statistic that compares a pruned network with a control.
     */
    OTHER_ORDER
}
