// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import java.util.ArrayList;
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
import org.espalier.executors.stage.RowBuilder;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageTree;
import org.espalier.experiments.stage.StageTree.Segment;
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
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    private record Ended(Segment segment, StageTask.Outcome outcome) {}

    /**
     * @param work multiply-adds of a segment alone
     * @param window most tasks in flight, at least 1
     */
    public Scheduler(
            StageTree tree,
            ToDoubleFunction<Segment> work,
            RunContext context,
            TaskRunner runner,
            IntSupplier window) {
        this.tree = tree;
        this.context = context;
        this.runner = runner;
        this.window = window;
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
     * @throws InterruptedException if the sweep is to stop; tasks in flight are left to themselves
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
                    threads.execute(() -> ended.add(new Ended(segment, outcome(segment, task))));
                    inFlight++;
                }
                Ended next = ended.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
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
        for (PlannedCell cell : segment.cells()) {
            RowBuilder.Clock clock = new RowBuilder.Clock(System.currentTimeMillis(), 0, false);
            listener.rowArrived(new RowBuilder(context, cell, 1).failed(cause, clock));
        }
        tree.children(segment).forEach(child -> fail(child, cause, listener));
    }

    private StageTask task(Segment segment, Set<String> reused) {
        return new StageTask(
                segment.last(),
                segment.cells(),
                segment.leavesSnapshot() ? StageTask.Keep.SNAPSHOT : StageTask.Keep.NOTHING,
                context,
                1,
                segment.parent() != null && reused.contains(segment.parent().name()));
    }

    private StageTask.Outcome outcome(Segment segment, StageTask task) {
        try {
            return runner.run(task, description(segment));
        } catch (Exception e) {
            Failure failure = RowBuilder.failure(e, segment.last());
            List<org.espalier.results.CellRow> rows = new ArrayList<>();
            for (PlannedCell cell : segment.cells()) {
                RowBuilder.Clock clock = new RowBuilder.Clock(System.currentTimeMillis(), 0, false);
                rows.add(new RowBuilder(context, cell, 1).failed(failure, clock));
            }
            return new StageTask.Outcome(segment.name(), rows, 0, 0, failure);
        }
    }

    private static String description(Segment segment) {
        String what =
                segment.cells().isEmpty()
                        ? "trunk " + segment.last().root().architecture()
                        : org.espalier.experiments.stage.Cells.text(segment.cells().get(0).cell());
        return what + " [" + segment.name().substring(0, 8) + "]";
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "sweep-task");
        thread.setDaemon(true);
        return thread;
    }
}
