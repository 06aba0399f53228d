// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.espalier.executors.stage.FailureReason;
import org.espalier.executors.stage.RowBuilder;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageTree;
import org.espalier.experiments.stage.StageTree.Segment;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;

/**
 * Carries out the segments of a tree, each after its parent, with at most {@code window} tasks in
 * flight (asked anew each time, since a cluster may grow). Of the ready segments the one with the
 * most work ahead of it goes first: its own and that of the longest path below it. A segment that
 * fails gives every cell below it a row with the same cause.
 */
public final class Scheduler {
    private static final long TICK_MILLIS = 250;

    private final StageTree tree;
    private final RunContext context;
    private final TaskRunner runner;
    private final IntSupplier window;
    private final Map<String, Double> pathWork = new HashMap<>();
    private final ToIntFunction<PlannedCell> attempts;
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private volatile boolean stopped;

    /**
     * @param outcome null where the sweep is being stopped
     */
    private record Ended(Segment segment, StageTask.Outcome outcome) {}

    /**
     * @param work multiply-adds of a segment alone
     * @param window most tasks in flight, at least 1
     * @param attempts which attempt at a cell this is, from 1
     */
    public Scheduler(
            StageTree tree,
            ToDoubleFunction<Segment> work,
            RunContext context,
            TaskRunner runner,
            IntSupplier window,
            ToIntFunction<PlannedCell> attempts) {
        this.tree = tree;
        this.context = context;
        this.runner = runner;
        this.window = window;
        this.attempts = attempts;
        List<Segment> segments = tree.segments();
        for (int i = segments.size() - 1; i >= 0; i--) { // children come after their parents
            Segment segment = segments.get(i);
            double below =
                    tree.children(segment).stream()
                            .mapToDouble(c -> pathWork.get(c.name()))
                            .max()
                            .orElse(0);
            pathWork.put(segment.name(), work.applyAsDouble(segment) + below);
        }
    }

    /**
     * Runs until every cell has its row.
     *
     * @param inStore whether the store has the snapshot of a trunk
     * @throws InterruptedException if the sweep is to stop; tasks in flight are left to themselves,
     *     and none of their rows arrives any more
     */
    public void run(Predicate<Segment> inStore, SweepListener listener)
            throws InterruptedException {
        PriorityQueue<Segment> ready =
                new PriorityQueue<>(
                        Comparator.comparingDouble((Segment s) -> -pathWork.get(s.name()))
                                .thenComparing(Segment::name));
        Set<String> reused = new HashSet<>();
        for (Segment segment : tree.segments()) {
            if (segment.parent() == null) {
                release(segment, inStore, listener, ready, reused);
            }
        }
        ExecutorService threads = Executors.newCachedThreadPool(Scheduler::daemon);
        int inFlight = 0;
        try {
            while (inFlight > 0 || !ready.isEmpty()) {
                while (inFlight < window.getAsInt() && !ready.isEmpty()) {
                    Segment segment = ready.remove();
                    StageTask task = task(segment, reused);
                    threads.execute(() -> ended.add(carryOut(segment, task)));
                    inFlight++;
                }
                Ended next = ended.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (stopped) {
                    throw new InterruptedException("the sweep was stopped");
                }
                if (next != null) {
                    inFlight--;
                    handle(next, inStore, listener, ready, reused);
                }
                listener.tick();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Makes {@link #run} end soon, from any thread. Unlike an interrupt it breaks no write of rows.
     */
    public void stop() {
        stopped = true;
    }

    private void release(
            Segment segment,
            Predicate<Segment> inStore,
            SweepListener listener,
            PriorityQueue<Segment> ready,
            Set<String> reused) {
        if (segment.leavesSnapshot() && segment.cells().isEmpty() && inStore.test(segment)) {
            reused.add(segment.name());
            listener.trunkReused(segment);
            for (Segment child : tree.children(segment)) {
                release(child, inStore, listener, ready, reused);
            }
        } else {
            ready.add(segment);
        }
    }

    private void handle(
            Ended next,
            Predicate<Segment> inStore,
            SweepListener listener,
            PriorityQueue<Segment> ready,
            Set<String> reused) {
        Segment segment = next.segment();
        next.outcome().rows().forEach(listener::rowArrived);
        if (segment.leavesSnapshot()) {
            listener.trunkEnded(segment, next.outcome());
        }
        for (Segment child : tree.children(segment)) {
            if (next.outcome().failure() == null) {
                release(child, inStore, listener, ready, reused);
            } else {
                fail(child, next.outcome().failure(), listener);
            }
        }
    }

    private void fail(Segment segment, Failure cause, SweepListener listener) {
        failedRows(segment, cause).forEach(listener::rowArrived);
        tree.children(segment).forEach(child -> fail(child, cause, listener));
    }

    private List<CellRow> failedRows(Segment segment, Failure cause) {
        RowBuilder.Clock clock = new RowBuilder.Clock(System.currentTimeMillis(), 0, false);
        return segment.cells().stream()
                .map(c -> new RowBuilder(context, c, attempts.applyAsInt(c)).failed(cause, clock))
                .toList();
    }

    private StageTask task(Segment segment, Set<String> reused) {
        return new StageTask(
                segment.last(),
                segment.cells(),
                segment.leavesSnapshot() ? StageTask.Keep.SNAPSHOT : StageTask.Keep.NOTHING,
                context,
                segment.cells().stream().mapToInt(attempts).max().orElse(1),
                segment.parent() != null && reused.contains(segment.parent().name()));
    }

    /** Ends with something whatever happens: the scheduler waits for it. */
    private Ended carryOut(Segment segment, StageTask task) {
        try {
            return new Ended(segment, runner.run(task, description(segment)));
        } catch (InterruptedException e) {
            stop();
            return new Ended(segment, null);
        } catch (RuntimeException | Error e) {
            return new Ended(segment, failed(segment, FailureReason.of(e), e));
        } catch (Exception e) {
            return new Ended(segment, failed(segment, FailureReason.EXECUTOR_LOST, e));
        }
    }

    private StageTask.Outcome failed(Segment segment, FailureReason reason, Throwable thrown) {
        Failure failure = RowBuilder.failure(reason, thrown, segment.last());
        return new StageTask.Outcome(segment.name(), failedRows(segment, failure), 0, 0, failure);
    }

    private static String description(Segment segment) {
        String what =
                segment.cells().isEmpty()
                        ? "trunk " + segment.last().root().architecture()
                        : Cells.text(segment.cells().get(0).cell());
        return what + " [" + segment.name().substring(0, 8) + "]";
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "sweep-task");
        thread.setDaemon(true);
        return thread;
    }
}
