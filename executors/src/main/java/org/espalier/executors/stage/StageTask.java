// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;

/**
 * One unit of work as it travels to an executor: a stage to carry out, the cells that end with it,
 * and what is measured on the way. It never throws: what fails comes back as a failure.
 *
 * @param measures stages that measure networks on the way
 * @param kept names of stages whose networks belong in the store: its own where others start from
 *     it, and those it starts from, should they have been lost
 * @param attempt of the cells, from 1
 * @param trunkReused whether the cells' trunk was in the store before this run
 */
public record StageTask(
        Stage stage,
        List<PlannedCell> cells,
        List<Stage> measures,
        Set<String> kept,
        RunContext context,
        int attempt,
        boolean trunkReused)
        implements Serializable {

    /** By data folder and how it is reached: files are scanned once per JVM. */
    private static final Map<List<Object>, Datasets> DATASETS = new ConcurrentHashMap<>();

    public StageTask {
        cells = List.copyOf(cells);
        measures = List.copyOf(measures);
        kept = Set.copyOf(kept);
    }

    /**
     * What came of it.
     *
     * @param rows one for each cell of the task; none where the store could not be used
     * @param epochsTrained epochs that were trained now
     * @param failure null where it went well
     * @param journal what was known when it failed; empty where it went well
     * @param storage why the store could not be used; null where it could
     */
    public record Outcome(
            String stage,
            List<CellRow> rows,
            double epochsTrained,
            double wallSeconds,
            Failure failure,
            Journal journal,
            String storage)
            implements Serializable {
        public Outcome {
            rows = List.copyOf(rows);
        }

        /** A task whose cells are as if it had never begun. */
        static Outcome undone(String stage, double seconds, StorageException why) {
            return new Outcome(stage, List.of(), 0, seconds, null, Journal.EMPTY, why.getMessage());
        }
    }

    /** Carries out the task in this JVM. */
    public Outcome run() {
        Timer timer = new Timer(System.currentTimeMillis(), System.nanoTime());
        Set<Stage> measured = new LinkedHashSet<>(measures);
        cells.forEach(cell -> measured.addAll(cell.programme().measures()));
        try (StageRunner runner =
                new StageRunner(stage, datasets(), context.stages(), measured, kept)) {
            return run(runner, timer);
        } catch (StorageException e) {
            return Outcome.undone(stage.name(), timer.seconds(), e);
        } catch (Throwable e) { // an error would come to the driver as a lost executor
            return failed(stage, Journal.EMPTY, e, timer, null);
        }
    }

    private Outcome run(StageRunner runner, Timer timer) {
        try {
            NetworkState state = runner.reach(stage);
            List<CellRow> rows = new ArrayList<>();
            for (PlannedCell cell : cells) {
                Journal journal = runner.journal(cell, state);
                rows.add(builder(cell).completed(journal, timer.clock(reused(cell, runner))));
            }
            return new Outcome(
                    stage.name(),
                    rows,
                    runner.epochsTrained(),
                    timer.seconds(),
                    null,
                    Journal.EMPTY,
                    null);
        } catch (StageFailedException e) {
            return failed(e.stage(), e.journal(), e.getCause(), timer, runner);
        }
    }

    /**
     * @param runner null where it has nothing to tell
     */
    private Outcome failed(
            Stage at, Journal journal, Throwable thrown, Timer timer, StageRunner runner) {
        FailureReason reason = FailureReason.of(thrown);
        List<CellRow> rows = new ArrayList<>();
        Failure failure = null;
        for (PlannedCell cell : cells) {
            Host host = Host.here(cell.arithmetic().engine());
            failure = RowBuilder.failure(reason, thrown, at, host);
            Journal known = runner == null ? journal : runner.withMeasured(cell, journal);
            boolean reused = runner != null && reused(cell, runner);
            rows.add(builder(cell).failed(known, failure, timer.clock(reused)));
        }
        if (failure == null) {
            failure = RowBuilder.failure(reason, thrown, at, Host.here(""));
        }
        double epochs = runner == null ? 0 : runner.epochsTrained();
        return new Outcome(stage.name(), rows, epochs, timer.seconds(), failure, journal, null);
    }

    private boolean reused(PlannedCell cell, StageRunner runner) {
        return trunkReused && !runner.trained(cell.programme().trunk());
    }

    private Datasets datasets() {
        return DATASETS.computeIfAbsent(
                List.of(String.valueOf(context.dataFolder()), context.hadoop()),
                key ->
                        new Datasets(
                                Optional.ofNullable(context.dataFolder()),
                                context.configuration()));
    }

    private RowBuilder builder(PlannedCell cell) {
        return new RowBuilder(context, cell, attempt, Host.here(cell.arithmetic().engine()));
    }

    /** Since when the task runs. */
    private record Timer(long startedAtMillis, long startedAt) {
        double seconds() {
            return (System.nanoTime() - startedAt) * 1e-9;
        }

        RowBuilder.Clock clock(boolean trunkReused) {
            return new RowBuilder.Clock(startedAtMillis, seconds(), trunkReused);
        }
    }
}
