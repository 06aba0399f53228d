// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

/**
 * Sets a network back to how an older one was and keeps its masks: surviving weights, biases,
 * normalisation, the optimiser's state and the place in the random streams become the older one's
 * (Frankle and Carbin 2019, arXiv:1803.03635; Frankle et al. 2020, arXiv:1912.05671). Inputs are
 * the network and the older one, whose stage says to which step.
 */
public record Rewind() implements Operation {
    @Override
    public String canonicalText() {
        return "rewind";
    }

    @Override
    public String verb() {
        return "rewind";
    }
}
