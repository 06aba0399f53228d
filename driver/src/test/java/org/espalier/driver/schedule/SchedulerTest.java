// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageTree;
import org.espalier.experiments.stage.StageTree.Segment;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SchedulerTest {
    private static final RunContext CONTEXT =
            new RunContext("sweep", null, "store", Map.of(), "3.5", "fake", "app");

    private final List<String> started = Collections.synchronizedList(new ArrayList<>());
    private final Recorder recorder = new Recorder();

    /** What a listener was told, in order. */
    private static final class Recorder implements SweepListener {
        final List<CellRow> rows = new ArrayList<>();
        final List<String> trunksEnded = new ArrayList<>();
        final List<String> trunksReused = new ArrayList<>();
        int ticks;

        @Override
        public void trunkReused(Segment trunk) {
            trunksReused.add(trunk.name());
        }

        @Override
        public void trunkEnded(Segment trunk, StageTask.Outcome outcome) {
            trunksEnded.add(trunk.name());
        }

        @Override
        public void rowArrived(CellRow row) {
            rows.add(row);
        }

        @Override
        public void tick() {
            ticks++;
        }
    }

    @Test
    void theLongestPathGoesFirst() throws Exception {
        // trunk and branch of seed 1: 2 + 9, of seed 2: 1 + 1, of seed 3: 7.5 + 0.5
        List<PlannedCell> cells =
                List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1), cell("0.5", 3, 1, 1));
        StageTree tree = StageTree.of(cells);
        ToDoubleFunction<Segment> work =
                s ->
                        switch ((int) s.last().root().seed()) {
                            case 1 -> s.leavesSnapshot() ? 2 : 9;
                            case 2 -> 1;
                            default -> s.leavesSnapshot() ? 7.5 : 0.5;
                        };

        scheduler(tree, work, this::complete, 1).run(s -> false, recorder);

        assertThat(started).hasSize(6);
        assertThat(seedsOf(tree, started)).containsExactly(1L, 1L, 3L, 2L, 2L, 3L);
    }

    @Test
    void noMoreThanTheWindowRunsAtOnceAndItMayGrow() throws Exception {
        List<PlannedCell> cells = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            cells.add(cell("0.5", seed, 1, 1));
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger over = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        TaskRunner runner =
                (task, text) -> {
                    int now = running.incrementAndGet();
                    most.accumulateAndGet(now, Math::max);
                    if (done.get() < 6 && now > 2) {
                        over.incrementAndGet();
                    }
                    Thread.sleep(5);
                    running.decrementAndGet();
                    done.incrementAndGet();
                    return complete(task, text);
                };

        new Scheduler(
                        StageTree.of(cells),
                        s -> 1,
                        CONTEXT,
                        runner,
                        () -> done.get() < 6 ? 2 : 5,
                        c -> 1)
                .run(s -> false, recorder);

        assertThat(over.get()).isZero();
        assertThat(most.get()).isBetween(3, 5);
        assertThat(recorder.rows).hasSize(12);
    }

    /** Nothing waits for a level: the first trunk's branches run while the second trunk does. */
    @Test
    void branchesAreReleasedAsTheirTrunkEnds() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        StageTree tree = StageTree.of(cells);
        CountDownLatch branchDone = new CountDownLatch(1);
        TaskRunner runner =
                (task, text) -> {
                    boolean trunk = task.cells().isEmpty();
                    if (trunk && task.stage().root().seed() == 2) {
                        assertThat(branchDone.await(20, TimeUnit.SECONDS)).isTrue();
                    } else if (!trunk && task.stage().root().seed() == 1) {
                        branchDone.countDown();
                    }
                    return complete(task, text);
                };

        scheduler(tree, s -> 1, runner, 2).run(s -> false, recorder);

        assertThat(recorder.rows)
                .extracting(CellRow::cellId)
                .containsExactly(cells.get(0).id(), cells.get(1).id());
    }

    @Test
    void trunksInTheStoreAreNotRun() throws Exception {
        StageTree tree = StageTree.of(List.of(cell("0.5", 1, 2, 1), cell("0.5", 1, 4, 1)));
        Set<String> there = Set.of(tree.trunks().get(0).name());
        List<Boolean> reused = Collections.synchronizedList(new ArrayList<>());
        TaskRunner runner =
                (task, text) -> {
                    if (!task.cells().isEmpty()) {
                        reused.add(task.trunkReused());
                    }
                    return complete(task, text);
                };

        scheduler(tree, s -> 1, runner, 1).run(s -> there.contains(s.name()), recorder);

        assertThat(recorder.trunksReused).containsExactlyElementsOf(there);
        assertThat(recorder.trunksEnded).containsExactly(tree.trunks().get(1).name());
        assertThat(reused).containsExactlyInAnyOrder(true, false);
        assertThat(recorder.rows).hasSize(2);
    }

    @Test
    void aFailedTrunkGivesEachOfItsCellsOneRowWithOneCause() throws Exception {
        List<PlannedCell> cells =
                List.of(
                        cell("0.5", 1, 2, 1),
                        cell("0.9", 1, 2, 1),
                        cell("0.5", 1, 4, 1), // its trunk goes on from the failed one
                        cell("0.5", 2, 2, 1));
        StageTree tree = StageTree.of(cells);
        String failing = tree.trunks().get(0).name();
        TaskRunner runner =
                (task, text) ->
                        task.stage().name().equals(failing) ? failed(task) : complete(task, text);

        scheduler(tree, s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows.stream().filter(r -> r.failure() != null))
                .hasSize(3)
                .allMatch(r -> r.failure().causeId().equals("cause of " + failing));
    }

    @Test
    void aLostExecutorIsNoFaultOfTheCell() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.9", 1, 1, 1));
        StageTree tree = StageTree.of(cells);
        TaskRunner runner =
                (task, text) -> {
                    if (task.cells().isEmpty()) {
                        return complete(task, text);
                    }
                    throw new java.io.IOException("ExecutorLostFailure: exited with 137");
                };

        scheduler(tree, s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows)
                .allSatisfy(
                        row -> {
                            assertThat(row.failure().reason()).isEqualTo("EXECUTOR_LOST");
                            assertThat(row.failure().message()).contains("exited with 137");
                            assertThat(row.failure().causeId())
                                    .isEqualTo(row.stages().get(row.stages().size() - 1));
                        });
    }

    /** Errors too: a thread that died of one would be waited for without end. */
    @Test
    void aFaultOfOursIsCalledOne() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        TaskRunner runner =
                (task, text) -> {
                    if (task.stage().root().seed() == 1) {
                        throw new IllegalStateException("different jars");
                    }
                    throw new AssertionError("cannot happen");
                };

        scheduler(StageTree.of(cells), s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows).extracting(r -> r.failure().reason()).containsOnly("BUG");
    }

    @Test
    void rowsTellTheAttempt() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        TaskRunner runner =
                (task, text) ->
                        task.stage().root().seed() == 1 ? failed(task) : complete(task, text);

        new Scheduler(
                        StageTree.of(cells),
                        s -> 1,
                        CONTEXT,
                        runner,
                        () -> 1,
                        c -> (int) c.cell().seed() + 1)
                .run(s -> false, recorder);

        assertThat(recorder.rows).allMatch(row -> row.attempt() == row.seed() + 1);
    }

    @Test
    void stoppedItEndsSoonAndNoRowArrivesAnyMore() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Scheduler scheduler =
                scheduler(
                        StageTree.of(List.of(cell("0.5", 1, 1, 1))),
                        s -> 1,
                        (task, text) -> {
                            inside.countDown();
                            never.await();
                            return complete(task, text);
                        },
                        1);
        Thread stopper =
                new Thread(
                        () -> {
                            try {
                                inside.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            scheduler.stop();
                        });
        stopper.start();

        assertThatThrownBy(() -> scheduler.run(s -> false, recorder))
                .isInstanceOf(InterruptedException.class);
        assertThat(recorder.rows).isEmpty();
        stopper.join();
    }

    @Test
    void interruptedItEndsAtOnce() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(
                        () ->
                                scheduler(
                                                StageTree.of(List.of(cell("0.5", 1, 1, 1))),
                                                s -> 1,
                                                this::complete,
                                                1)
                                        .run(s -> false, recorder))
                .isInstanceOf(InterruptedException.class);
        assertThat(recorder.rows).isEmpty();
    }

    /** Where the cluster itself stops, nobody is to blame. */
    @Test
    void aClusterThatStopsGivesNoRows() {
        TaskRunner runner =
                (task, text) -> {
                    throw new InterruptedException("Spark has stopped");
                };
        StageTree tree = StageTree.of(List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1)));

        assertThatThrownBy(() -> scheduler(tree, s -> 1, runner, 2).run(s -> false, recorder))
                .isInstanceOf(InterruptedException.class);
        assertThat(recorder.rows).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void everyPlannedCellEndsInOneRow(long seed) throws Exception {
        RandomStream random = new RandomStream(seed);
        Map<String, PlannedCell> cells = new java.util.LinkedHashMap<>();
        int count = 1 + random.nextInt(80);
        for (int i = 0; i < count; i++) {
            PlannedCell made =
                    cell(
                            "0." + (1 + random.nextInt(5)),
                            random.nextInt(4),
                            1 + random.nextInt(3),
                            1 + random.nextInt(3));
            cells.put(made.id(), made);
        }
        StageTree tree = StageTree.of(cells.values());
        Set<String> failing = new HashSet<>();
        Set<String> lost = new HashSet<>();
        Set<String> there = new HashSet<>();
        for (Segment segment : tree.segments()) {
            int fate = random.nextInt(10);
            (fate == 0 ? failing : fate == 1 ? lost : fate == 2 ? there : new HashSet<String>())
                    .add(segment.name());
        }
        Set<String> ended = Collections.synchronizedSet(new HashSet<>(there));
        TaskRunner runner =
                (task, text) -> {
                    String name = task.stage().name();
                    if (lost.contains(name)) {
                        throw new Exception("lost");
                    }
                    StageTask.Outcome outcome =
                            failing.contains(name) ? failed(task) : complete(task, text);
                    ended.add(name);
                    return outcome;
                };

        scheduler(tree, s -> s.stages().size(), runner, 1 + random.nextInt(4))
                .run(s -> there.contains(s.name()), recorder);

        assertOneRowEach(cells.values());
        assertThat(started).doesNotHaveDuplicates();
        for (Segment segment : tree.segments()) {
            Segment parent = segment.parent();
            if (started.contains(segment.name()) && parent != null) {
                assertThat(ended).contains(parent.name());
                assertThat(failing.contains(parent.name()) && started.contains(parent.name()))
                        .isFalse();
            }
        }
    }

    private void assertOneRowEach(java.util.Collection<PlannedCell> cells) {
        assertThat(recorder.rows)
                .extracting(CellRow::cellId)
                .containsExactlyInAnyOrderElementsOf(cells.stream().map(PlannedCell::id).toList());
    }

    private Scheduler scheduler(
            StageTree tree, ToDoubleFunction<Segment> work, TaskRunner runner, int window) {
        return new Scheduler(tree, work, CONTEXT, runner, () -> window, c -> 1);
    }

    private StageTask.Outcome complete(StageTask task, String text) {
        started.add(task.stage().name());
        assertThat(text).isNotBlank();
        return new StageTask.Outcome(
                task.stage().name(),
                task.cells().stream().map(c -> row(c, task.attempt(), null)).toList(),
                1,
                0.1,
                null);
    }

    private StageTask.Outcome failed(StageTask task) {
        started.add(task.stage().name());
        Failure failure =
                new Failure(
                        "DIVERGED", "s", "c", "m", "st", "h", "cause of " + task.stage().name());
        return new StageTask.Outcome(
                task.stage().name(),
                task.cells().stream().map(c -> row(c, task.attempt(), failure)).toList(),
                0,
                0.1,
                failure);
    }

    private static List<Long> seedsOf(StageTree tree, List<String> names) {
        return names.stream()
                .map(
                        n ->
                                tree.segments().stream()
                                        .filter(s -> s.name().equals(n))
                                        .findFirst()
                                        .orElseThrow()
                                        .last()
                                        .root()
                                        .seed())
                .toList();
    }

    private static CellRow row(PlannedCell cell, int attempt, Failure failure) {
        return new CellRow(
                1,
                cell.id(),
                "sweep",
                failure == null ? CellRow.Status.COMPLETED : CellRow.Status.FAILED,
                attempt,
                new CellRow.Condition("a", "d", 0, "k", "m", "s", "r", 0.5, "o", "r", "s"),
                cell.cell().seed(),
                "e",
                "n",
                "t",
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                failure);
    }

    private static PlannedCell cell(String ratio, long seed, int dense, int fineTune) {
        Training training =
                new Training(
                        new Optimizer.Sgd(),
                        LearningRate.constant(BigDecimal.ONE),
                        WeightDecay.NONE,
                        1,
                        dense);
        Recipe recipe =
                new Recipe(
                        "r",
                        "dl4j",
                        training,
                        Recipe.Schedule.ONE_SHOT,
                        training.withEpochs(fineTune),
                        Recipe.Scope.GLOBAL,
                        Recipe.OutputLayer.PRUNE,
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        BigDecimal.ZERO);
        Cell cell =
                new Cell(
                        "net",
                        "data",
                        BigDecimal.ZERO,
                        Methods.find("random").orElseThrow().create().apply(Map.of()),
                        new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                        recipe,
                        seed);
        return PlannedCell.of(
                cell,
                new Operation.Initialise(
                        "net",
                        "structure",
                        "data",
                        "data-1",
                        BigDecimal.ZERO,
                        BigDecimal.ZERO,
                        "dl4j",
                        "dl4j-1",
                        seed));
    }
}
