// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.ArrayList;
import java.util.List;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.PruningEvent;
import org.espalier.results.CellRow.Selection;

/**
 * What has been measured of a network on its way; travels with it in snapshots and ends in a row.
 * Values that a stage has not reached are null.
 *
 * @param dense of the network that pruning starts from
 * @param seconds time spent on each stage so far, wherever it was spent
 */
public record History(
        List<CurvePoint> curve,
        List<PruningEvent> events,
        List<LayerSparsity> layers,
        List<String> notes,
        Evaluation dense,
        Evaluation pruned,
        Evaluation fineTuned,
        Selection denseSelection,
        Selection fineTunedSelection,
        Sparsities sparsities,
        Seconds seconds) {

    /** Of a network that has just been initialised. */
    public static final History NONE =
            new History(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    new Seconds(0, 0, 0, 0));

    /** Asked and achieved, over prunable weights; compression over all trained parameters. */
    public record Sparsities(
            long prunable, double asked, double achieved, double compressionAchieved) {}

    /** Wall time by kind of work. */
    public record Seconds(double dense, double score, double fineTune, double evaluate) {
        Seconds plus(Seconds more) {
            return new Seconds(
                    dense + more.dense,
                    score + more.score,
                    fineTune + more.fineTune,
                    evaluate + more.evaluate);
        }
    }

    public History {
        curve = List.copyOf(curve);
        events = List.copyOf(events);
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
    }

    /** One list after another. */
    static <T> List<T> join(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
