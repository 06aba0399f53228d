// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.espalier.experiments.stage.SomeCells.cell;
import static org.espalier.experiments.stage.SomeCells.ending;
import static org.espalier.experiments.stage.SomeCells.planned;
import static org.espalier.experiments.stage.SomeCells.prune;
import static org.espalier.experiments.stage.SomeCells.recipe;
import static org.espalier.experiments.stage.SomeCells.root;
import static org.espalier.experiments.stage.SomeCells.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.stage.StageTree.Segment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageTreeTest {
    private static final Stage INITIAL = Stage.root(root("net", "structure", 1));

    @Test
    void branchesShareOneTrunk() {
        var recipe = recipe("default", 2, 1);
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe, 1)),
                        planned(cell("random", "0.5", recipe, 1)),
                        planned(cell("magnitude", "0", recipe, 1)));

        StageTree tree = StageTree.of(cells);

        assertWhole(tree, cells);
        assertThat(tree.segments()).hasSize(4);
        Segment trunk = tree.segments().get(0);
        assertThat(tree.trunks()).containsExactly(trunk);
        assertThat(verbs(trunk)).isEqualTo("initialise train");
        assertThat(tree.children(trunk))
                .extracting(StageTreeTest::verbs)
                .containsOnly("prune fine-tune");
    }

    /** One cell alone leaves its trunk too: a later sweep may want it. */
    @Test
    void aDenseTrainingLeavesASnapshotForLaterSweeps() {
        List<PlannedCell> cells =
                List.of(planned(cell("magnitude", "0.5", recipe("default", 2, 1), 1)));

        StageTree tree = StageTree.of(cells);

        assertWhole(tree, cells);
        assertThat(tree.segments())
                .extracting(StageTreeTest::verbs)
                .containsExactly("initialise train", "prune fine-tune");
    }

    @Test
    void aLongerDenseTrainingGoesOnFromAShorterOne() {
        List<PlannedCell> cells = new ArrayList<>();
        for (int epochs : new int[] {5, 2, 3}) {
            cells.add(planned(cell("magnitude", "0.5", recipe("r" + epochs, epochs, 1), 1)));
        }

        StageTree tree = StageTree.of(cells);

        assertWhole(tree, cells);
        assertThat(tree.trunks()).extracting(StageTreeTest::epochs).containsExactly(2, 3, 5);
        assertThat(tree.trunks().get(2).parent()).isEqualTo(tree.trunks().get(1));
        assertThat(tree.trunks().get(1).parent()).isEqualTo(tree.trunks().get(0));
        assertThat(verbs(tree.trunks().get(2))).isEqualTo("train");
    }

    /** Two recipes that differ in the length of fine-tuning prune once and fine-tune once. */
    @Test
    void aLongerFineTuningGoesOnFromAShorterOne() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe("long", 2, 4), 1)),
                        planned(cell("magnitude", "0.5", recipe("short", 2, 1), 1)));

        StageTree tree = StageTree.of(cells);

        assertWhole(tree, cells);
        assertThat(tree.segments())
                .extracting(StageTreeTest::verbs)
                .containsExactly("initialise train", "prune fine-tune", "fine-tune");
        assertThat(tree.segments().get(1).cells()).containsExactly(cells.get(1));
        assertThat(tree.segments().get(1).leavesSnapshot()).isTrue();
        assertThat(tree.segments().get(2).cells()).containsExactly(cells.get(0));
    }

    /** Trained for no epoch, a network is where every training starts, and nobody's snapshot. */
    @Test
    void nothingGoesOnFromNoEpochs() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("magnitude", "0.5", recipe("none", 0, 1), 1)),
                        planned(cell("magnitude", "0.5", recipe("some", 2, 1), 1)));

        StageTree tree = StageTree.of(cells);

        assertThat(tree.trunks()).extracting(Segment::parent).containsOnlyNulls();
    }

    /** Trainings so long that counting their epochs one by one would not end. */
    @Test
    void cutsTrainingsOfAnyLength() {
        List<PlannedCell> cells =
                List.of(
                        planned(cell("random", "0.5", recipe("a", Integer.MAX_VALUE, 1), 1)),
                        planned(cell("random", "0.5", recipe("b", Integer.MAX_VALUE - 1, 1), 1)));

        assertThat(StageTree.of(cells).trunks())
                .extracting(StageTreeTest::epochs)
                .containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);
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
        Stage first = INITIAL.then(train(Cells.DENSE, 2)).then(prune("0.5")).then(fineTune(1));
        Stage second = first.then(prune("0.75")).then(fineTune(1));
        List<PlannedCell> cells =
                List.of(
                        ending(second.then(prune("0.9"))),
                        ending(second.then(prune("0.95"))),
                        ending(first.then(prune("0.8"))),
                        ending(first));

        StageTree tree = StageTree.of(cells);

        assertWhole(tree, cells);
        assertThat(tree.segments())
                .extracting(StageTreeTest::verbs)
                .containsExactly(
                        "initialise train",
                        "prune fine-tune",
                        "prune fine-tune",
                        "prune",
                        "prune",
                        "prune");
        assertThat(tree.segments().get(1).cells()).containsExactly(cells.get(3));
        assertThat(tree.segments().get(2).cells()).isEmpty();
        assertThat(tree.trunks()).isEqualTo(tree.segments().subList(0, 3));
    }

    /** Where only one cell goes through a pruning, nothing is kept of it on the way. */
    @Test
    void oneCellAloneIsDoneInOneGoAfterItsTrunk() {
        Stage leaf =
                INITIAL.then(train(Cells.DENSE, 2))
                        .then(prune("0.5"))
                        .then(fineTune(1))
                        .then(prune("0.75"))
                        .then(fineTune(1));

        StageTree tree = StageTree.of(List.of(ending(leaf)));

        assertThat(tree.segments())
                .extracting(StageTreeTest::verbs)
                .containsExactly("initialise train", "prune fine-tune prune fine-tune");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void cutsAnySweepIntoWholeParts(long seed) {
        RandomStream random = new RandomStream(seed);
        String[] methods = {"magnitude", "random", "gradient"};
        String[] ratios = {"0", "0.5", "0.9"};
        Map<String, PlannedCell> cells = new LinkedHashMap<>();
        int count = 1 + random.nextInt(60);
        for (int i = 0; i < count; i++) {
            PlannedCell made =
                    planned(
                            cell(
                                    random.nextInt(2) == 0 ? "lenet-300-100" : "mlp-300-100",
                                    methods[random.nextInt(methods.length)],
                                    ratios[random.nextInt(ratios.length)],
                                    recipe("r", random.nextInt(4), random.nextInt(4)),
                                    random.nextInt(3)));
            cells.put(made.id(), made);
        }

        assertWhole(StageTree.of(cells.values()), cells.values());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void cutsAnyDeepTreeIntoWholeParts(long seed) {
        RandomStream random = new RandomStream(seed);
        List<Stage> stages = new ArrayList<>();
        stages.add(INITIAL.then(train(Cells.DENSE, 1 + random.nextInt(3))));
        int count = 2 + random.nextInt(60);
        while (stages.size() < count) {
            Stage parent = stages.get(random.nextInt(stages.size()));
            Stage next =
                    random.nextInt(2) == 0
                            ? parent.then(fineTune(1 + random.nextInt(4)))
                            : parent.then(prune("0." + (1 + random.nextInt(9))));
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

        assertWhole(StageTree.of(cells), cells);
    }

    private static Operation.Train fineTune(int epochs) {
        return train(Cells.FINE_TUNE, epochs);
    }

    private static String verbs(Segment segment) {
        return segment.stages().stream()
                .map(s -> s.operation().verb())
                .collect(Collectors.joining(" "));
    }

    private static int epochs(Segment segment) {
        return ((Operation.Train) segment.last().operation()).training().epochs();
    }

    /** Every stage is done once, after what it goes on from; every cell ends in one place. */
    private static void assertWhole(StageTree tree, Collection<PlannedCell> cells) {
        Set<Stage> wanted = new HashSet<>();
        cells.forEach(cell -> wanted.addAll(cell.leaf().path()));
        List<Stage> done =
                tree.segments().stream().flatMap(segment -> segment.stages().stream()).toList();
        assertThat(done).containsOnlyOnceElementsOf(trained(wanted)).hasSameElementsAs(wanted);
        assertThat(tree.segments().stream().flatMap(segment -> segment.cells().stream()))
                .containsExactlyInAnyOrderElementsOf(cells);
        Set<Segment> before = new HashSet<>();
        for (Segment segment : tree.segments()) {
            assertThat(segment.parent() == null || before.contains(segment.parent())).isTrue();
            before.add(segment);
            assertThat(segment.cells()).allMatch(cell -> cell.leaf().equals(segment.last()));
            assertFollows(segment, wanted);
            assertCutWhereNeeded(tree, segment);
        }
    }

    /** An initialisation costs nothing: whatever starts from it makes it anew. */
    private static List<Stage> trained(Set<Stage> stages) {
        return stages.stream().filter(stage -> stage.parent().isPresent()).toList();
    }

    /** Each stage after its parent, or after the longest shorter training that is wanted. */
    private static void assertFollows(Segment segment, Set<Stage> wanted) {
        Stage before = segment.parent() == null ? null : segment.parent().last();
        for (Stage stage : segment.stages()) {
            Stage expected =
                    stage.shorter().stream()
                            .filter(wanted::contains)
                            .findFirst()
                            .or(stage::parent)
                            .orElse(null);
            assertThat(before).isEqualTo(expected);
            before = stage;
        }
    }

    private static void assertCutWhereNeeded(StageTree tree, Segment segment) {
        List<Segment> children = tree.children(segment);
        assertThat(children).allMatch(child -> child.parent() == segment);
        assertThat(segment.leavesSnapshot()).isEqualTo(!children.isEmpty());
        boolean dense = segment.last().operation().verb().equals("train");
        assertThat(dense || !segment.cells().isEmpty() || children.size() > 1)
                .as("%s is cut for a reason", segment.last())
                .isTrue();
        assertThat(segment.stages().subList(0, segment.stages().size() - 1))
                .as("dense trainings end their segment")
                .noneMatch(stage -> stage.operation().verb().equals("train"));
    }
}
