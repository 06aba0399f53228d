// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.plan.Plan;
import org.espalier.driver.plan.SweepPlanner;
import org.espalier.driver.schedule.Scheduler;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.executors.data.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageStore;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageTree;
import org.espalier.experiments.sweep.FrozenSweep;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.CellRow;
import org.espalier.results.ResultsFolder;

/**
 * Runs a sweep into a folder: freezes it, skips cells that have a row, schedules the rest, keeps
 * rows as they arrive. Stopped at any moment and started again, it goes on.
 */
public final class SweepRun {
    private static final int TASKS_PER_SLOT = 2;
    private static final long STOP_SECONDS = 30;

    private final Sweep sweep;
    private final RunOptions options;
    private final PrintStream out;
    private final Configuration configuration = new Configuration();

    /**
     * @param out for progress and messages
     */
    public SweepRun(Sweep sweep, RunOptions options, PrintStream out) {
        this.sweep = sweep;
        this.options = options;
        this.out = out;
    }

    /**
     * What the folder holds when the run has ended.
     *
     * @param cells of the sweep
     * @param failed of them
     */
    public record Result(int cells, long failed) {}

    /** Runs to the end. */
    public Result run() throws IOException, InterruptedException {
        SweepFolder folder = new SweepFolder(options.out(), configuration);
        try (ResultsFolder results = ResultsFolder.open(folder.path(), configuration)) {
            folder.freeze(FrozenSweep.text(sweep), options.changed());
            Datasets datasets = new Datasets(options.data());
            boolean local = options.master().startsWith("local") && !submitted();
            if (local) { // the executors are this JVM, so Spark need not be started to ask them
                Plan plan = new SweepPlanner(datasets, Engines::resolve).plan(sweep);
                if (waiting(plan, results).isEmpty()) {
                    return report(plan, results, null);
                }
            }
            try (SparkCluster cluster =
                    SparkCluster.start(
                            "espalier " + sweep.name(), options.master(), options.settings())) {
                Plan plan = new SweepPlanner(datasets, cluster::resolve).plan(sweep);
                return report(plan, results, carryOut(plan, results, cluster));
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

    private RunListener carryOut(Plan plan, ResultsFolder results, SparkCluster cluster)
            throws IOException, InterruptedException {
        plan.remarks().forEach(remark -> out.println("espalier: " + remark));
        List<PlannedCell> waiting = waiting(plan, results);
        StageTree tree = StageTree.of(waiting);
        RunContext context =
                new RunContext(
                        sweep.name(),
                        options.data().orElse(null),
                        options.store(),
                        cluster.hadoopSettings(),
                        cluster.version(),
                        cluster.master(),
                        cluster.applicationId());
        if (waiting.size() < plan.cells().size()) {
            out.printf(
                    "espalier: %d of %d cells have a row, %d to go%n",
                    plan.cells().size() - waiting.size(), plan.cells().size(), waiting.size());
        }
        RowSink sink =
                new RowSink(
                        results,
                        options.failed() == RunOptions.Failed.RETRY
                                ? RowSink.Replace.EARLIER_ROWS
                                : RowSink.Replace.NEVER,
                        options.flushRows(),
                        options.flushSeconds());
        Scheduler scheduler =
                new Scheduler(
                        tree,
                        plan.work()::of,
                        context,
                        cluster.runner("espalier " + sweep.name()),
                        () -> TASKS_PER_SLOT * cluster.slots());
        StageStore store = new StageStore(options.store(), context.configuration());
        CountDownLatch flushed = new CountDownLatch(1);
        AtomicBoolean running = new AtomicBoolean(true);
        Thread hook = stopHook(Thread.currentThread(), running, flushed, results, plan);
        Runtime.getRuntime().addShutdownHook(hook);
        try (RunListener listener = new RunListener(out, tree, plan.work(), sink)) {
            scheduler.run(segment -> contains(store, segment.name()), listener);
            running.set(false);
            return listener;
        } finally {
            sink.flush();
            flushed.countDown();
            if (!running.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private static boolean contains(StageStore store, String stage) {
        try {
            return store.contains(stage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On Ctrl-C: stops the scheduler, waits until rows are kept, and says how to go on. */
    private Thread stopHook(
            Thread scheduler,
            AtomicBoolean running,
            CountDownLatch flushed,
            ResultsFolder results,
            Plan plan) {
        return new Thread(
                () -> {
                    if (!running.get()) {
                        return;
                    }
                    scheduler.interrupt();
                    try {
                        boolean kept = flushed.await(STOP_SECONDS, TimeUnit.SECONDS);
                        out.printf(
                                kept
                                        ? "%nespalier: stopped; %d of %d cells have a row in %s; the same command goes on from there%n"
                                        : "%nespalier: stopped before the last rows were written; %d of %d cells have a row in %s; the same command goes on from there%n",
                                rows(plan, results),
                                plan.cells().size(),
                                options.out());
                        out.flush();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "espalier-stop");
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
                    "espalier: all %d cells have a row in %s, nothing to do%n",
                    plan.cells().size(), options.out());
        } else {
            out.printf(
                    "espalier: %d cells in %s; %s%n",
                    plan.cells().size(), options.out(), listener.summary());
        }
        if (failed > 0) {
            out.printf(
                    "espalier: %d cells failed; `espalier show %s` says why, --retry-failed runs them again%n",
                    failed, options.out());
        }
        return new Result(plan.cells().size(), failed);
    }
}
