// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Drops;

/**
 * What a schedule must know of a cell beside what the user chose.
 *
 * @param fingerprint what the data set's bits are
 * @param trainSamples training samples of the data set, before any are held out
 * @param testSamples test samples of the data set
 * @param structure {@code Architecture.canonicalText()}
 * @param drops whether the network drops units in training
 * @param arithmetic what computes it
 * @param elsewhere the same on the other data set that the schedule names; null mostly
 */
public record Beginning(
        String fingerprint,
        int trainSamples,
        int testSamples,
        String structure,
        Drops drops,
        Arithmetic arithmetic,
        Beginning elsewhere) {

    /**
     * Updates of one epoch.
     *
     * @throws IllegalArgumentException if validation leaves no sample to train on, or takes none
     *     though it is asked for
     */
    EpochLength epoch(Recipe recipe, Training training) {
        int held = Recipe.heldOut(recipe.validation(), trainSamples);
        if (held == trainSamples || held == 0 && recipe.validation().signum() > 0) {
            throw new IllegalArgumentException(
                    "validation of "
                            + recipe.validation().toPlainString()
                            + " holds out "
                            + held
                            + " of "
                            + trainSamples
                            + " samples; expected at least 1 on each side");
        }
        return EpochLength.of(trainSamples - held, training.batchSize());
    }
}
