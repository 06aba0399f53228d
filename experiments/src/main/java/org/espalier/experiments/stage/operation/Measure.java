// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.results.text.Text;

/**
 * Finds something out about a network and leaves it as it is. Inputs are the network and the data.
 * No network is made from what it leaves, so it is in no network's name: what is measured may
 * change without training anything again.
 */
public record Measure(What what, Arithmetic arithmetic) implements Operation {

    /** What is found out. */
    public enum What {
        /** Losses and counts on the training samples, with given and with true labels. */
        TRAIN,
        /** Class and confidence of every test sample. */
        PREDICTIONS
    }

    @Override
    public String canonicalText() {
        return Science.MEASURE.in(
                "measure " + Text.word(what) + " numerics=" + arithmetic.numerics());
    }

    @Override
    public String verb() {
        return "measure";
    }
}
