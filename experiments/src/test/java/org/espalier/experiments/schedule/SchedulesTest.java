// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.experiments.stage.SomeCells.planned;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.AfterNoise;
import org.espalier.experiments.recipe.ScheduleSettings.AtRewind;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.Shape;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.SomeCells;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What cells of every schedule come to, on LeNet-300-100 (266,200 prunable weights) with 8 dense
 * epochs of 10 updates and 2 of fine-tuning.
 */
class SchedulesTest {
    private static final BigDecimal FIFTH = new BigDecimal("0.2");
    private static final Moments MOMENTS =
            new Moments(Step.epochs(2), Step.epochs(6), Step.epochs(2));

    /** Prunings at 2, 4 and 6 epochs; the training's own steps go on. */
    @Test
    void aRampPrunesDuringOneTraining() {
        PlannedCell cell = plan(new ScheduleSettings.Ramp(MOMENTS, Map.of()), "0.9");

        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-2ep",
                        "prune kept=186340",
                        "train kept 2ep-4ep",
                        "prune kept=106480",
                        "train kept 4ep-6ep",
                        "prune kept=26620", // ceil(0.1 * 266200), and two thirds of the way: 186340
                        "train kept 6ep-8ep");
        assertThat(cell.programme().dense()).isEqualTo(cell.programme().trunk());
        assertThat(cell.programme().pruned().operation()).isInstanceOf(Prune.class);
    }

    /** The event at the start would prune nothing: 8/8, so from a period on, 1/8 and 0. */
    @Test
    void gradualPruningFallsFastAtFirst() {
        PlannedCell cell = plan(new ScheduleSettings.Gradual(MOMENTS), "0.9");

        // K = 26620, n - K = 239580, an eighth of it 29947.5
        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-4ep",
                        "prune kept=56568",
                        "train kept 4ep-6ep",
                        "prune kept=26620",
                        "train kept 6ep-8ep");
    }

    @Test
    void aRampInTheMiddleOfEpochsCountsUpdates() {
        PlannedCell cell =
                plan(
                        new ScheduleSettings.Ramp(
                                new Moments(
                                        Step.iterations(5),
                                        Step.iterations(20),
                                        Step.iterations(15)),
                                Map.of()),
                        "0.5");

        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-5it",
                        "prune kept=199650",
                        "train kept 5it-2ep",
                        "prune kept=133100",
                        "train kept 2ep-8ep");
    }

    /** fc1 from 2 to 6, fc2 not at all, fc3 by a third at 4 alone. */
    @Test
    void layersGoTheirOwnWay() {
        ScheduleSettings ramp =
                new ScheduleSettings.Ramp(
                        MOMENTS,
                        Map.of(
                                "fc2",
                                new ScheduleSettings.Ramp.OfLayer(BigDecimal.ZERO, null, null),
                                "fc3",
                                new ScheduleSettings.Ramp.OfLayer(
                                        new BigDecimal("0.3"), Step.epochs(4), Step.epochs(5))));
        Recipe recipe = recipe(ramp, Recipe.Scope.LAYER_WISE);

        PlannedCell cell = planned(cell(recipe, "magnitude", "0.9"));

        // fc1 235200: K = 23520, 23520 + 211680 * 2/3 = 164640, * 1/3 = 94080; fc3 1000: 700
        assertThat(prunings(cell))
                .containsExactly(
                        new Kept(List.of(164_640, 30_000, 1000)),
                        new Kept(List.of(94_080, 30_000, 700)),
                        new Kept(List.of(23_520, 30_000, 700)));
        assertThat(cell.facts().sparsityAsked())
                .isEqualTo((266_200 - 23_520 - 30_000 - 700) / 266_200.0);
    }

    @Test
    void iterativePruningFineTunesEachRound() {
        PlannedCell cell =
                plan(new ScheduleSettings.Iterative(2, Shape.GEOMETRIC, null, null), "0.75");

        // 266200 * sqrt(0.25) = 133100, 66550
        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-8ep",
                        "prune kept=133100",
                        "fine-tune fresh 0ep-2ep",
                        "prune kept=66550",
                        "fine-tune fresh 0ep-2ep");
        assertThat(
                        steps(
                                planned(
                                        SomeCells.control(
                                                Control.FINE_TUNED,
                                                recipe(
                                                        new ScheduleSettings.Iterative(
                                                                2, Shape.LINEAR, null, 1)),
                                                7))))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-8ep",
                        "fine-tune fresh 0ep-1ep",
                        "fine-tune fresh 0ep-1ep");
    }

    @Test
    void aLotteryRewindsEachLevel() {
        PlannedCell cell =
                level(lottery("5it", AtRewind.REWOUND, AtRewind.REWOUND), "magnitude", 2);

        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-5it",
                        "train kept 5it-8ep",
                        "prune kept=212960",
                        "rewind",
                        "train kept 5it-8ep",
                        "prune kept=170368",
                        "rewind",
                        "train kept 5it-8ep");
        assertThat(cell.facts().sparsityAsked()).isEqualTo((266_200 - 170_368) / 266_200.0);
        // the dense network is the one that a one-shot cell has, however its training was cut
        assertThat(cell.programme().trunk())
                .isEqualTo(plan(new ScheduleSettings.OneShot(), "0.5").programme().trunk());
    }

    @Test
    void aRatioTakesWholeLevelsAndThenALastOne() {
        PlannedCell cell = plan(lottery("0it", AtRewind.REWOUND, AtRewind.REWOUND), "0.5");

        assertThat(prunings(cell))
                .containsExactly(
                        new Kept(List.of(212_960)),
                        new Kept(List.of(170_368)),
                        new Kept(List.of(136_294)),
                        new Kept(List.of(133_100)));
        assertThat(cell.facts().sparsityAsked()).isEqualTo(0.5);
    }

    @Test
    void learningRateRewindingKeepsTheWeights() {
        assertThat(steps(level(lottery("3ep", AtRewind.KEPT, AtRewind.REWOUND), "magnitude", 1)))
                .endsWith("prune kept=212960", "rewind place", "train fresh 3ep-8ep");
        assertThat(steps(level(lottery("3ep", AtRewind.REWOUND, AtRewind.KEPT), "magnitude", 1)))
                .endsWith("prune kept=212960", "rewind", "train kept 3ep-8ep");
    }

    @Test
    void controlsOfTicketsLeaveOneThingToChance() {
        ScheduleSettings lottery = lottery("5it", AtRewind.REWOUND, AtRewind.REWOUND);

        assertThat(steps(level(lottery, "random-reinitialisation", 1)))
                .endsWith("prune kept=212960", "re-initialise", "train fresh 0ep-8ep");
        assertThat(steps(level(lottery, "one-shot-ticket", 3)))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-5it",
                        "train kept 5it-8ep",
                        "prune kept=136294",
                        "rewind",
                        "train kept 5it-8ep");
        PlannedCell random = level(lottery, "random-mask", 2);
        assertThat(steps(random)).endsWith("borrow shuffled", "train kept 5it-8ep");
        Stage borrowed = random.programme().pruned();
        assertThat(borrowed.inputs().get(1))
                .isEqualTo(level(lottery, "magnitude", 2).programme().pruned());
    }

    /** Where training is pruned as it goes, the control is the training, however many events. */
    @ParameterizedTest
    @MethodSource("duringTraining")
    void theControlIsTheTrainingItself(ScheduleSettings schedule) {
        Recipe recipe = recipe(schedule);

        PlannedCell control = planned(SomeCells.control(Control.FINE_TUNED, recipe, 7));
        PlannedCell other = planned(SomeCells.control(Control.OTHER_ORDER, recipe, 7));

        assertThat(steps(control)).containsExactly("initialise", "train fresh 0ep-8ep");
        assertThat(other.leaf()).isNotEqualTo(control.leaf());
        assertThat(((Train) other.leaf().operation()).to()).isEqualTo(Step.epochs(8));
        assertThatThrownBy(() -> planned(SomeCells.control(Control.TRAINED_AS_LONG, recipe, 7)))
                .hasMessageStartingWith("control trained-as-long is control fine-tuned under");
    }

    static Stream<ScheduleSettings> duringTraining() {
        return Stream.of(
                new ScheduleSettings.Ramp(MOMENTS, Map.of()),
                new ScheduleSettings.Gradual(MOMENTS),
                new ScheduleSettings.PruneAfter(Step.ZERO),
                new ScheduleSettings.PruneAfter(Step.iterations(10)),
                noise(10, Targets.NEW, AfterNoise.KEEP),
                lottery("0ep", AtRewind.REWOUND, AtRewind.REWOUND),
                lottery("5it", AtRewind.REWOUND, AtRewind.REWOUND));
    }

    @Test
    void prunesOnceEarly() {
        assertThat(steps(plan(new ScheduleSettings.PruneAfter(Step.ZERO), "0.5")))
                .containsExactly("initialise", "prune density=0.5", "train fresh 0ep-8ep");
        assertThat(steps(plan(new ScheduleSettings.PruneAfter(Step.iterations(7)), "0.5")))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-7it",
                        "prune density=0.5",
                        "train kept 7it-8ep");
    }

    /**
     * 160 test samples in batches of 128 are 2; 6 of 8 batches are trained, then all is put back.
     */
    @Test
    void noiseComesAndGoes() {
        PlannedCell cell = plan(noise(8, Targets.CUMULATIVE, AfterNoise.RESTORE), "0.9");

        assertThat(steps(cell))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-2ep",
                        "perturb kept=186340",
                        "train kept 2ep-26it noise",
                        "restore",
                        "train kept 26it-4ep",
                        "perturb kept=106480",
                        "train kept 4ep-46it noise",
                        "restore",
                        "train kept 46it-6ep",
                        "perturb kept=26620",
                        "train kept 6ep-66it noise",
                        "restore",
                        "train kept 66it-8ep");
        assertThat(steps(plan(noise(0, Targets.NEW, AfterNoise.KEEP), "0.9")))
                .containsExactly(
                        "initialise",
                        "train fresh 0ep-2ep",
                        "perturb kept=186340",
                        "train kept 2ep-4ep",
                        "perturb kept=106480",
                        "train kept 4ep-6ep",
                        "perturb kept=26620",
                        "train kept 6ep-8ep");
    }

    /** Fine-tuning follows where a recipe has any. */
    @Test
    void fineTuningFollowsWhereItIsAskedFor() {
        Recipe recipe =
                SomeCells.recipe("r", 8, 2)
                        .withSchedule(new ScheduleSettings.PruneAfter(Step.ZERO));

        assertThat(steps(planned(cell(recipe, "magnitude", "0.5"))))
                .endsWith("train fresh 0ep-8ep", "fine-tune fresh 0ep-2ep");
    }

    /** Levels 1 to 5 train each level once; ramps share their start, methods their network. */
    @Test
    void sharesWhatIsShared() {
        List<PlannedCell> levels = new ArrayList<>();
        for (int level = 1; level <= 5; level++) {
            levels.add(
                    level(lottery("0ep", AtRewind.REWOUND, AtRewind.REWOUND), "magnitude", level));
        }
        assertThat(trainings(levels)).isEqualTo(6); // dense, and one of each level
        List<PlannedCell> iterative = new ArrayList<>();
        for (int level = 1; level <= 5; level++) {
            iterative.add(
                    level(
                            new ScheduleSettings.Iterative(null, null, FIFTH, 2),
                            "magnitude",
                            level));
        }
        assertThat(trainings(iterative)).isEqualTo(6);

        List<PlannedCell> ramps = new ArrayList<>();
        for (int period : new int[] {1, 2, 4}) {
            ramps.add(
                    plan(
                            new ScheduleSettings.Ramp(
                                    new Moments(
                                            Step.epochs(2), Step.epochs(6), Step.epochs(period)),
                                    Map.of()),
                            "0.9"));
        }
        assertThat(StageGraph.of(ramps).trunks()).hasSize(1);
        // 1 to start with, then 5, 3 and 2 events, a training after each
        assertThat(trainings(ramps)).isEqualTo(1 + 5 + 3 + 2);

        List<PlannedCell> early = new ArrayList<>();
        for (String method :
                List.of(
                        "random",
                        "magnitude",
                        "gradient",
                        "undecayed",
                        "elimination-compensation")) {
            early.add(
                    planned(
                            cell(
                                    recipe(new ScheduleSettings.PruneAfter(Step.ZERO)),
                                    method,
                                    "0.5")));
        }
        assertThat(early.stream().map(c -> c.programme().dense()).distinct()).hasSize(1);
        assertThat(early.stream().map(PlannedCell::data).distinct()).hasSize(1);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertRefused(
                new ScheduleSettings.Ramp(
                        new Moments(Step.epochs(2), Step.epochs(9), Step.epochs(2)), Map.of()),
                "0.9",
                "end 9ep is after the end of the dense training, 8ep");
        assertRefused(
                new ScheduleSettings.Ramp(
                        new Moments(Step.epochs(2), Step.epochs(6), Step.epochs(9)), Map.of()),
                "0.9",
                "period 9ep is longer than the dense training, 8ep");
        assertRefused(
                new ScheduleSettings.Ramp(
                        new Moments(Step.epochs(6), Step.epochs(2), Step.epochs(1)), Map.of()),
                "0.9",
                "end 2ep is before start 6ep");
        assertRefused(
                new ScheduleSettings.Gradual(
                        new Moments(Step.epochs(2), Step.epochs(3), Step.epochs(2))),
                "0.9",
                "no event lies between start 2ep and end 3ep: the first comes a period after the start, 2ep");
        assertRefused(
                lottery("8ep", AtRewind.REWOUND, AtRewind.REWOUND),
                "0.9",
                "rewind-to 8ep is not before the end of the dense training, 8ep, which is 80 updates");
        assertRefused(
                new ScheduleSettings.PruneAfter(Step.iterations(81)),
                "0.9",
                "prune-after 81it is after the end of the dense training, 8ep");
        assertRefused(
                noise(40, Targets.NEW, AfterNoise.KEEP),
                "0.9",
                "a window of 40 batches from 2ep ends at 5ep, after 4ep, where the next event or the end of the training is");
        // 266 weights go in 900 rounds: 0.3 in the first
        assertRefused(
                new ScheduleSettings.Iterative(900, Shape.LINEAR, null, 1),
                "0.001",
                "event 1 of 900 would prune nothing: 266 weights of 266200 to prune in all");
        assertThatThrownBy(
                        () ->
                                planned(
                                        cell(
                                                recipe(new ScheduleSettings.OneShot()),
                                                "random-mask",
                                                "0.5")))
                .hasMessage(
                        "method random-mask is a control of lottery tickets and needs the schedule lottery or mask-from, got one-shot");
        assertThatThrownBy(() -> level(new ScheduleSettings.OneShot(), "magnitude", 1))
                .hasMessage(
                        "levels need a schedule with a level-ratio, lottery, mask-from or iterative, got one-shot");
        assertThatThrownBy(
                        () ->
                                level(
                                        lottery("0it", AtRewind.REWOUND, AtRewind.REWOUND),
                                        "magnitude",
                                        99))
                .hasMessageMatching("level \\d+ of 99 would prune the last \\d+ of 266200 weights");
    }

    private static void assertRefused(ScheduleSettings schedule, String ratio, String message) {
        assertThatThrownBy(() -> plan(schedule, ratio))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static ScheduleSettings noise(int batches, Targets targets, AfterNoise after) {
        return new ScheduleSettings.Noise(MOMENTS, NoiseKind.ZERO, batches, targets, after, 128);
    }

    private static ScheduleSettings lottery(String to, AtRewind weights, AtRewind rate) {
        return new ScheduleSettings.Lottery(FIFTH, Step.parse(to), weights, rate);
    }

    private static Recipe recipe(ScheduleSettings schedule) {
        return SomeCells.recipe("r", 8, schedule.fineTunes() ? 2 : 0).withSchedule(schedule);
    }

    private static Recipe recipe(ScheduleSettings schedule, Recipe.Scope scope) {
        Recipe recipe = recipe(schedule);
        return new Recipe(
                recipe.name(),
                recipe.engine(),
                recipe.dense(),
                recipe.schedule(),
                recipe.fineTune(),
                scope,
                recipe.outputLayer(),
                recipe.startFrom(),
                recipe.optimizerState(),
                recipe.validation(),
                recipe.trainEvaluation(),
                recipe.recorded(),
                recipe.minPerLayer());
    }

    private static PlannedCell plan(ScheduleSettings schedule, String ratio) {
        return planned(cell(recipe(schedule), "magnitude", ratio));
    }

    private static PlannedCell level(ScheduleSettings schedule, String method, int level) {
        return planned(
                cell(
                        recipe(schedule),
                        method,
                        new Ratio(Ratio.Kind.LEVELS, BigDecimal.valueOf(level))));
    }

    private static Cell cell(Recipe recipe, String method, String ratio) {
        return cell(recipe, method, new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)));
    }

    private static Cell cell(Recipe recipe, String method, Ratio ratio) {
        MethodDefinition definition = Methods.find(method).orElseThrow();
        return new Cell(
                "lenet-300-100",
                "digits",
                BigDecimal.ZERO,
                definition.create().apply(Map.of()).resolve(recipe),
                null,
                ratio,
                recipe,
                7);
    }

    private static long trainings(List<PlannedCell> cells) {
        return StageGraph.of(cells).segments().stream()
                .flatMap(segment -> segment.stages().stream())
                .filter(stage -> stage.operation() instanceof Train)
                .map(Stage::name)
                .distinct()
                .count();
    }

    private static List<Kept> prunings(PlannedCell cell) {
        return chain(cell).stream()
                .filter(stage -> stage.operation() instanceof Prune)
                .map(stage -> (Kept) ((Prune) stage.operation()).choice().amount())
                .toList();
    }

    /** The stages that the cell's network went through. */
    private static List<Stage> chain(PlannedCell cell) {
        List<Stage> chain = new ArrayList<>();
        for (Stage at = cell.leaf(); at != null; at = at.network().orElse(null)) {
            chain.add(0, at);
        }
        return chain;
    }

    private static List<String> steps(PlannedCell cell) {
        return chain(cell).stream().map(SchedulesTest::step).toList();
    }

    private static String step(Stage stage) {
        if (stage.operation() instanceof Train train) {
            return String.join(
                    " ",
                    train.verb(),
                    Text.word(train.state()),
                    train.from() + "-" + train.to() + (train.noise() == null ? "" : " noise"));
        }
        if (stage.operation() instanceof Prune prune) {
            return "prune " + prune.choice().amount().stageText();
        }
        if (stage.operation() instanceof Perturb perturb) {
            return "perturb " + perturb.choice().amount().stageText();
        }
        String text = stage.operation().canonicalText();
        return text.startsWith("rewind") || text.startsWith("borrow shuffled")
                ? text.replaceAll(" mask-seed.*", "")
                : stage.operation().verb();
    }
}
