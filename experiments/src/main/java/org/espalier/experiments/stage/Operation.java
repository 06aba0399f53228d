// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import java.math.BigDecimal;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.results.text.Text;

/**
 * One operation on a network, with all settings resolved. Its canonical text is what a stage's name
 * is made of: everything that determines bits, nothing else. A setting introduced later must leave
 * the text as it was at the value that means the old behaviour, so that old results keep their
 * names.
 */
public sealed interface Operation extends Serializable {

    /** Equal operations, equal text, on every machine. */
    String canonicalText();

    /** A word for messages: {@code train}, {@code prune}. */
    String verb();

    /**
     * Makes the initial network and the data it will see.
     *
     * @param architecture name in the catalogue, for building it; not part of the text
     * @param structure {@code Architecture.canonicalText()}
     * @param dataset name, for loading it; not part of the text
     * @param fingerprint what the data set's bits are
     * @param noise label noise rate, or amplitude of target noise
     * @param validation fraction of the training samples held out
     * @param engine id of the engine, for finding it; not part of the text
     * @param numerics what determines the engine's bits
     * @param trainEvaluation whether stages are measured on the training samples; in the text where
     *     off, since it changes what a row holds
     */
    record Initialise(
            String architecture,
            String structure,
            String dataset,
            String fingerprint,
            BigDecimal noise,
            BigDecimal validation,
            String engine,
            String numerics,
            long seed,
            Recipe.TrainEvaluation trainEvaluation)
            implements Operation {
        /** With measurements on the training samples. */
        public Initialise(
                String architecture,
                String structure,
                String dataset,
                String fingerprint,
                BigDecimal noise,
                BigDecimal validation,
                String engine,
                String numerics,
                long seed) {
            this(
                    architecture,
                    structure,
                    dataset,
                    fingerprint,
                    noise,
                    validation,
                    engine,
                    numerics,
                    seed,
                    Recipe.TrainEvaluation.ON);
        }

        public Initialise {
            noise = Decimal.canonical(noise);
            validation = Decimal.canonical(validation);
        }

        @Override
        public String canonicalText() {
            String text =
                    Text.of(
                            "initialise structure=[%s] data=%s noise=%s validation=%s numerics=%s seed=%d",
                            structure,
                            fingerprint,
                            Decimal.text(noise),
                            Decimal.text(validation),
                            numerics,
                            seed);
            return trainEvaluation == Recipe.TrainEvaluation.ON
                    ? text
                    : text + " train-evaluation=off";
        }

        @Override
        public String verb() {
            return "initialise";
        }
    }

    /**
     * Trains until {@code training.epochs()} epochs of this phase are done. Two trainings of one
     * parent that differ only in epochs share their first epochs.
     *
     * @param phase {@code dense} or {@code fine-tune}; a label of the curve, not part of the text
     * @param state whether the optimiser starts anew or goes on
     */
    record Train(String phase, Training training, Recipe.OptimizerState state)
            implements Operation {
        @Override
        public String canonicalText() {
            return Text.of(
                    "train %s state=%s epochs=%d",
                    training.canonicalText(), state, training.epochs());
        }

        @Override
        public String verb() {
            return phase.equals(Cells.DENSE) ? "train" : "fine-tune";
        }
    }

    /**
     * Prunes once.
     *
     * @param method {@code null} for the control, which prunes nothing
     */
    record Prune(
            PruningMethod method,
            Ratio ratio,
            Recipe.Scope scope,
            Recipe.OutputLayer outputLayer,
            Recipe.StartFrom startFrom)
            implements Operation {
        @Override
        public String canonicalText() {
            return method == null
                    ? "prune nothing start=" + startFrom
                    : Text.of(
                            "prune %s %s scope=%s output=%s start=%s",
                            method.canonicalText(),
                            ratio.canonicalText(),
                            scope,
                            outputLayer,
                            startFrom);
        }

        @Override
        public String verb() {
            return "prune";
        }
    }
}
