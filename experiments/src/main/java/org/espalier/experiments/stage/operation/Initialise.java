// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

/**
 * Makes a network with its initial weights. No inputs, no engine: initial weights are the same on
 * all of them.
 *
 * @param architecture name in the catalogue, for building it; not part of the text
 * @param structure {@code Architecture.canonicalText()}
 * @param seed of the initial weights
 */
public record Initialise(String architecture, String structure, long seed) implements Operation {
    @Override
    public String canonicalText() {
        return Science.INITIALISE.in("initialise structure=[" + structure + "] seed=" + seed);
    }

    @Override
    public String verb() {
        return "initialise";
    }
}
