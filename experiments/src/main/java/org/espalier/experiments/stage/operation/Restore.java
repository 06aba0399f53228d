// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.results.text.Text;

/**
 * Puts back what a network had before. Inputs are the network, and where it borrows an older one.
 *
 * @param arithmetic that the network is measured with; what is put back does not depend on it
 */
public record Restore(What what, Arithmetic arithmetic) implements Operation {

    /** What is put back. */
    public enum What {
        /**
         * All parameters as they were at the best epoch by validation of the phase that has just
         * ended; the optimiser's state and the place in the random streams stay. Where no epoch was
         * chosen the network stays as it is.
         */
        BEST_VALIDATION,
        /**
         * The weights that were perturbed, and all normalisation, as the borrowed network had them;
         * what the rest has learnt since stays. Weights that are pruned stay so.
         */
        PERTURBED
    }

    @Override
    public String canonicalText() {
        return "restore " + Text.word(what);
    }

    @Override
    public String verb() {
        return "restore";
    }
}
