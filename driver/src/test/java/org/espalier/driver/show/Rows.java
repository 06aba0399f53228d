// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.List;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.PruningEvent;
import org.espalier.results.CellRow.Status;

/** Rows with the components that tables look at; two classes of a hundred samples each. */
final class Rows {
    private Rows() {}

    /** Of one condition. */
    static Condition classes(String method, String settings, double ratio) {
        return new Condition(
                "mlp-8",
                "blobs",
                0,
                "symmetric",
                method,
                settings,
                "pruning-ratio",
                ratio,
                "one-shot",
                "default",
                "");
    }

    static Condition regression(String method, double ratio) {
        return new Condition(
                "mlp-8-tanh",
                "pde",
                0.005,
                "uniform",
                method,
                "",
                "compression",
                ratio,
                "one-shot",
                "long",
                "");
    }

    /** Right answers of a hundred in each of the two classes, and a loss. */
    static Evaluation counts(long first, long second, double loss) {
        return new Evaluation(
                new Measures(
                        200,
                        loss,
                        (first + second) / 200.0,
                        List.of(100L, 100L),
                        List.of(first, second),
                        List.of(List.of(first, 100 - first), List.of(100 - second, second))),
                null,
                null);
    }

    static Evaluation loss(double loss) {
        return new Evaluation(
                new Measures(200, loss, null, List.of(), List.of(), List.of()), null, null);
    }

    static CellRow row(
            Condition condition,
            long seed,
            Evaluation dense,
            Evaluation pruned,
            Evaluation fineTuned,
            Double instability,
            String... notes) {
        List<PruningEvent> events =
                instability == null
                        ? List.of()
                        : List.of(
                                new PruningEvent(
                                        0,
                                        0.5,
                                        4,
                                        4,
                                        null,
                                        null,
                                        0,
                                        0,
                                        null,
                                        null,
                                        instability,
                                        null));
        return cell(condition, seed, dense, pruned, fineTuned, events, List.of(notes), null);
    }

    static CellRow failed(Condition condition, long seed, String reason, String message) {
        return cell(
                condition,
                seed,
                null,
                null,
                null,
                List.of(),
                List.of(),
                new Failure(reason, "train", "E", message, "", "host", message));
    }

    private static CellRow cell(
            Condition condition,
            long seed,
            Evaluation dense,
            Evaluation pruned,
            Evaluation fineTuned,
            List<PruningEvent> events,
            List<String> notes,
            Failure failure) {
        return new CellRow(
                1,
                condition + "/" + seed,
                "tiny",
                failure == null ? Status.COMPLETED : Status.FAILED,
                1,
                condition,
                seed,
                "dl4j",
                "n",
                "trunk",
                List.of(),
                "task",
                2,
                8L,
                8L,
                0.5,
                0.5,
                2.0,
                List.of(),
                dense,
                pruned,
                fineTuned,
                null,
                null,
                List.of(),
                events,
                notes,
                null,
                null,
                failure);
    }
}
