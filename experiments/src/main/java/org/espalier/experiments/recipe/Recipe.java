// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * All that a sweep holds constant, every default resolved.
 *
 * @param name as in the sweep file; {@code default} where the file has one unnamed recipe; not part
 *     of any identity
 * @param engine what trains the networks
 * @param validation fraction of the training samples held out, in [0, 1); 0 for none
 * @param trainEvaluation whether stages are measured on the training samples too
 */
public record Recipe(
        String name,
        String engine,
        Training dense,
        Schedule schedule,
        Training fineTune,
        Scope scope,
        OutputLayer outputLayer,
        StartFrom startFrom,
        OptimizerState optimizerState,
        BigDecimal validation,
        TrainEvaluation trainEvaluation)
        implements Serializable {

    /** When the network is pruned. */
    public enum Schedule {
        /** Once, after the dense training. */
        ONE_SHOT
    }

    /** What a score is compared with. */
    public enum Scope {
        /** One ranking for the network. */
        GLOBAL,
        /** One ranking for each layer, the same ratio in each. */
        LAYER_WISE
    }

    /** Whether the last layer that has weights is pruned. */
    public enum OutputLayer {
        PRUNE,
        KEEP
    }

    /** Which dense network the branches start from. */
    public enum StartFrom {
        LAST,
        BEST_VALIDATION
    }

    /** What becomes of the optimiser's state when fine-tuning starts. */
    public enum OptimizerState {
        FRESH,
        KEPT
    }

    /** Whether the networks of a cell are measured on the training samples after each stage. */
    public enum TrainEvaluation {
        ON,
        OFF
    }

    /** A recipe that measures on the training samples too. */
    public Recipe(
            String name,
            String engine,
            Training dense,
            Schedule schedule,
            Training fineTune,
            Scope scope,
            OutputLayer outputLayer,
            StartFrom startFrom,
            OptimizerState optimizerState,
            BigDecimal validation) {
        this(
                name,
                engine,
                dense,
                schedule,
                fineTune,
                scope,
                outputLayer,
                startFrom,
                optimizerState,
                validation,
                TrainEvaluation.ON);
    }

    public Recipe {
        if (validation.signum() < 0 || validation.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("validation must be in [0, 1), got " + validation);
        }
        if (startFrom == StartFrom.BEST_VALIDATION && validation.signum() == 0) {
            throw new IllegalArgumentException(
                    "start-from best-validation needs a validation fraction above 0");
        }
        validation = Decimal.canonical(validation);
    }
}
