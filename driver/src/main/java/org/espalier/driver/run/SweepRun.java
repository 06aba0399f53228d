// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.log.RunLog;
import org.espalier.driver.plan.Plan;
import org.espalier.driver.plan.SlotMemory;
import org.espalier.driver.plan.SweepPlanner;
import org.espalier.driver.schedule.EarlyStop;
import org.espalier.driver.schedule.PausedException;
import org.espalier.driver.schedule.Scheduler;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.machine.BadMachineException;
import org.espalier.executors.machine.NativeFolder;
import org.espalier.executors.machine.Probe;
import org.espalier.executors.stage.KnownJournals;
import org.espalier.executors.stage.RowBuilder;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.store.StageStore;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.sweep.FrozenSweep;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.CellRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.RowOrigin;
import org.espalier.results.text.Text;

/**
 * Runs a sweep into a folder: freezes it, skips cells that have a row, schedules the rest, keeps
 * rows as they arrive. Stopped at any moment and started again, it goes on.
 */
public final class SweepRun {
    private static final int TASKS_PER_SLOT = 2;
    private static final long STOP_SECONDS = 30;

    private final Sweep sweep;
    private final RunOptions options;
    private final RunLog log;
    private final PrintStream out;
    private final Configuration configuration;

    /**
     * @param out for progress and messages
     */
    public SweepRun(Sweep sweep, RunOptions options, PrintStream out) {
        this(sweep, options, RunLog.none(out));
    }

    /**
     * @param log for progress, messages and all that libraries say; the caller closes it
     */
    public SweepRun(Sweep sweep, RunOptions options, RunLog log) {
        this.sweep = sweep;
        this.options = options;
        this.log = log;
        out = log.out();
        this.configuration = HadoopSettings.configuration(options.settings());
    }

    /**
     * What the folder holds when the run has ended.
     *
     * @param cells of the sweep
     * @param failed of them
     */
    public record Result(int cells, long failed) {}

    /** Runs to the end. A sweep that cannot be planned leaves the folder as it was. */
    public Result run() throws IOException, InterruptedException {
        NativeFolder.choose(options.store()).ifPresent(this::say); // before anything is loaded
        Datasets datasets = new Datasets(options.data(), configuration);
        // Local executors are this JVM, so Spark need not be started to ask them.
        boolean local = options.master().startsWith("local") && !submitted();
        Plan draft =
                new SweepPlanner(
                                datasets,
                                local
                                        ? Engines::resolve
                                        : asked -> new Engines.Resolved(asked, asked, ""),
                                local ? SlotMemory.of(options.master()) : OptionalLong.empty())
                        .plan(sweep);
        SweepFolder folder = new SweepFolder(options.out(), configuration);
        String text = folder.same(sweep).orElseGet(() -> FrozenSweep.text(sweep));
        folder.check(text, options.changed());
        List<String> columns = folder.columnsOfPath();
        if (!columns.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "espalier: DuckDB takes %s in the path of the results for columns of every row; read"
                            + " them with read_parquet('%s/results/*.parquet', hive_partitioning=false)%n",
                    String.join(" and ", columns),
                    options.out());
        }
        try (ResultsFolder results = ResultsFolder.open(folder.path(), configuration)) {
            if (local && waiting(draft, results).isEmpty()) {
                folder.freeze(text);
                return report(draft, results, null);
            }
            if (local) {
                refuseOtherVersions(draft, results);
            }
            try (SparkCluster cluster =
                    SparkCluster.start(
                            "espalier " + sweep.name(), options.master(), options.settings())) {
                Plan plan =
                        local ? draft : new SweepPlanner(datasets, cluster::resolve).plan(sweep);
                if (!local) {
                    refuseOtherVersions(plan, results);
                }
                RunContext context = context(cluster);
                log.keepIn(folder.path(), configuration);
                try {
                    probe(plan, results, context, local);
                    folder.freeze(text); // the last thing that could refuse the run has not
                    return report(plan, results, carryOut(plan, results, cluster, context));
                } finally {
                    log.silence(); // before Spark goes down
                }
            }
        }
    }

    private static boolean submitted() {
        return System.getProperty("spark.master") != null;
    }

    private List<PlannedCell> waiting(Plan plan, ResultsFolder results) {
        Map<String, CellRow.Status> rows = results.cells();
        return plan.cells().stream()
                .filter(
                        c -> {
                            CellRow.Status status = rows.get(c.id());
                            return status == null
                                    || status == CellRow.Status.FAILED
                                            && options.failed() == RunOptions.Failed.RETRY;
                        })
                .toList();
    }

    /** Tries all that the first row will need; executors elsewhere are not this machine. */
    private void probe(Plan plan, ResultsFolder results, RunContext context, boolean local)
            throws IOException {
        List<PlannedCell> waiting = waiting(plan, results);
        if (waiting.isEmpty()) {
            return;
        }
        results.probe(RowBuilder.probing(context, waiting.get(0)));
        results.remarks().forEach(this::say);
        Set<String> engines = new HashSet<>();
        if (local) {
            waiting.forEach(cell -> engines.add(cell.arithmetic().engine()));
        }
        new Probe(context, engines).run().forEach(this::say);
    }

    private void say(String remark) {
        out.println("espalier: " + remark);
    }

    /**
     * Rows that failed count in no mean, so a retry may leave those of another version beside its
     * own.
     */
    private void refuseOtherVersions(Plan plan, ResultsFolder results) {
        if (options.changed() == RunOptions.Changed.EXTEND) {
            return;
        }
        Map<String, RowOrigin> rows = new HashMap<>(results.origins());
        if (options.failed() == RunOptions.Failed.RETRY) {
            results.cells()
                    .forEach(
                            (cell, status) -> {
                                if (status == CellRow.Status.FAILED) {
                                    rows.remove(cell);
                                }
                            });
        }
        new OtherVersions(options.out(), rows.values()).refuse(waiting(plan, results));
    }

    private RunContext context(SparkCluster cluster) {
        return new RunContext(
                sweep.name(),
                options.dataForExecutors().orElse(null),
                options.store(),
                cluster.hadoopSettings(),
                cluster.version(),
                cluster.master(),
                cluster.applicationId());
    }

    private RunListener carryOut(
            Plan plan, ResultsFolder results, SparkCluster cluster, RunContext context)
            throws IOException, InterruptedException {
        plan.remarks().forEach(this::say);
        List<PlannedCell> waiting = waiting(plan, results);
        StageGraph graph = StageGraph.of(waiting);
        StageStore store = context.stages();
        if (waiting.size() < plan.cells().size()) {
            out.printf(
                    Locale.ROOT,
                    "espalier: %s, %d to go%n",
                    haveARow(plan.cells().size() - waiting.size(), plan),
                    waiting.size());
        }
        Scheduler scheduler =
                new Scheduler(
                        graph,
                        plan.work()::of,
                        context,
                        cluster.runner("espalier " + sweep.name()),
                        () -> TASKS_PER_SLOT * cluster.slots(),
                        attempts(results),
                        cell -> new KnownJournals(store).of(cell));
        if (options.failures() == RunOptions.Failures.PAUSE) {
            scheduler.pausing(
                    new EarlyStop(
                            waiting.stream().map(c -> c.cell().seed()).distinct().count() > 1));
        }
        Stop stop = new Stop(scheduler, log, () -> stopped(plan, results));
        Runtime.getRuntime().addShutdownHook(stop);
        try (RowSink sink = sink(results);
                RunListener listener = new RunListener(out, graph, plan.work(), sink)) {
            scheduler.run(segment -> contains(store, segment), listener);
            return listener;
        } catch (StorageException e) {
            throw new StorageException(
                    Text.of(
                            "%s; the sweep stops, cells that were under way have no row, and the same command does them",
                            e.getMessage()),
                    e);
        } catch (PausedException e) {
            throw new BadMachineException(
                    Text.of(
                            "%s; the sweep pauses, cells that failed so have no row, and once that is mended the same command does them (--keep-going gives them rows instead)",
                            e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            if (stop.requested()) {
                throw e;
            }
            throw new BadMachineException(
                    "Spark stopped before all cells had run; rows so far are kept, the same command goes on from there",
                    e);
        } finally {
            stop.flushed();
        }
    }

    private RowSink sink(ResultsFolder results) {
        return new RowSink(
                results,
                options.out(),
                options.failed() == RunOptions.Failed.RETRY
                        ? RowSink.Replace.EARLIER_ROWS
                        : RowSink.Replace.NEVER,
                options.flushRows(),
                options.flushSeconds());
    }

    private void stopped(Plan plan, ResultsFolder results) {
        out.printf(
                Locale.ROOT,
                "%nespalier: stopped; %s in %s; the same command goes on from there%n",
                haveARow(rows(plan, results), plan),
                options.out());
        out.flush();
    }

    private static String haveARow(long rows, Plan plan) {
        return Text.of(
                "%d of %s %s a row",
                rows, Text.count(plan.cells().size(), "cell"), rows == 1 ? "has" : "have");
    }

    /** On Ctrl-C: stops the scheduler, waits until rows are kept, and says how to go on. */
    private static final class Stop extends Thread {
        private final Scheduler scheduler;
        private final RunLog log;
        private final Runnable said;
        private final CountDownLatch flushed = new CountDownLatch(1);
        private volatile boolean requested;

        Stop(Scheduler scheduler, RunLog log, Runnable said) {
            super("espalier-stop");
            this.scheduler = scheduler;
            this.log = log;
            this.said = said;
        }

        @Override
        public void run() {
            requested = true;
            log.silence();
            scheduler.stop();
            try {
                if (flushed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                    said.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        boolean requested() {
            return requested;
        }

        /** Rows are kept: nothing is left to wait for. */
        void flushed() {
            flushed.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(this);
            } catch (IllegalStateException e) {
                requested = true; // the JVM is going down, this thread runs or will
            }
        }
    }

    /** One more than the attempts that the cell's row tells of. */
    private ToIntFunction<PlannedCell> attempts(ResultsFolder results) throws IOException {
        Map<String, Integer> before = new HashMap<>();
        if (options.failed() == RunOptions.Failed.RETRY) {
            results.forEach(row -> before.put(row.cellId(), row.attempt()));
        }
        return cell -> before.getOrDefault(cell.id(), 0) + 1;
    }

    /** Whether all is there that a segment leaves for others: its network and what was measured. */
    private static boolean contains(StageStore store, Segment segment) {
        return store.contains(segment.name())
                && segment.measures().stream().allMatch(m -> store.contains(m.name()));
    }

    private static long rows(Plan plan, ResultsFolder results) {
        Set<String> there = new HashSet<>(results.cells().keySet());
        return plan.cells().stream().filter(c -> there.contains(c.id())).count();
    }

    private Result report(Plan plan, ResultsFolder results, RunListener listener) {
        Map<String, CellRow.Status> rows = results.cells();
        long failed =
                plan.cells().stream()
                        .filter(c -> rows.get(c.id()) == CellRow.Status.FAILED)
                        .count();
        if (listener == null) {
            out.printf(
                    Locale.ROOT,
                    "espalier: %s in %s, nothing to do%n",
                    plan.cells().size() == 1
                            ? haveARow(1, plan)
                            : Text.of("all %d cells have a row", plan.cells().size()),
                    options.out());
        } else {
            out.printf(
                    Locale.ROOT,
                    "espalier: %s in %s; %s%n",
                    Text.count(plan.cells().size(), "cell"),
                    options.out(),
                    listener.summary());
        }
        if (failed > 0) {
            out.printf(
                    Locale.ROOT,
                    "espalier: %s failed; `espalier show %s` says why, --retry-failed runs what failed again%n",
                    Text.count(failed, "cell"),
                    options.out());
        }
        return new Result(plan.cells().size(), failed);
    }
}
