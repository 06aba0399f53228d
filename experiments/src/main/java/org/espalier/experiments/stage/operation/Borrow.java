// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.results.text.Text;

/**
 * Puts the masks of another network on this one: a ticket that was found elsewhere, or a control of
 * one. Inputs are the network, the one whose masks are borrowed, and the data that it is measured
 * on. Both have the same weight tensors.
 *
 * @param maskSeed of the shuffling
 * @param arithmetic that the network is measured with; the masks do not depend on it
 */
public record Borrow(Arrangement arrangement, OptionalSeed maskSeed, Arithmetic arithmetic)
        implements Operation {

    /** Which weights of a layer stay. */
    public enum Arrangement {
        /** Those of the other network. */
        AS_FOUND,
        /** As many, by chance: a random mask of equal density in each layer. */
        SHUFFLED
    }

    @Override
    public String canonicalText() {
        return Science.PRUNE.in("borrow " + Text.word(arrangement) + maskSeed.in(" mask-seed="));
    }

    @Override
    public String verb() {
        return "borrow";
    }
}
