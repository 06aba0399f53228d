// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.RanCells;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Status;
import org.espalier.results.FiledRow;

/**
 * Rows of cells that were run, with other numbers in what tables look at; two classes of a hundred
 * samples each.
 */
final class Rows {
    private static final CellRow PRUNED;
    private static final CellRow CONTROL;
    private static final CellRow REGRESSION;

    static {
        List<CellRow> ran =
                RanCells.of(
                        """
                        name: tables
                        grids:
                        - architecture: mlp-4
                          dataset: tiny
                          pruning-ratio: [0, 0.5]
                          method: [magnitude]
                          seed: 1
                        - architecture: mlp-4
                          dataset: diffusion-sorption
                          compression: [2]
                          method: [magnitude]
                          seed: 1
                        recipe:
                          train-evaluation: off
                          dense: {batch-size: 64, epochs: 1}
                          fine-tune: {epochs: 0}
                        """);
        CONTROL = first(ran, "classification", "control");
        PRUNED = first(ran, "classification", "magnitude");
        REGRESSION = first(ran, "regression", "magnitude");
    }

    private Rows() {}

    private static CellRow first(List<CellRow> ran, String task, String method) {
        return ran.stream()
                .filter(r -> r.task().equals(task) && r.condition().method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    /** Of one condition. */
    static Condition classes(String method, String settings, double ratio) {
        return CopiedRow.with(
                method.equals("control") ? CONTROL.condition() : PRUNED.condition(),
                "architecture",
                "mlp-8",
                "dataset",
                "blobs",
                "method",
                method,
                "methodSettings",
                settings,
                "ratio",
                ratio);
    }

    /** Of a control of some kind. */
    static Condition control(String kind) {
        return CopiedRow.with(classes("control", null, 0), "control", kind);
    }

    static Condition regression(String method, double ratio) {
        boolean control = method.equals("control");
        return CopiedRow.with(
                REGRESSION.condition(),
                "architecture",
                "mlp-8-tanh",
                "dataset",
                "pde",
                "noise",
                0.005,
                "method",
                method,
                "methodSettings",
                null,
                "control",
                control ? "fine-tuned" : null,
                "ratio",
                ratio,
                "recipe",
                "long");
    }

    /** Right answers of a hundred in each of the two classes, and a loss. */
    static Evaluation counts(long first, long second, double loss) {
        return CopiedRow.with(
                PRUNED.dense(),
                "test.samples",
                200L,
                "test.loss",
                loss,
                "test.accuracy",
                (first + second) / 200.0,
                "test.classSupport",
                List.of(100L, 100L),
                "test.classCorrect",
                List.of(first, second),
                "test.confusion",
                List.of(List.of(first, 100 - first), List.of(100 - second, second)));
    }

    static Evaluation loss(double loss) {
        return CopiedRow.with(REGRESSION.dense(), "test.loss", loss);
    }

    static CellRow row(
            Condition condition,
            long seed,
            Evaluation dense,
            Evaluation pruned,
            Evaluation fineTuned,
            Double instability,
            String... notes) {
        CellRow like = dense.test().accuracy() == null ? REGRESSION : PRUNED;
        CellRow.Event event = CopiedRow.with(like.events().get(0), "instability", instability);
        return CopiedRow.with(
                like,
                "cellId",
                condition + "/" + seed,
                "condition",
                condition,
                "seed",
                seed,
                "dense",
                dense,
                "pruned",
                pruned,
                "fineTuned",
                fineTuned,
                "events",
                condition.control() == null ? List.of(event) : List.of(),
                "notes",
                List.of(notes));
    }

    static CellRow failed(Condition condition, long seed, String reason, String message) {
        return CopiedRow.with(
                row(condition, seed, PRUNED.dense(), PRUNED.pruned(), PRUNED.fineTuned(), 0.0),
                "status",
                Status.FAILED,
                "fineTuned",
                null,
                "failure",
                new Failure(reason, "train", "E", message, "", "host", message));
    }

    /** As they are read, each from a file of its own. */
    static List<FiledRow> filed(List<CellRow> rows) {
        List<FiledRow> filed = new ArrayList<>();
        for (CellRow row : rows) {
            filed.add(new FiledRow(row, "rows-" + filed.size() + ".parquet"));
        }
        return filed;
    }
}
