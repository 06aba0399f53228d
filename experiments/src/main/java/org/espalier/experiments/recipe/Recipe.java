// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.espalier.results.text.Text;

/**
 * All that a sweep holds constant, every default resolved.
 *
 * @param name as in the sweep file; {@code default} where the file has one unnamed recipe; not part
 *     of any identity
 * @param engine what trains the networks
 * @param validation fraction of the training samples held out, in [0, 1); 0 for none
 * @param trainEvaluation whether networks are measured on the training samples too
 * @param recorded what rows hold of each test sample
 * @param minPerLayer weights that each prunable layer keeps at least under a global ranking, a
 *     layer of fewer all of them; 0 for no minimum
 */
public record Recipe(
        String name,
        String engine,
        Training dense,
        ScheduleSettings schedule,
        Training fineTune,
        Scope scope,
        OutputLayer outputLayer,
        StartFrom startFrom,
        OptimizerState optimizerState,
        BigDecimal validation,
        TrainEvaluation trainEvaluation,
        Recorded recorded,
        int minPerLayer)
        implements Serializable {

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

    /** What rows hold of each test sample. */
    public enum Recorded {
        NONE,
        /** Predicted class and confidence, of the dense, the pruned and the fine-tuned network. */
        PREDICTIONS
    }

    public Recipe {
        if (validation.signum() < 0 || validation.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("validation must be in [0, 1), got " + validation);
        }
        if (startFrom == StartFrom.BEST_VALIDATION && validation.signum() == 0) {
            throw new IllegalArgumentException(
                    "start-from best-validation needs a validation fraction above 0");
        }
        if (minPerLayer < 0 || minPerLayer > 0 && scope != Scope.GLOBAL) {
            throw new IllegalArgumentException(
                    Text.of(
                            "min-per-layer must be at least 0, and 0 beside scope layer-wise, got %d beside %s",
                            minPerLayer, Text.word(scope)));
        }
        validation = Decimal.canonical(validation);
    }

    /** The same recipe on another schedule, whose defaults are taken from it. */
    public Recipe withSchedule(ScheduleSettings other) {
        return new Recipe(
                name,
                engine,
                dense,
                other instanceof ScheduleSettings.Iterative iterative
                        ? iterative.withEpochs(fineTune.epochs())
                        : other,
                fineTune,
                scope,
                outputLayer,
                startFrom,
                optimizerState,
                validation,
                trainEvaluation,
                recorded,
                minPerLayer);
    }

    /**
     * Training samples that are held out: the fraction of them, to the nearest whole sample, halves
     * up.
     */
    public static int heldOut(BigDecimal validation, int samples) {
        return validation
                .multiply(BigDecimal.valueOf(samples))
                .setScale(0, RoundingMode.HALF_UP)
                .intValueExact();
    }

    /**
     * Everything but name and engine in canonical spelling. A key that comes later is left out at
     * the value that means what was done before it came.
     */
    public String canonicalText() {
        return String.join(
                        " ",
                        "dense=[" + dense.canonicalText() + " epochs=" + dense.epochs() + "]",
                        "schedule=" + schedule.canonicalText(),
                        "fine-tune=["
                                + fineTune.canonicalText()
                                + " epochs="
                                + fineTune.epochs()
                                + "]",
                        "scope=" + Text.word(scope),
                        "output-layer=" + Text.word(outputLayer),
                        "start-from=" + Text.word(startFrom),
                        "optimizer-state=" + Text.word(optimizerState),
                        "validation=" + Decimal.text(validation),
                        "train-evaluation=" + Text.word(trainEvaluation),
                        "record=" + Text.word(recorded))
                + (minPerLayer == 0 ? "" : " min-per-layer=" + minPerLayer);
    }
}
