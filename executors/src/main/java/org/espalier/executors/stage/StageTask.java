// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;

/**
 * One unit of work as it travels to an executor: a stage to carry out, the cells that end with it,
 * and whether its snapshot is kept. It never throws: what fails comes back as a failure.
 *
 * @param attempt of the cells, from 1
 * @param trunkReused whether the cells' trunk was in the store before this run
 */
public record StageTask(
        Stage stage,
        List<PlannedCell> cells,
        Keep keep,
        RunContext context,
        int attempt,
        boolean trunkReused)
        implements Serializable {

    /** By data folder: files are scanned once per JVM. */
    private static final Map<String, Datasets> DATASETS = new ConcurrentHashMap<>();

    /** What becomes of the stage's network. */
    public enum Keep {
        SNAPSHOT,
        NOTHING
    }

    public StageTask {
        cells = List.copyOf(cells);
    }

    /**
     * What came of it.
     *
     * @param rows one for each cell of the task
     * @param epochsTrained epochs that were trained now
     * @param failure null where it went well
     */
    public record Outcome(
            String stage,
            List<CellRow> rows,
            int epochsTrained,
            double wallSeconds,
            Failure failure)
            implements Serializable {
        public Outcome {
            rows = List.copyOf(rows);
        }
    }

    /** Carries out the task in this JVM. */
    public Outcome run() {
        long startedAt = System.currentTimeMillis();
        long start = System.nanoTime();
        try {
            Datasets datasets =
                    DATASETS.computeIfAbsent(
                            String.valueOf(context.dataFolder()),
                            folder ->
                                    new Datasets(
                                            Optional.ofNullable(context.dataFolder()),
                                            context.configuration()));
            StageStore store = new StageStore(context.store(), context.configuration());
            StageRunner runner = new StageRunner(datasets, store);
            StageRunner.Reached reached = runner.reach(stage);
            if (keep == Keep.SNAPSHOT) {
                runner.keep(stage, reached.state());
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            List<CellRow> rows = new ArrayList<>();
            for (PlannedCell cell : cells) {
                rows.add(
                        builder(cell)
                                .completed(
                                        reached.state().history(),
                                        architecture(datasets, cell.leaf().root()),
                                        clock(startedAt, seconds)));
            }
            return new Outcome(stage.name(), rows, reached.epochsTrained(), seconds, null);
        } catch (Throwable e) { // an error would come to the driver as a lost executor
            double seconds = (System.nanoTime() - start) * 1e-9;
            Failure failure = RowBuilder.failure(e, stage);
            List<CellRow> rows =
                    cells.stream()
                            .map(c -> builder(c).failed(failure, clock(startedAt, seconds)))
                            .toList();
            return new Outcome(stage.name(), rows, 0, seconds, failure);
        }
    }

    private static Architecture architecture(Datasets datasets, Operation.Initialise root)
            throws IOException, BadDataException {
        DatasetInfo info = datasets.info(root.dataset());
        return Architectures.create(root.architecture(), info.shape(), info.outputs(), info.loss());
    }

    private RowBuilder builder(PlannedCell cell) {
        return new RowBuilder(context, cell, attempt);
    }

    private RowBuilder.Clock clock(long startedAt, double seconds) {
        return new RowBuilder.Clock(startedAt, seconds, trunkReused);
    }
}
