// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.math.BigDecimal;
import java.util.Optional;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.change.Noise;
import org.espalier.executors.data.change.ValidationSplit;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Measures;

/**
 * A data set as one cell sees it: with its noise, and split.
 *
 * @param train all training samples, held-out ones too, with noise
 * @param test test samples; those of a regression with noise
 * @param cleanTest test samples without noise, where noise was laid over them
 * @param trainRows rows of {@code train} that are trained on
 * @param validationRows rows of {@code train} that are held out; may be none
 * @param trainEvaluation whether {@link #evaluate} measures on the training samples
 */
public record CellData(
        Samples train,
        Samples test,
        Optional<Samples> cleanTest,
        int[] trainRows,
        int[] validationRows,
        Recipe.TrainEvaluation trainEvaluation) {

    /** With measurements on the training samples. */
    CellData(
            Samples train,
            Samples test,
            Optional<Samples> cleanTest,
            int[] trainRows,
            int[] validationRows) {
        this(train, test, cleanTest, trainRows, validationRows, Recipe.TrainEvaluation.ON);
    }

    /** Lays noise over a data set and splits it, by the cell's streams. */
    public static CellData of(
            Dataset dataset,
            BigDecimal noise,
            BigDecimal validation,
            Recipe.TrainEvaluation trainEvaluation,
            Streams streams) {
        Noise level = new Noise(noise.doubleValue());
        Samples test = level.onTest(dataset.test(), streams);
        ValidationSplit split =
                ValidationSplit.of(dataset.train().count(), validation.doubleValue(), streams);
        return new CellData(
                level.onTraining(dataset.train(), streams),
                test,
                test == dataset.test() ? Optional.empty() : Optional.of(dataset.test()),
                split.training(),
                split.validation(),
                trainEvaluation);
    }

    /**
     * Measures a network on the test samples, the samples it trains on, and the clean test ones.
     */
    public Evaluation evaluate(Evaluator evaluator) {
        return evaluate(evaluator, Optional.empty());
    }

    /**
     * The same where the test samples have been measured already.
     *
     * @param known of the network as it stands on {@code test}
     */
    public Evaluation evaluate(Evaluator evaluator, Optional<Measures> known) {
        return new Evaluation(
                known.orElseGet(() -> evaluator.measure(test)),
                trainEvaluation == Recipe.TrainEvaluation.ON
                        ? evaluator.measure(train, trainRows)
                        : null,
                cleanTest.map(evaluator::measure).orElse(null));
    }
}
