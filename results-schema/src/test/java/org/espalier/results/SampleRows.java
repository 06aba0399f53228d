// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.util.Collections;
import java.util.List;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Provenance;
import org.espalier.results.CellRow.PruningEvent;
import org.espalier.results.CellRow.Selection;
import org.espalier.results.CellRow.Status;
import org.espalier.results.CellRow.Timings;

/**
 * Rows written out by hand. The golden file of version 1 holds {@link #all()}, so these never
 * change; where a later version adds a component, it is null or empty here.
 */
final class SampleRows {
    private SampleRows() {}

    static List<CellRow> all() {
        return List.of(completed("c1", 1), regression("c2"), failed("c3"), lost("c4"));
    }

    /** A classification with three classes: every component that it can have is there. */
    static CellRow completed(String cell, long seed) {
        return new CellRow(
                1,
                cell,
                "tiny",
                Status.COMPLETED,
                2,
                new Condition(
                        "lenet-300-100",
                        "blobs",
                        0.2,
                        "symmetric label flips",
                        "undecayed",
                        "weight-decay=0.0005",
                        "compression",
                        4,
                        "one-shot",
                        "default",
                        "dense=adam beta1=0.9; fine-tune=sgd"),
                seed,
                "vector",
                "vector-1",
                "trunk-7f",
                List.of("init-01", "train-7f", "prune-9c", "tune-a2"),
                "classification",
                3,
                40L,
                32L,
                0.9375,
                0.9375,
                4.0,
                List.of(
                        new LayerSparsity("fc1.weight", 24, 23, 24),
                        new LayerSparsity("fc2.weight", 8, 7, 6)),
                evaluation(9, 8, 7),
                evaluation(6, 5, 4),
                evaluation(8, 7, 6),
                new Selection(2, 0.5, 0.8, 1, 0.625, 0.7, 2, 0.5, 0.8),
                new Selection(1, 0.75, 0.6, null, null, null, 0, 0.875, 0.7),
                List.of(
                        new CurvePoint("dense", 1, 0.1, 1.5, 0.4, 1.25, 0.5, 1.125, 0.6, 0.25),
                        new CurvePoint("dense", 2, 0.05, 1.0, 0.5, 0.75, 0.6, 0.625, 0.7, 0.125),
                        new CurvePoint("fine-tune", 1, 0.01, 0.5, 0.7, null, null, 0.5, 0.8, 0.5)),
                List.of(
                        new PruningEvent(
                                2, 0.9375, 30, 2, 0.25, 0.0625, 0.5, 0.75, 0.8, 0.6, 0.25, null)),
                List.of("asks for more than layer fc2 has"),
                new Timings(1_763_683_200_000L, 12.5, 8.0, true, 0.25, 3.0, 0.75),
                provenance(),
                null);
    }

    /** A regression: no classes, no accuracies, biases shifted, clean test targets. */
    static CellRow regression(String cell) {
        Measures noisy = new Measures(100, 0.25, null, List.of(), List.of(), List.of());
        Measures clean = new Measures(100, 0.125, null, List.of(), List.of(), List.of());
        var stage = new Evaluation(noisy, noisy, clean);
        return new CellRow(
                1,
                cell,
                "tiny",
                Status.COMPLETED,
                1,
                new Condition(
                        "mlp-1-8-1",
                        "sine",
                        0.5,
                        "uniform on targets",
                        "elimination-compensation",
                        "",
                        "pruning-ratio",
                        0.5,
                        "one-shot",
                        "default",
                        "dense=sgd"),
                -9_007_199_254_740_993L,
                "dl4j",
                "dl4j-1",
                "trunk-aa",
                List.of("init-02", "train-aa"),
                "regression",
                null,
                25L,
                16L,
                0.5,
                0.5,
                25 / 17.0,
                List.of(new LayerSparsity("fc1.weight", 16, 8, 8)),
                stage,
                stage,
                null,
                new Selection(1, 0.25, null, null, null, null, 1, 0.25, null),
                null,
                List.of(new CurvePoint("dense", 1, 0.1, 0.5, null, null, null, 0.25, null, 0.125)),
                List.of(
                        new PruningEvent(
                                1, 0.5, 8, 8, null, -0.5, 0.25, 0.375, null, null, null, 1.5)),
                List.of(),
                new Timings(1_763_683_201_000L, 1.5, 1.0, false, 0.25, 0, 0.125),
                new Provenance(
                        "0.1.0", null, null, "sine-1", "here", "17", "linux", "-", null, null, null,
                        null),
                null);
    }

    /** A network that diverged in fine-tuning: everything from before that is present. */
    static CellRow failed(String cell) {
        CellRow whole = completed(cell, 2);
        return new CellRow(
                1,
                cell,
                "tiny",
                Status.FAILED,
                1,
                whole.condition(),
                2,
                whole.engine(),
                whole.numerics(),
                whole.trunk(),
                whole.stages(),
                whole.task(),
                whole.classes(),
                whole.parameters(),
                whole.prunableWeights(),
                whole.sparsityAsked(),
                whole.sparsityAchieved(),
                whole.compressionAchieved(),
                whole.layers(),
                whole.dense(),
                new Evaluation(
                        new Measures(
                                2,
                                Double.NaN,
                                0.5,
                                List.of(1L, 1L),
                                List.of(1L, 0L),
                                List.of(List.of(1L, 0L), List.of(1L, 0L))),
                        null,
                        null),
                null,
                whole.denseSelection(),
                null,
                List.of(
                        new CurvePoint(
                                "fine-tune",
                                1,
                                10,
                                Double.POSITIVE_INFINITY,
                                0.25,
                                null,
                                null,
                                Double.NaN,
                                0.25,
                                0.5)),
                whole.events(),
                List.of(),
                whole.timings(),
                whole.provenance(),
                new Failure(
                        "DIVERGED",
                        "tune-a2",
                        "org.espalier.Diverged",
                        "loss is NaN in epoch 1 \u2014 \"\u00e4\u00df\u4e2d\ud83c\udf32\"",
                        "at a\n\tat b\n",
                        "worker-3",
                        "cause-1"));
    }

    /** A cell whose JVM died: nothing is known but what was asked for. */
    static CellRow lost(String cell) {
        return new CellRow(
                1,
                cell,
                "tiny",
                Status.FAILED,
                3,
                new Condition(
                        "lenet-300-100",
                        "blobs",
                        0,
                        null,
                        "control",
                        null,
                        "density",
                        1,
                        "one-shot",
                        "default",
                        "dense=sgd"),
                3,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                Collections.emptyList(),
                null,
                null,
                new Failure("LOST", null, null, "the JVM died by signal 11", null, null, null));
    }

    private static Evaluation evaluation(long a, long b, long c) {
        Measures test =
                new Measures(
                        30,
                        0.5,
                        (a + b + c) / 30.0,
                        List.of(10L, 10L, 10L),
                        List.of(a, b, c),
                        List.of(
                                List.of(a, 10 - a, 0L),
                                List.of(0L, b, 10 - b),
                                List.of(10 - c, 0L, c)));
        Measures train =
                new Measures(3, 0.25, 1.0, List.of(3L, 0L, 0L), List.of(3L, 0L, 0L), List.of());
        return new Evaluation(test, train, null);
    }

    private static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "0123abc",
                false,
                "sha256:77",
                "worker-1",
                "17.0.9 Temurin",
                "Linux amd64",
                "vector 512 bit",
                "3.5.9",
                "nd4j=1.0.0-M2.1",
                "local[2]",
                "local-1");
    }
}
