// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.io.Serializable;
import java.util.List;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Scoring;
import org.espalier.results.CellRow.Selection;

/**
 * What one stage found out. An evaluation in an entry holds what was measured then, the rest of it
 * is null.
 */
public sealed interface Entry extends Serializable {

    /** Name of the stage whose network it is about. */
    String stage();

    /**
     * A training, or a part of one.
     *
     * @param phase {@code dense} or {@code fine-tune}
     * @param round prunings before it
     * @param at where the network stands after it
     * @param curve epochs that ended in it
     * @param selections of the phase up to here, earlier parts of it included
     * @param learningRate of the last update; null where there was none
     * @param running sums of an epoch that was left in its middle; null at the end of an epoch
     * @param evaluation on the test set after it; null where it failed before that
     */
    record Trained(
            String stage,
            String phase,
            int round,
            Place at,
            List<CurvePoint> curve,
            List<Selection> selections,
            Double learningRate,
            Running running,
            Evaluation evaluation,
            double trainSeconds,
            double evaluateSeconds)
            implements Entry {
        public Trained {
            curve = List.copyOf(curve);
            selections = List.copyOf(selections);
        }
    }

    /**
     * Sums over the batches of an epoch, of each before its update.
     *
     * @param samples that they are over
     */
    record Running(double lossSum, long correct, long samples) implements Serializable {}

    /**
     * A pruning.
     *
     * @param from name of the stage whose network was pruned
     * @param asked pruned over prunable weights that it was to reach
     * @param compression all trained parameters over those that remain
     * @param layers state of each prunable layer after it
     * @param touched what it did to each of them
     * @param compensationNorm null where no bias was shifted
     * @param scoring null where a mask was borrowed
     * @param mask SHA-256 of the masks after it
     * @param source of a borrowed mask; null where the network's own weights were ranked
     * @param before on the test set straight before it
     * @param after straight after it; null where it failed before that
     */
    record Pruned(
            String stage,
            String from,
            Place at,
            double asked,
            double compression,
            List<LayerSparsity> layers,
            List<LayerEvent> touched,
            Scoring scoring,
            Double compensationNorm,
            String mask,
            Source source,
            Evaluation before,
            Evaluation after,
            double evaluateSeconds)
            implements Entry {
        public Pruned {
            layers = List.copyOf(layers);
            touched = List.copyOf(touched);
        }
    }

    /**
     * Where a borrowed mask comes from.
     *
     * @param stage whose network's mask it is
     * @param dataset on which that network was trained
     * @param level prunings behind it
     * @param overlap weights kept by both masks over those that this one keeps; null where it keeps
     *     none
     */
    record Source(String stage, String dataset, int level, Double overlap)
            implements Serializable {}

    /**
     * Noise laid over weights, or weights put back.
     *
     * @param from name of the stage whose network it was done to
     * @param kind {@code zero}, {@code gauss} or {@code restore}
     * @param scoring null where weights were put back
     * @param sigma mean over layers of the noise's deviation; null without Gaussian noise
     */
    record Perturbed(
            String stage,
            String from,
            Place at,
            String kind,
            List<LayerEvent> touched,
            Scoring scoring,
            Double sigma,
            Evaluation before,
            Evaluation after,
            double evaluateSeconds)
            implements Entry {
        public Perturbed {
            touched = List.copyOf(touched);
        }
    }

    /**
     * A network that was set back.
     *
     * @param kind {@code rewind} or {@code re-initialise}
     * @param at where it stands after it
     * @param touched surviving weights of each prunable layer, all of which it set
     * @param to step to which it was set back, of its phase; null for new weights
     */
    record Rewound(String stage, Place at, String kind, List<LayerEvent> touched, String to)
            implements Entry {
        public Rewound {
            touched = List.copyOf(touched);
        }
    }

    /** A network measured beside its training. */
    record Measured(String stage, Evaluation evaluation, double seconds) implements Entry {}

    /** What a reader must know, one sentence. */
    record Note(String stage, String text) implements Entry {}
}
