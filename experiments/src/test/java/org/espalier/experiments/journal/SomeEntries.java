// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.experiments.journal.Entry.Measured;
import org.espalier.experiments.journal.Entry.Perturbed;
import org.espalier.experiments.journal.Entry.Pruned;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Predictions;
import org.espalier.results.CellRow.Scoring;
import org.espalier.results.CellRow.Selection;

/** Entries of a network with the layers {@code a} of 100 and {@code b} of 50 prunable weights. */
final class SomeEntries {
    private SomeEntries() {}

    /** Ten samples. */
    static Measures measures(double loss, double accuracy) {
        return new Measures(
                10,
                loss,
                accuracy,
                List.of(10L),
                List.of(Math.round(10 * accuracy)),
                List.of(),
                null,
                List.of(),
                null,
                null);
    }

    /** Loss 1 - accuracy on the test set. */
    static Evaluation test(double accuracy) {
        return new Evaluation(measures(1 - accuracy, accuracy), null, null, null, null, null);
    }

    static Evaluation train(double loss) {
        return new Evaluation(null, null, measures(loss, 0.5), null, null, null);
    }

    static Evaluation predictions(int only) {
        return new Evaluation(
                null,
                null,
                null,
                null,
                null,
                new Predictions(List.of(only), List.of(255), List.of(1)));
    }

    static CurvePoint point(String phase, int round, int epoch) {
        return new CurvePoint(
                phase, round, epoch, rate(epoch), 1.0 / epoch, 0.5, null, null, 2, 0.25, 1);
    }

    /** Of the update at the end of an epoch. */
    static double rate(int epoch) {
        return 0.125 * epoch;
    }

    static Selection selection(String phase, int round, int epoch) {
        return new Selection(phase, round, "last", epoch, measures(epoch, 0.5));
    }

    /** The epochs {@code from + 1} to {@code to} of a phase, a second each. */
    static Trained trained(
            String stage, String phase, int round, int from, int to, Evaluation evaluation) {
        return new Trained(
                stage,
                phase,
                round,
                new Place(to, 0),
                IntStream.rangeClosed(from + 1, to).mapToObj(e -> point(phase, round, e)).toList(),
                to == 0 ? List.of() : List.of(selection(phase, round, to)),
                to == 0 ? null : rate(to),
                null,
                evaluation,
                to - from,
                0.5);
    }

    /**
     * A pruning.
     *
     * @param a weights of the first layer that are pruned after it, and that it pruned
     * @param b those of the second
     */
    static Pruned pruned(
            String stage,
            String from,
            double asked,
            int[] a,
            int[] b,
            Evaluation before,
            Evaluation after) {
        return new Pruned(
                stage,
                from,
                new Place(7, 3),
                asked,
                150.0 / (150 - a[0] - b[0]),
                List.of(
                        new LayerSparsity("a", 100, a[0], a[0]),
                        new LayerSparsity("b", 50, b[0], b[0])),
                List.of(layer("a", a[1], 100 - a[0]), layer("b", b[1], 50 - b[0])),
                scoring("magnitude", 2),
                0.75,
                "mask of " + stage,
                null,
                before,
                after,
                0.25);
    }

    static LayerEvent layer(String layer, long touched, long remaining) {
        return new LayerEvent(layer, touched, remaining, null, null, null);
    }

    static Scoring scoring(String method, double seconds) {
        return new Scoring(method, 0.5, 0.25, 0L, 3, 128, 1, seconds);
    }

    static Perturbed perturbed(String stage, String from, String kind, Double sigma) {
        boolean restore = kind.equals("restore");
        return new Perturbed(
                stage,
                from,
                new Place(2, 1),
                kind,
                List.of(layer("a", 10, 100)),
                restore ? null : scoring("magnitude", 4),
                sigma,
                test(0.75),
                test(0.5),
                0.125);
    }

    static Measured measured(String stage, Evaluation evaluation) {
        return new Measured(stage, evaluation, 0.0625);
    }
}
