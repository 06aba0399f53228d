// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

/**
 * Draws new initial weights and keeps the masks: the network starts from nothing, with no
 * optimiser's state and no epochs behind it. Input is the network.
 *
 * @param seed of the weights, another than that of the network
 */
public record Reinitialise(long seed) implements Operation {
    @Override
    public String canonicalText() {
        return Science.INITIALISE.in("re-initialise seed=" + seed);
    }

    @Override
    public String verb() {
        return "re-initialise";
    }
}
