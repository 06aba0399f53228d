// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.espalier.experiments.stage.SomeCells.INITIAL;
import static org.espalier.experiments.stage.SomeCells.cell;
import static org.espalier.experiments.stage.SomeCells.control;
import static org.espalier.experiments.stage.SomeCells.ending;
import static org.espalier.experiments.stage.SomeCells.goOn;
import static org.espalier.experiments.stage.SomeCells.planned;
import static org.espalier.experiments.stage.SomeCells.prune;
import static org.espalier.experiments.stage.SomeCells.recipe;
import static org.espalier.experiments.stage.SomeCells.rewind;
import static org.espalier.experiments.stage.SomeCells.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Train;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StageGraphTest {

    @Test
    void branchesShareOneTrunk() {
        var recipe = recipe("default", 2, 1);
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe, 1)),
                        planned(cell("random", "0.5", recipe, 1)),
                        planned(cell("magnitude", "0", recipe, 1)));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        assertThat(graph.segments()).hasSize(4);
        Segment trunk = graph.segments().get(0);
        assertThat(graph.trunks()).containsExactly(trunk);
        assertThat(verbs(trunk)).isEqualTo("initialise train");
        assertThat(graph.dependents(trunk))
                .extracting(StageGraphTest::verbs)
                .containsExactly("prune fine-tune", "prune fine-tune", "fine-tune");
    }

    /** What is measured of a trunk is measured by the trunk, once for all its branches. */
    @Test
    void measuresANetworkWhereItIsMade() {
        var recipe = recipe("default", 2, 1);
        PlannedCell pruned = planned(cell("magnitude", "0.5", recipe, 1));
        PlannedCell control = planned(cell("magnitude", "0", recipe, 1));

        StageGraph graph = StageGraph.of(List.of(pruned, control));

        assertThat(graph.segments())
                .extracting(s -> measured(s))
                .containsExactly(
                        List.of(pruned.programme().dense()),
                        List.of(pruned.programme().pruned(), pruned.leaf()),
                        List.of(control.leaf()));
    }

    /** One cell alone leaves its trunk too: a later sweep may want it. */
    @Test
    void aDenseTrainingLeavesASnapshotForLaterSweeps() {
        List<PlannedCell> cells =
                List.of(planned(cell("magnitude", "0.5", recipe("default", 2, 1), 1)));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly("initialise train", "prune fine-tune");
    }

    @Test
    void aLongerDenseTrainingGoesOnFromAShorterOne() {
        List<PlannedCell> cells = new ArrayList<>();
        for (int epochs : new int[] {5, 2, 3}) {
            cells.add(planned(cell("magnitude", "0.5", recipe("r" + epochs, epochs, 1), 1)));
        }

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        List<Segment> trunks = graph.trunks();
        assertThat(trunks).extracting(StageGraphTest::end).containsExactly("2ep", "3ep", "5ep");
        assertThat(trunks.get(2).needs()).containsExactly(trunks.get(1));
        assertThat(trunks.get(1).needs()).containsExactly(trunks.get(0));
        assertThat(verbs(trunks.get(2))).isEqualTo("train");
    }

    /** The control that is trained as long is the trunk, gone on with. */
    @Test
    void aControlThatIsTrainedAsLongGoesOnFromTheTrunk() {
        var recipe = recipe("default", 2, 3);
        List<PlannedCell> cells =
                List.of(
                        planned(control(Control.TRAINED_AS_LONG, recipe, 1)),
                        planned(cell("magnitude", "0.5", recipe, 1)),
                        planned(cell("magnitude", "0.5", recipe("longer", 5, 1), 1)));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        Segment longer = graph.trunks().get(1);
        assertThat(graph.trunks()).extracting(StageGraphTest::end).containsExactly("2ep", "5ep");
        assertThat(longer.cells()).containsExactly(cells.get(0));
        assertThat(longer.last()).isEqualTo(cells.get(2).programme().trunk());
        assertThat(longer.needs()).containsExactly(graph.trunks().get(0));
    }

    /** Two recipes that differ in the length of fine-tuning prune once and fine-tune once. */
    @Test
    void aLongerFineTuningGoesOnFromAShorterOne() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe("long", 2, 4), 1)),
                        planned(cell("magnitude", "0.5", recipe("short", 2, 1), 1)));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly("initialise train", "prune fine-tune", "fine-tune");
        assertThat(graph.segments().get(1).cells()).containsExactly(cells.get(1));
        assertThat(graph.segments().get(1).leavesSnapshot()).isTrue();
        assertThat(graph.segments().get(2).cells()).containsExactly(cells.get(0));
    }

    /** Trained for no epoch, a network is where every training starts, and nobody's snapshot. */
    @Test
    void nothingGoesOnFromNoEpochs() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe("none", 0, 1), 1)),
                        planned(cell("magnitude", "0.5", recipe("some", 2, 1), 1)));

        assertThat(StageGraph.of(cells).trunks()).allMatch(trunk -> trunk.needs().isEmpty());
    }

    /** Trainings so long that counting their epochs one by one would not end. */
    @Test
    void cutsTrainingsOfAnyLength() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("random", "0.5", recipe("a", Integer.MAX_VALUE, 1), 1)),
                        planned(cell("random", "0.5", recipe("b", Integer.MAX_VALUE - 1, 1), 1)));

        assertThat(StageGraph.of(cells).trunks())
                .extracting(StageGraphTest::end)
                .containsExactly("2147483646ep", "2147483647ep");
    }

    /**
     *
     *
     * <pre>
     *   initialise - train 2 - prune 0.5 - fine-tune 1 +- prune 0.75 - fine-tune 1 +- prune 0.9 (cell)
     *                                      (cell)      |                           +- prune 0.95 (cell)
     *                                                  +- prune 0.8 (cell)
     * </pre>
     */
    @Test
    void iterativePruningGoesOnLevelByLevel() {
        Stage first = fineTune(prune(train(Train.DENSE, INITIAL, 2), "0.5"), 1);
        Stage second = fineTune(prune(first, "0.75"), 1);
        List<PlannedCell> cells =
                List.of(
                        ending(prune(second, "0.9")),
                        ending(prune(second, "0.95")),
                        ending(prune(first, "0.8")),
                        ending(first));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly(
                        "initialise train",
                        "prune fine-tune",
                        "prune fine-tune",
                        "prune",
                        "prune",
                        "prune");
        assertThat(graph.segments().get(1).cells()).containsExactly(cells.get(3));
        assertThat(graph.segments().get(2).cells()).isEmpty();
        assertThat(graph.segments().stream().filter(Segment::leavesSnapshot))
                .isEqualTo(graph.segments().subList(0, 3));
        assertThat(graph.trunks()).isEqualTo(graph.segments().subList(0, 1));
    }

    /**
     * Two levels that rewind to the network after 5 updates: it is borrowed, so it is kept, and
     * both levels wait for it.
     *
     * <pre>
     *   initialise - train to 5it +------------ train to 2ep - prune - rewind - train - prune - rewind
     *                             +................................'.......................'
     * </pre>
     */
    @Test
    void aBorrowedNetworkIsKeptAndWaitedFor() {
        Stage early = goOn(INITIAL, Step.ZERO, Step.iterations(5));
        Stage trained = goOn(early, Step.iterations(5), Step.epochs(2));
        Stage level1 = rewind(prune(trained, "0.5"), early);
        Stage again = goOn(level1, Step.iterations(5), Step.epochs(2));
        Stage level2 = rewind(prune(again, "0.75"), early);
        List<PlannedCell> cells = List.of(ending(level2));

        StageGraph graph = StageGraph.of(cells);

        assertWhole(graph, cells);
        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly("initialise train", "train", "prune rewind train", "prune rewind");
        Segment kept = graph.segments().get(0);
        assertThat(kept.last()).isEqualTo(early);
        assertThat(graph.segments().get(2).needs())
                .containsExactlyInAnyOrder(kept, graph.segments().get(1));
        assertThat(graph.segments().get(3).needs())
                .containsExactlyInAnyOrder(kept, graph.segments().get(2));
        assertThat(graph.dependents(kept)).hasSize(3);
    }

    /** Initial weights are borrowed by making them again. */
    @Test
    void nobodyWaitsForInitialWeights() {
        Stage trained = train(Train.FINE_TUNE, INITIAL, 2);
        List<PlannedCell> cells = List.of(ending(rewind(prune(trained, "0.5"), INITIAL)));

        StageGraph graph = StageGraph.of(cells);

        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly("initialise fine-tune prune rewind");
    }

    /** Where only one cell goes through a pruning, nothing is kept of it on the way. */
    @Test
    void oneCellAloneIsDoneInOneGoAfterItsTrunk() {
        Stage first = fineTune(prune(train(Train.DENSE, INITIAL, 2), "0.5"), 1);
        Stage leaf = fineTune(prune(first, "0.75"), 1);

        StageGraph graph = StageGraph.of(List.of(ending(leaf)));

        assertThat(graph.segments())
                .extracting(StageGraphTest::verbs)
                .containsExactly("initialise train", "prune fine-tune prune fine-tune");
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cutsAnySweepIntoWholeParts(long seed) {
        RandomStream random = new RandomStream(seed);
        String[] methods = {"magnitude", "random", "gradient"};
        String[] ratios = {"0", "0.5", "0.9"};
        Control[] controls = Control.values();
        Map<String, PlannedCell> cells = new LinkedHashMap<>();
        int count = 1 + random.nextInt(60);
        for (int i = 0; i < count; i++) {
            var recipe = recipe("r", random.nextInt(4), random.nextInt(4));
            PlannedCell made =
                    planned(
                            random.nextInt(4) == 0
                                    ? control(
                                            controls[random.nextInt(controls.length)],
                                            recipe,
                                            random.nextInt(3))
                                    : cell(
                                            random.nextInt(2) == 0
                                                    ? "lenet-300-100"
                                                    : "mlp-300-100",
                                            methods[random.nextInt(methods.length)],
                                            ratios[random.nextInt(ratios.length)],
                                            recipe,
                                            random.nextInt(3)));
            cells.put(made.id(), made);
        }

        assertWhole(StageGraph.of(cells.values()), cells.values());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cutsAnyGraphIntoWholeParts(long seed) {
        RandomStream random = new RandomStream(seed);
        List<Stage> stages = new ArrayList<>();
        stages.add(train(Train.DENSE, INITIAL, 1 + random.nextInt(3)));
        int count = 2 + random.nextInt(60);
        while (stages.size() < count) {
            Stage parent = stages.get(random.nextInt(stages.size()));
            Stage next =
                    switch (random.nextInt(4)) {
                        case 0 -> prune(parent, "0." + (1 + random.nextInt(9)));
                        case 1 -> rewind(parent, stages.get(random.nextInt(stages.size())));
                        default -> fineTune(parent, 1 + random.nextInt(4));
                    };
            if (!stages.contains(next)) {
                stages.add(next);
            }
        }
        List<PlannedCell> cells = new ArrayList<>();
        for (Stage stage : stages) {
            if (random.nextInt(3) == 0) {
                cells.add(ending(stage));
            }
        }

        assertWhole(StageGraph.of(cells), cells);
    }

    private static Stage fineTune(Stage network, int epochs) {
        return train(Train.FINE_TUNE, network, epochs);
    }

    private static String verbs(Segment segment) {
        return segment.stages().stream()
                .map(s -> s.operation().verb())
                .collect(Collectors.joining(" "));
    }

    private static List<Stage> measured(Segment segment) {
        return segment.measures().stream().map(m -> m.network().orElseThrow()).toList();
    }

    private static String end(Segment segment) {
        return ((Train) segment.last().operation()).to().toString();
    }

    /**
     * Every stage that costs anything is done once, after all that it works on or borrows; every
     * cell ends in one place, and what is measured for it is measured once.
     */
    private static void assertWhole(StageGraph graph, Collection<PlannedCell> cells) {
        Set<Stage> wanted = new HashSet<>();
        Set<Stage> measures = new HashSet<>();
        for (PlannedCell cell : cells) {
            cell.leaf().path().stream().filter(Stage::leavesNetwork).forEach(wanted::add);
            measures.addAll(cell.programme().measures());
        }
        List<Stage> done =
                graph.segments().stream().flatMap(segment -> segment.stages().stream()).toList();
        assertThat(done).containsOnlyOnceElementsOf(costly(wanted));
        assertThat(new HashSet<>(done)).isSubsetOf(wanted).containsAll(costly(wanted));
        assertThat(graph.segments().stream().flatMap(segment -> segment.cells().stream()))
                .containsExactlyInAnyOrderElementsOf(cells);
        assertThat(graph.segments().stream().flatMap(segment -> segment.measures().stream()))
                .containsExactlyInAnyOrderElementsOf(measures);
        Map<Stage, Segment> home = new HashMap<>();
        for (Segment segment : graph.segments()) {
            assertThat(home.values()).containsAll(segment.needs());
            segment.stages().forEach(stage -> home.put(stage, segment));
            assertThat(segment.cells()).allMatch(cell -> cell.leaf().equals(segment.last()));
            assertHasItsInputs(segment, home, wanted);
            assertCutWhereNeeded(graph, segment, wanted);
        }
    }

    /** An initialisation costs nothing: whatever starts from it makes it anew. */
    private static List<Stage> costly(Set<Stage> stages) {
        return stages.stream().filter(s -> !(s.operation() instanceof Initialise)).toList();
    }

    /** What a stage needs was done before it in its segment, or is left by one that it needs. */
    private static void assertHasItsInputs(
            Segment segment, Map<Stage, Segment> home, Set<Stage> wanted) {
        for (int s = 0; s < segment.stages().size(); s++) {
            Stage stage = segment.stages().get(s);
            List<Stage> needed = new ArrayList<>();
            stage.shorter().stream()
                    .filter(wanted::contains)
                    .findFirst()
                    .or(stage::network)
                    .ifPresent(needed::add);
            stage.others().stream().filter(Stage::leavesNetwork).forEach(needed::add);
            for (Stage input : needed) {
                boolean initial = input.operation() instanceof Initialise;
                assertThat(
                                initial
                                        || segment.stages().subList(0, s).contains(input)
                                        || segment.needs().contains(home.get(input))
                                                && home.get(input).last().equals(input))
                        .as("%s of %s", input, stage)
                        .isTrue();
            }
        }
    }

    private static void assertCutWhereNeeded(StageGraph graph, Segment segment, Set<Stage> wanted) {
        List<Segment> dependents = graph.dependents(segment);
        assertThat(dependents).allMatch(dependent -> dependent.needs().contains(segment));
        assertThat(segment.leavesSnapshot()).isEqualTo(!dependents.isEmpty());
        boolean dense = segment.last().operation().verb().equals("train");
        boolean borrowed =
                wanted.stream().anyMatch(stage -> stage.others().contains(segment.last()));
        assertThat(dense || borrowed || !segment.cells().isEmpty() || dependents.size() > 1)
                .as("%s is cut for a reason", segment.last())
                .isTrue();
        assertThat(segment.stages().subList(0, segment.stages().size() - 1))
                .as("dense trainings end their segment")
                .noneMatch(StageGraphTest::isDense);
    }

    /** Only trainings lie between the initial network and this one. */
    private static boolean isDense(Stage stage) {
        Stage at = stage;
        while (at.operation().verb().equals("train")) {
            at = at.network().orElseThrow();
        }
        return at != stage && at.operation().verb().equals("initialise");
    }
}
