// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import org.espalier.results.text.Text;

/**
 * One phase of training.
 *
 * @param batchSize samples of an update; the last batch of an epoch may be shorter
 * @param epochs passes over the training samples; 0 trains nothing
 */
public record Training(
        Optimizer optimizer,
        LearningRate learningRate,
        WeightDecay weightDecay,
        int batchSize,
        int epochs)
        implements Serializable {
    public Training {
        if (batchSize < 1 || epochs < 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "batch size must be at least 1 and epochs at least 0, got %d and %d",
                            batchSize, epochs));
        }
    }

    /** The same phase with another number of epochs. */
    public Training withEpochs(int count) {
        return new Training(optimizer, learningRate, weightDecay, batchSize, count);
    }

    /**
     * Canonical text of all but the number of epochs: two trainings with equal text agree on every
     * epoch that both have.
     */
    public String canonicalText() {
        return Text.of(
                "%s %s %s batch=%d",
                optimizer.canonicalText(),
                learningRate.canonicalText(),
                weightDecay.canonicalText(),
                batchSize);
    }
}
