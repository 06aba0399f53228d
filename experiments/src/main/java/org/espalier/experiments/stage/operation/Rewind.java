// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.results.text.Text;

/**
 * Sets a network back to an earlier step and keeps its masks. Inputs are the network and the older
 * one, whose stage says to which step.
 */
public record Rewind(What what) implements Operation {

    /** What is set back. */
    public enum What {
        /**
         * All of it: surviving weights, biases, normalisation, the optimiser's state and the place
         * in the random streams become the older one's (Frankle and Carbin 2019, arXiv:1803.03635;
         * Frankle et al. 2020, arXiv:1912.05671).
         */
        NETWORK,
        /**
         * The place in the training and in the random streams alone: parameters and the optimiser's
         * state stay (learning-rate rewinding, Renda et al. 2020, arXiv:2003.02389).
         */
        PLACE
    }

    @Override
    public String canonicalText() {
        return what == What.NETWORK ? "rewind" : "rewind " + Text.word(what);
    }

    @Override
    public String verb() {
        return "rewind";
    }
}
