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
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.espalier.executors.stage.FailureReason;
import org.espalier.executors.stage.Host;
import org.espalier.executors.stage.RowBuilder;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;

/**
 * Carries out the segments of a graph, each after those it needs, with at most {@code window} tasks
 * in flight (asked anew each time, since a cluster may grow). Of the ready segments the one with
 * the most work ahead of it goes first: its own and that of the longest path that needs it. A
 * segment that fails gives every cell that rests on it a row with the same cause.
 */
public final class Scheduler {
    private static final long TICK_MILLIS = 250;

    private final StageGraph graph;
    private final RunContext context;
    private final TaskRunner runner;
    private final IntSupplier window;
    private final Map<String, Double> pathWork = new HashMap<>();
    private final ToIntFunction<PlannedCell> attempts;
    private final Function<PlannedCell, Journal> known;
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private EarlyStop early;
    private volatile boolean stopped;

    /**
     * A task that ended.
     *
     * @param outcome null where the sweep is being stopped
     */
    private record Ended(Segment segment, StageTask.Outcome outcome) {}

    /**
     * A scheduler for one run.
     *
     * @param work multiply-adds of a segment alone
     * @param window most tasks in flight, at least 1
     * @param attempts which attempt at a cell this is, from 1
     * @param known what is known of a cell whose executor was lost
     */
    public Scheduler(
            StageGraph graph,
            ToDoubleFunction<Segment> work,
            RunContext context,
            TaskRunner runner,
            IntSupplier window,
            ToIntFunction<PlannedCell> attempts,
            Function<PlannedCell, Journal> known) {
        this.graph = graph;
        this.context = context;
        this.runner = runner;
        this.window = window;
        this.attempts = attempts;
        this.known = known;
        List<Segment> segments = graph.segments();
        for (int i = segments.size() - 1; i >= 0; i--) { // dependents come after what they need
            Segment segment = segments.get(i);
            double below =
                    graph.dependents(segment).stream()
                            .mapToDouble(c -> pathWork.get(c.name()))
                            .max()
                            .orElse(0);
            pathWork.put(segment.name(), work.applyAsDouble(segment) + below);
        }
    }

    /**
     * Runs until every cell has its row.
     *
     * @param inStore whether the store has all that a segment leaves for others
     * @throws InterruptedException if the sweep is to stop; tasks in flight are left to themselves,
     *     and none of their rows arrives any more
     * @throws StorageException if the store can no longer be used; cells that were under way have
     *     no row
     * @throws PausedException if failures are not those of cells; cells that failed of that cause
     *     have no row
     */
    public void run(Predicate<Segment> inStore, SweepListener listener)
            throws InterruptedException {
        new Run(inStore, listener).toTheEnd();
    }

    /**
     * Makes {@link #run} pause where failures come in a way that is not the cells'. Rows of failed
     * cells then wait a minute before they arrive, or until the end, so that none is burnt.
     */
    public Scheduler pausing(EarlyStop by) {
        early = by;
        return this;
    }

    /**
     * Makes {@link #run} end soon, from any thread. Unlike an interrupt it breaks no write of rows.
     */
    public void stop() {
        stopped = true;
    }

    /** A row of a failed cell that may yet turn out not to be the cell's fault. */
    private record Held(CellRow row, String cause, long at) {}

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** One run: what is ready, what is waited for, what came from the store. */
    private final class Run {
        private final Predicate<Segment> inStore;
        private final SweepListener listener;
        private final PriorityQueue<Segment> ready =
                new PriorityQueue<>(
                        Comparator.comparingDouble((Segment s) -> -pathWork.get(s.name()))
                                .thenComparing(Segment::name));
        private final Map<String, Integer> missing = new HashMap<>();
        private final Set<String> reused = new HashSet<>();
        private final Set<String> failed = new HashSet<>();
        private final List<Held> held = new ArrayList<>();
        private int inFlight;

        Run(Predicate<Segment> inStore, SweepListener listener) {
            this.inStore = inStore;
            this.listener = listener;
        }

        void toTheEnd() throws InterruptedException {
            for (Segment segment : graph.segments()) {
                missing.put(segment.name(), segment.needs().size());
            }
            for (Segment segment : graph.segments()) {
                if (segment.needs().isEmpty()) {
                    release(segment);
                }
            }
            ExecutorService threads = Executors.newCachedThreadPool(Scheduler::daemon);
            try {
                while (inFlight > 0 || !ready.isEmpty()) {
                    while (inFlight < window.getAsInt() && !ready.isEmpty()) {
                        Segment segment = ready.remove();
                        StageTask task = task(segment);
                        threads.execute(() -> ended.add(carryOut(segment, task)));
                        inFlight++;
                    }
                    Ended next = ended.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                    if (stopped) {
                        throw new InterruptedException("the sweep was stopped");
                    }
                    if (next != null) {
                        inFlight--;
                        handle(next);
                    }
                    deliver(now() - EarlyStop.WITHIN_MILLIS);
                    listener.tick();
                }
                deliver(Long.MAX_VALUE);
            } finally {
                threads.shutdownNow();
            }
        }

        /** Everything that a segment needs is there. */
        private void release(Segment segment) {
            if (segment.leavesSnapshot() && segment.cells().isEmpty() && inStore.test(segment)) {
                reused.add(segment.name());
                listener.reused(segment);
                releaseDependents(segment);
            } else {
                ready.add(segment);
            }
        }

        private void releaseDependents(Segment segment) {
            for (Segment dependent : graph.dependents(segment)) {
                if (missing.merge(dependent.name(), -1, Integer::sum) == 0
                        && !failed.contains(dependent.name())) {
                    release(dependent);
                }
            }
        }

        private void handle(Ended next) {
            Segment segment = next.segment();
            StageTask.Outcome outcome = next.outcome();
            if (outcome.storage() != null) {
                throw new StorageException(outcome.storage(), null);
            }
            watch(segment, outcome);
            arrived(outcome.rows(), outcome.failure());
            if (segment.leavesSnapshot()) {
                listener.ended(segment, outcome);
            }
            if (outcome.failure() != null) {
                graph.dependents(segment).forEach(d -> fail(d, outcome));
            } else {
                if (outcome.epochsTrained() == 0) {
                    reused.add(segment.name()); // somebody else has made it meanwhile
                }
                releaseDependents(segment);
            }
        }

        private void fail(Segment segment, StageTask.Outcome cause) {
            if (failed.add(segment.name())) {
                arrived(
                        failedRows(
                                segment, cause.failure(), cell -> cause.journal(), Host.gone(null)),
                        cause.failure());
                graph.dependents(segment).forEach(d -> fail(d, cause));
            }
        }

        private void arrived(List<CellRow> rows, Failure failure) {
            if (early == null || failure == null || !EarlyStop.counts(failure)) {
                rows.forEach(listener::rowArrived);
            } else {
                rows.forEach(row -> held.add(new Held(row, EarlyStop.cause(failure), now())));
            }
        }

        /** Rows that have waited since then, or longer, are the cells' own. */
        private void deliver(long since) {
            held.removeIf(
                    waiting -> {
                        if (waiting.at <= since) {
                            listener.rowArrived(waiting.row);
                            return true;
                        }
                        return false;
                    });
        }

        private void watch(Segment segment, StageTask.Outcome outcome) {
            if (early == null) {
                return;
            }
            boolean trunk = segment.cells().isEmpty() && segment.needs().isEmpty();
            if (outcome.failure() == null) {
                String host =
                        outcome.rows().isEmpty() ? null : outcome.rows().get(0).provenance().host();
                early.wentWell(trunk, host);
                return;
            }
            early.failed(outcome.failure(), trunk, trunk ? seed(segment) : 0, now())
                    .ifPresent(
                            why -> {
                                String cause = EarlyStop.cause(outcome.failure());
                                held.removeIf(waiting -> waiting.cause.equals(cause));
                                deliver(Long.MAX_VALUE);
                                throw new PausedException(why);
                            });
        }

        private long seed(Segment segment) {
            return segment.cells().isEmpty()
                    ? seed(graph.dependents(segment).iterator().next())
                    : segment.cells().get(0).cell().seed();
        }

        private StageTask task(Segment segment) {
            Set<String> kept = new HashSet<>();
            segment.needs().forEach(need -> kept.add(need.name()));
            if (segment.leavesSnapshot()) {
                kept.add(segment.name());
            }
            return new StageTask(
                    segment.last(),
                    segment.cells(),
                    segment.measures(),
                    kept,
                    context,
                    segment.cells().stream().mapToInt(attempts).max().orElse(1),
                    segment.cells().stream()
                            .anyMatch(c -> reused.contains(c.programme().trunk().name())));
        }
    }

    private List<CellRow> failedRows(
            Segment segment, Failure cause, Function<PlannedCell, Journal> journals, Host host) {
        RowBuilder.Clock clock = new RowBuilder.Clock(System.currentTimeMillis(), 0, false);
        return segment.cells().stream()
                .map(
                        c ->
                                new RowBuilder(context, c, attempts.applyAsInt(c), host)
                                        .failed(journals.apply(c), cause, clock))
                .toList();
    }

    /** Ends with something whatever happens: the scheduler waits for it. */
    private Ended carryOut(Segment segment, StageTask task) {
        try {
            return new Ended(segment, runner.run(task, description(segment)));
        } catch (InterruptedException e) {
            stop();
            return new Ended(segment, null);
        } catch (RuntimeException | Error e) {
            return new Ended(segment, failed(segment, FailureReason.of(e), e, Host.gone(null)));
        } catch (LostExecutorException e) {
            Host host = Host.gone(e.host());
            return new Ended(
                    segment, failed(segment, FailureReason.EXECUTOR_LOST, e.getCause(), host));
        }
    }

    private StageTask.Outcome failed(
            Segment segment, FailureReason reason, Throwable thrown, Host host) {
        Failure failure = RowBuilder.failure(reason, thrown, segment.last(), host);
        return new StageTask.Outcome(
                segment.name(),
                failedRows(segment, failure, known, host),
                0,
                0,
                failure,
                Journal.EMPTY,
                null);
    }

    private static String description(Segment segment) {
        String what =
                segment.cells().isEmpty()
                        ? "trunk " + segment.last().initial().architecture()
                        : Cells.text(segment.cells().get(0).cell());
        return what + " [" + segment.name().substring(0, 8) + "]";
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "sweep-task");
        thread.setDaemon(true);
        return thread;
    }
}
