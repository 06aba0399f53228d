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
import java.util.function.ToDoubleFunction;
import org.espalier.driver.CopiedRow;
import org.espalier.executors.stage.Host;
import org.espalier.executors.stage.RowBuilder;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.schedule.Beginning;
import org.espalier.experiments.schedule.Schedule;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Status;
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
        final List<String> ended = new ArrayList<>();
        final List<String> reused = new ArrayList<>();
        Runnable onTick = () -> {};
        Runnable onRow = () -> {};

        @Override
        public void reused(Segment segment) {
            reused.add(segment.name());
        }

        @Override
        public void ended(Segment segment, StageTask.Outcome outcome) {
            ended.add(segment.name());
        }

        @Override
        public void rowArrived(CellRow row) {
            rows.add(row);
            onRow.run();
        }

        @Override
        public void tick() {
            onTick.run();
        }
    }

    @Test
    void theLongestPathGoesFirst() throws Exception {
        // trunk and branch of seed 1: 2 + 9, of seed 2: 1 + 1, of seed 3: 7.5 + 0.5
        List<PlannedCell> cells =
                List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1), cell("0.5", 3, 1, 1));
        StageGraph graph = StageGraph.of(cells);
        ToDoubleFunction<Segment> work =
                s ->
                        switch ((int) s.last().initial().seed()) {
                            case 1 -> s.leavesSnapshot() ? 2 : 9;
                            case 2 -> 1;
                            default -> s.leavesSnapshot() ? 7.5 : 0.5;
                        };

        scheduler(graph, work, this::complete, 1).run(s -> false, recorder);

        assertThat(started).hasSize(6);
        assertThat(seedsOf(graph, started)).containsExactly(1L, 1L, 3L, 2L, 2L, 3L);
    }

    /**
     * Tasks are held until as many run as the window lets in, and released together, so that the
     * sizes of the rounds follow from the window alone: six trunks and six branches; twice two
     * trunks; then, as the window grows to five, two trunks and three of the four branches that are
     * ready; then the other three.
     */
    @Test
    void noMoreThanTheWindowRunsAtOnceAndItMayGrow() throws Exception {
        List<PlannedCell> cells = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            cells.add(cell("0.5", seed, 1, 1));
        }
        Rounds rounds = new Rounds(2, 2, 5, 3);
        recorder.onTick = rounds::releaseIfFull;

        new Scheduler(
                        StageGraph.of(cells),
                        s -> 1,
                        CONTEXT,
                        (task, text) -> {
                            rounds.await();
                            return complete(task, text);
                        },
                        () -> rounds.current() < 2 ? 2 : 5,
                        c -> 1,
                        c -> Journal.EMPTY)
                .run(s -> false, recorder);

        assertThat(rounds.held).containsExactly(2, 2, 5, 3);
        assertThat(recorder.rows).hasSize(6);
    }

    /** Tasks in rounds: those of a round end together, once all of them have begun. */
    private static final class Rounds {
        private final int[] sizes;
        private final int[] held;
        private final CountDownLatch[] released;
        private int round;

        Rounds(int... sizes) {
            this.sizes = sizes;
            held = new int[sizes.length];
            released = new CountDownLatch[sizes.length];
            for (int r = 0; r < sizes.length; r++) {
                released[r] = new CountDownLatch(1);
            }
        }

        synchronized int current() {
            return round;
        }

        void await() throws InterruptedException {
            int mine;
            synchronized (this) {
                mine = Math.min(round, sizes.length - 1);
                held[mine]++;
            }
            released[mine].await();
        }

        synchronized void releaseIfFull() {
            if (round < sizes.length && held[round] >= sizes[round]) {
                released[round].countDown();
                round++;
            }
        }
    }

    /** Nothing waits for a level: the first trunk's branches run while the second trunk does. */
    @Test
    void branchesAreReleasedAsTheirTrunkEnds() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        StageGraph graph = StageGraph.of(cells);
        CountDownLatch firstRow = new CountDownLatch(1);
        recorder.onRow = firstRow::countDown;
        TaskRunner runner =
                (task, text) -> {
                    boolean trunk = task.cells().isEmpty();
                    if (trunk && task.stage().initial().seed() == 2) {
                        assertThat(firstRow.await(20, TimeUnit.SECONDS)).isTrue();
                    }
                    return complete(task, text);
                };

        scheduler(graph, s -> 1, runner, 2).run(s -> false, recorder);

        assertThat(recorder.rows)
                .extracting(CellRow::cellId)
                .containsExactly(cells.get(0).id(), cells.get(1).id());
    }

    @Test
    void trunksInTheStoreAreNotRun() throws Exception {
        StageGraph graph = StageGraph.of(List.of(cell("0.5", 1, 2, 1), cell("0.5", 1, 4, 1)));
        Set<String> there = Set.of(graph.trunks().get(0).name());
        List<Boolean> reused = Collections.synchronizedList(new ArrayList<>());
        TaskRunner runner =
                (task, text) -> {
                    if (!task.cells().isEmpty()) {
                        reused.add(task.trunkReused());
                    }
                    return complete(task, text);
                };

        scheduler(graph, s -> 1, runner, 1).run(s -> there.contains(s.name()), recorder);

        assertThat(recorder.reused).containsExactlyElementsOf(there);
        assertThat(recorder.ended).containsExactly(graph.trunks().get(1).name());
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
        StageGraph graph = StageGraph.of(cells);
        String failing = graph.trunks().get(0).name();
        TaskRunner runner =
                (task, text) ->
                        task.stage().name().equals(failing) ? failed(task) : complete(task, text);

        scheduler(graph, s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows.stream().filter(r -> r.failure() != null))
                .hasSize(3)
                .allMatch(r -> r.failure().causeId().equals("cause of " + failing));
    }

    @Test
    void aLostExecutorIsNoFaultOfTheCell() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.9", 1, 1, 1));
        StageGraph graph = StageGraph.of(cells);
        TaskRunner runner =
                (task, text) -> {
                    if (task.cells().isEmpty()) {
                        return complete(task, text);
                    }
                    throw lost("node7", "ExecutorLostFailure: exited with 137");
                };

        scheduler(graph, s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows)
                .allSatisfy(
                        row -> {
                            assertThat(row.failure().reason()).isEqualTo("EXECUTOR_LOST");
                            assertThat(row.failure().message()).contains("exited with 137");
                            assertThat(row.failure().exceptionClass())
                                    .isEqualTo("java.io.IOException");
                            assertThat(row.failure().host()).isEqualTo("node7");
                            assertThat(row.provenance().host()).isEqualTo("node7");
                            assertThat(row.provenance().jvm()).isNull();
                            assertThat(row.failure().causeId())
                                    .isEqualTo(
                                            row.identity()
                                                    .stages()
                                                    .get(row.identity().stages().size() - 1));
                        });
    }

    private static LostExecutorException lost(String host, String message) {
        return new LostExecutorException(host, new java.io.IOException(message));
    }

    /** What the store still tells of the cell is in its row; of the machine nothing is known. */
    @Test
    void aLostExecutorTakesNothingAlongThatWasKept() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1));
        StageGraph graph = StageGraph.of(cells);
        TaskRunner runner =
                (task, text) -> {
                    if (task.cells().isEmpty()) {
                        return complete(task, text);
                    }
                    throw lost(null, "lost");
                };

        new Scheduler(
                        graph,
                        s -> 1,
                        CONTEXT,
                        runner,
                        () -> 1,
                        c -> 1,
                        c -> noted(c, "kept in the store"))
                .run(s -> false, recorder);

        assertThat(recorder.rows).hasSize(1);
        CellRow row = recorder.rows.get(0);
        assertThat(row.notes()).contains("kept in the store");
        assertThat(row.failure().host()).isNull();
        assertThat(row.provenance().host()).isNull();
        assertThat(row.provenance().jvm()).isNull();
        assertThat(row.provenance().os()).isNull();
        assertThat(row.provenance().backend()).isNull();
        assertThat(row.provenance().master()).isEqualTo("fake");
    }

    /** What a failed stage had found out is in the row of every cell that rests on it. */
    @Test
    void cellsOnAFailedStageTellWhatItHadFoundOut() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 2, 1), cell("0.9", 1, 4, 1));
        StageGraph graph = StageGraph.of(cells);
        String failing = graph.trunks().get(0).name();
        TaskRunner runner =
                (task, text) -> {
                    StageTask.Outcome all =
                            task.stage().name().equals(failing)
                                    ? failed(task)
                                    : complete(task, text);
                    return new StageTask.Outcome(
                            all.stage(),
                            all.rows(),
                            all.epochsTrained(),
                            all.wallSeconds(),
                            all.failure(),
                            all.failure() == null
                                    ? Journal.EMPTY
                                    : noted(cells.get(0), "found out before it failed"),
                            null);
                };

        scheduler(graph, s -> 1, runner, 1).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows)
                .allSatisfy(
                        row -> {
                            assertThat(row.notes()).contains("found out before it failed");
                            assertThat(row.failure().causeId()).isEqualTo("cause of " + failing);
                            assertThat(row.provenance().host()).isNull();
                        });
    }

    private static Journal noted(PlannedCell cell, String text) {
        return new Journal(List.of(new Entry.Note(cell.leaf().name(), text)));
    }

    /** It is no fault of the cells: they stay without rows, so that a later run does them. */
    @Test
    void aStoreThatCannotBeUsedStopsTheSweepWithoutRows() {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        String sentence = "the stage store cannot write x";
        TaskRunner runner =
                (task, text) ->
                        new StageTask.Outcome(
                                task.stage().name(),
                                List.of(),
                                0,
                                0.1,
                                null,
                                Journal.EMPTY,
                                sentence);

        assertThatThrownBy(
                        () ->
                                scheduler(StageGraph.of(cells), s -> 1, runner, 2)
                                        .run(s -> false, recorder))
                .isInstanceOf(StorageException.class)
                .hasMessage(sentence);
        assertThat(recorder.rows).isEmpty();
        assertThat(recorder.ended).isEmpty();
    }

    /** Errors too: a thread that died of one would be waited for without end. */
    @Test
    void aFaultOfOursIsCalledOne() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        TaskRunner runner =
                (task, text) -> {
                    if (task.stage().initial().seed() == 1) {
                        throw new IllegalStateException("different jars");
                    }
                    throw new AssertionError("cannot happen");
                };

        scheduler(StageGraph.of(cells), s -> 1, runner, 2).run(s -> false, recorder);

        assertOneRowEach(cells);
        assertThat(recorder.rows).extracting(r -> r.failure().reason()).containsOnly("BUG");
    }

    @Test
    void rowsTellTheAttempt() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        TaskRunner runner =
                (task, text) ->
                        task.stage().initial().seed() == 1 ? failed(task) : complete(task, text);

        new Scheduler(
                        StageGraph.of(cells),
                        s -> 1,
                        CONTEXT,
                        runner,
                        () -> 1,
                        c -> (int) c.cell().seed() + 1,
                        c -> Journal.EMPTY)
                .run(s -> false, recorder);

        assertThat(recorder.rows).allMatch(row -> row.attempt() == row.seed() + 1);
    }

    @Test
    void stoppedItEndsSoonAndNoRowArrivesAnyMore() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Scheduler scheduler =
                scheduler(
                        StageGraph.of(List.of(cell("0.5", 1, 1, 1))),
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
                                                StageGraph.of(List.of(cell("0.5", 1, 1, 1))),
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
        StageGraph graph = StageGraph.of(List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1)));

        assertThatThrownBy(() -> scheduler(graph, s -> 1, runner, 2).run(s -> false, recorder))
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
        StageGraph graph = StageGraph.of(cells.values());
        Set<String> failing = new HashSet<>();
        Set<String> lost = new HashSet<>();
        Set<String> there = new HashSet<>();
        for (Segment segment : graph.segments()) {
            int fate = random.nextInt(10);
            (fate == 0 ? failing : fate == 1 ? lost : fate == 2 ? there : new HashSet<String>())
                    .add(segment.name());
        }
        Set<String> ended = Collections.synchronizedSet(new HashSet<>(there));
        TaskRunner runner =
                (task, text) -> {
                    String name = task.stage().name();
                    if (lost.contains(name)) {
                        throw lost(null, "lost");
                    }
                    StageTask.Outcome outcome =
                            failing.contains(name) ? failed(task) : complete(task, text);
                    ended.add(name);
                    return outcome;
                };

        scheduler(graph, s -> s.stages().size(), runner, 1 + random.nextInt(4))
                .run(s -> there.contains(s.name()), recorder);

        assertOneRowEach(cells.values());
        assertThat(started).doesNotHaveDuplicates();
        for (Segment segment : graph.segments()) {
            for (Segment need : segment.needs()) {
                if (started.contains(segment.name())) {
                    assertThat(ended).contains(need.name());
                    assertThat(failing.contains(need.name()) && started.contains(need.name()))
                            .isFalse();
                }
            }
        }
    }

    /** Five seeds, all of whose trunks fail alike: the third pauses, and no cell is burnt. */
    @Test
    void pausesBeforeItsCellsAreBurnt() throws Exception {
        List<PlannedCell> cells = new ArrayList<>();
        for (int seed = 0; seed < 5; seed++) {
            cells.add(cell("0.5", seed, 1, 1));
        }
        Scheduler scheduler =
                scheduler(StageGraph.of(cells), s -> 1, (task, text) -> failed(task, "BAD_DATA"), 1)
                        .pausing(new EarlyStop(true));

        assertThatThrownBy(() -> scheduler.run(s -> false, recorder))
                .isInstanceOf(PausedException.class)
                .hasMessageStartingWith("the first 3 dense trainings failed of one cause, ");
        assertThat(started).hasSize(3);
        assertThat(recorder.rows).isEmpty();
    }

    /** Two seeds are too few to tell: every cell gets its row, at the end. */
    @Test
    void failuresThatAreTheCellsGetTheirRows() throws Exception {
        List<PlannedCell> cells = List.of(cell("0.5", 1, 1, 1), cell("0.5", 2, 1, 1));
        scheduler(StageGraph.of(cells), s -> 1, (task, text) -> failed(task, "BAD_DATA"), 1)
                .pausing(new EarlyStop(true))
                .run(s -> false, recorder);
        assertOneRowEach(cells);
    }

    private void assertOneRowEach(java.util.Collection<PlannedCell> cells) {
        assertThat(recorder.rows)
                .extracting(CellRow::cellId)
                .containsExactlyInAnyOrderElementsOf(cells.stream().map(PlannedCell::id).toList());
    }

    private Scheduler scheduler(
            StageGraph graph, ToDoubleFunction<Segment> work, TaskRunner runner, int window) {
        return new Scheduler(
                graph, work, CONTEXT, runner, () -> window, c -> 1, c -> Journal.EMPTY);
    }

    private StageTask.Outcome complete(StageTask task, String text) {
        started.add(task.stage().name());
        assertThat(text).isNotBlank();
        return new StageTask.Outcome(
                task.stage().name(),
                task.cells().stream().map(c -> row(c, task.attempt(), null)).toList(),
                1,
                0.1,
                null,
                Journal.EMPTY,
                null);
    }

    private StageTask.Outcome failed(StageTask task) {
        return failed(task, "DIVERGED");
    }

    private StageTask.Outcome failed(StageTask task, String reason) {
        started.add(task.stage().name());
        Failure failure =
                new Failure(reason, "s", "c", "m", "st", "h", "cause of " + task.stage().name());
        return new StageTask.Outcome(
                task.stage().name(),
                task.cells().stream().map(c -> row(c, task.attempt(), failure)).toList(),
                0,
                0.1,
                failure,
                Journal.EMPTY,
                null);
    }

    private static List<Long> seedsOf(StageGraph graph, List<String> names) {
        return names.stream()
                .map(
                        n ->
                                graph.segments().stream()
                                        .filter(s -> s.name().equals(n))
                                        .findFirst()
                                        .orElseThrow()
                                        .last()
                                        .initial()
                                        .seed())
                .toList();
    }

    /** As the real thing makes it, but for a cell that came to its end. */
    private static CellRow row(PlannedCell cell, int attempt, Failure failure) {
        Failure any = failure != null ? failure : new Failure("R", "s", "c", "m", "st", null, "i");
        CellRow failed =
                new RowBuilder(CONTEXT, cell, attempt, Host.gone(null))
                        .failed(Journal.EMPTY, any, new RowBuilder.Clock(0, 0, false));
        return failure != null
                ? failed
                : CopiedRow.with(failed, "status", Status.COMPLETED, "failure", null);
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
                        new ScheduleSettings.OneShot(),
                        training.withEpochs(fineTune),
                        Recipe.Scope.GLOBAL,
                        Recipe.OutputLayer.PRUNE,
                        Recipe.StartFrom.LAST,
                        Recipe.OptimizerState.FRESH,
                        BigDecimal.ZERO,
                        Recipe.TrainEvaluation.OFF,
                        Recipe.Recorded.NONE,
                        0);
        Cell cell =
                new Cell(
                        "net",
                        "data",
                        BigDecimal.ZERO,
                        Methods.find("random").orElseThrow().create().apply(Map.of()),
                        null,
                        new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                        recipe,
                        seed);
        Facts facts =
                new Facts(
                        Facts.CLASSIFICATION,
                        3,
                        110,
                        List.of(new Facts.PrunableLayer("layer", 100)),
                        Double.parseDouble(ratio),
                        0);
        Arithmetic arithmetic = new Arithmetic("dl4j", "dl4j-1");
        return Schedule.plan(
                cell,
                facts,
                new Beginning("data-1", 4, 4, "structure", facts.drops(), arithmetic, null));
    }
}
