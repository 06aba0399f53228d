// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Predictions;

/** Carries out {@link Measure}: finds something out and leaves the network as it is. */
final class MeasureRunner {
    private final Context context;

    MeasureRunner(Context context) {
        this.context = context;
    }

    /** What it found. */
    Entry run(Stage stage, NetworkState of) throws IOException, BadDataException {
        Measure measure = (Measure) stage.operation();
        Stage measured = stage.network().orElseThrow();
        long startedAt = System.nanoTime();
        Predictions seen =
                measure.what() == Measure.What.PREDICTIONS ? context.seen(measured) : null;
        Evaluation found =
                seen != null
                        ? new Evaluation(null, null, null, null, null, seen)
                        : evaluation(stage, measure, of);
        return new Entry.Measured(measured.name(), found, (System.nanoTime() - startedAt) * 1e-9);
    }

    private Evaluation evaluation(Stage stage, Measure measure, NetworkState of)
            throws IOException, BadDataException {
        CellData data = context.data(stage);
        Network network = context.loaded(stage, measure.arithmetic(), of);
        Evaluator evaluator = new Evaluator(network);
        return switch (measure.what()) {
            case TRAIN -> evaluator.onTraining(data);
            case PREDICTIONS ->
                    new Evaluation(
                            null,
                            null,
                            null,
                            null,
                            null,
                            evaluator.onTest(data, Evaluator.Recording.ON).predictions());
        };
    }
}
