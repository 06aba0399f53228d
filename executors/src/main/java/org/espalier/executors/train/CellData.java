// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.Optional;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.change.Noise;
import org.espalier.executors.data.change.ValidationSplit;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.stage.operation.Data;

/**
 * A data set as one cell sees it: with its noise, and split.
 *
 * @param train all training samples, held-out ones too, with noise
 * @param cleanTrain the same without noise, where noise was laid over them
 * @param test test samples; those of a regression with noise
 * @param cleanTest test samples without noise, where noise was laid over them
 * @param trainRows rows of {@code train} that are trained on
 * @param validationRows rows of {@code train} that are held out; may be none
 */
public record CellData(
        Samples train,
        Optional<Samples> cleanTrain,
        Samples test,
        Optional<Samples> cleanTest,
        int[] trainRows,
        int[] validationRows) {

    /**
     * Lays noise over a data set and splits it, by the seeds of the operation.
     *
     * @throws IllegalArgumentException if the noise or the split does not fit the data
     */
    public static CellData of(Dataset dataset, Data data) {
        Noise level = new Noise(data.noise().doubleValue());
        Streams noise = new Streams(data.noiseSeed());
        Samples train = level.onTraining(dataset.train(), noise);
        Samples test = level.onTest(dataset.test(), noise);
        ValidationSplit split =
                ValidationSplit.of(
                        dataset.train().count(),
                        data.validation().doubleValue(),
                        new Streams(data.splitSeed()));
        return new CellData(
                train,
                train == dataset.train() ? Optional.empty() : Optional.of(dataset.train()),
                test,
                test == dataset.test() ? Optional.empty() : Optional.of(dataset.test()),
                split.training(),
                split.validation());
    }
}
