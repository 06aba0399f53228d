// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

/**
 * Prunes once: the chosen weights become zero and stay so, biases are shifted where the method says
 * so. Inputs are a network and the data that scores are computed on.
 */
public record Prune(Choice choice, Arithmetic arithmetic) implements Operation {
    @Override
    public String canonicalText() {
        return Science.PRUNE.in(
                "prune " + choice.canonicalText() + " numerics=" + arithmetic.numerics());
    }

    @Override
    public String verb() {
        return "prune";
    }
}
