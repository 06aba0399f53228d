// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules as sweep files write them. */
class ScheduleReaderTest {
    private static final Path PAGE = Path.of("../docs/schedules.md");

    static List<String> examples() throws Exception {
        List<String> examples = new ArrayList<>();
        Matcher lines =
                Pattern.compile("^    schedule: (.*)$", Pattern.MULTILINE)
                        .matcher(Files.readString(PAGE));
        while (lines.find()) {
            examples.add(lines.group(1));
        }
        assertThat(examples).hasSizeGreaterThan(10);
        return examples;
    }

    /** What the page shows is read, and read again from the frozen copy as the same. */
    @ParameterizedTest
    @MethodSource("examples")
    void readsWhatThePageShows(String written) {
        for (Sweep sweep : List.of(inRecipe(written), onAxis(written))) {
            String frozen = FrozenSweep.text(sweep);

            assertThat(Fakes.read(frozen).cells()).isEqualTo(sweep.cells());
            assertThat(FrozenSweep.text(Fakes.read(frozen))).isEqualTo(frozen);
        }
        assertThat(inRecipe(written).cells()).isEqualTo(onAxis(written).cells());
    }

    /** Every schedule and every setting has its place on the page. */
    @Test
    void thePageHasEverySchedule() throws Exception {
        String page = Files.readString(PAGE);
        TreeSet<String> ids = new TreeSet<>();
        for (String written : examples()) {
            ScheduleSettings schedule = schedule(written);
            ids.add(schedule.id());
            for (String setting : schedule.settings().keySet()) {
                if (!(schedule instanceof ScheduleSettings.PruneAfter)) {
                    assertThat(page).contains("`" + setting + "`");
                }
            }
        }
        assertThat(ids)
                .containsExactly(
                        "at-initialisation",
                        "gradual",
                        "iterative",
                        "lottery",
                        "mask-from",
                        "noise",
                        "one-shot",
                        "prune-after",
                        "ramp");
        ids.forEach(id -> assertThat(page).contains("`" + id + "`"));
    }

    /** Epochs count from 0 and mean their ends, as paper 2 counts; steps are moments. */
    @Test
    void countsEpochsAsThePaperDoes() {
        ScheduleSettings.Ramp ramp =
                (ScheduleSettings.Ramp) schedule("{ramp: {start: 3, end: 27, period: 4}}");

        assertThat(ramp.moments())
                .isEqualTo(
                        new ScheduleSettings.Moments(
                                Step.epochs(4), Step.epochs(28), Step.epochs(4)));
        assertThat(schedule("{ramp: {start: 4ep, end: 28ep, period: 4ep}}")).isEqualTo(ramp);
        assertThat(ramp.canonicalText()).isEqualTo("ramp(start=4ep,end=28ep,period=4ep)");
    }

    @Test
    void fillsDefaultsIn() {
        assertThat(schedule("lottery").canonicalText())
                .isEqualTo(
                        "lottery(level-ratio=0.2,rewind-to=0ep,weights=rewound,learning-rate=rewound)");
        assertThat(schedule("{lottery: {rewind-to: 0it}}")).isEqualTo(schedule("lottery"));
        assertThat(schedule("{iterative: {rounds: 3}}").canonicalText())
                .isEqualTo("iterative(rounds=3,shape=geometric,epochs=5)");
        assertThat(schedule("{prune-after: 0it}")).isEqualTo(schedule("at-initialisation"));
    }

    /** A recipe needs no fine-tuning where its schedule does none. */
    @Test
    void fineTuningIsForSchedulesThatFineTune() {
        String without = Fakes.valid("  fine-tune: {epochs: 5}\n", "  schedule: lottery\n");

        assertThat(Fakes.read(without).recipes().get(0).fineTune().epochs()).isZero();
        assertThatThrownBy(
                        () ->
                                Fakes.read(
                                        Fakes.valid(
                                                "  fine-tune: {epochs: 5}\n",
                                                "  schedule: {iterative: {rounds: 2}}\n")))
                .hasMessageContaining("recipe.fine-tune: expected a mapping such as {epochs: 5}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ramp|recipe.schedule: expected settings of schedule ramp, as in {ramp: {start: 3, end: 27, period: 4}}",
                "{one-shot: {}}|recipe.schedule.one-shot: expected no settings: write schedule: one-shot",
                "{lotery: {rewind-to: 0it}}|recipe.schedule.lotery: unknown \"lotery\"; did you mean \"lottery\"?",
                "{lottery: {rewind-too: 0it}}|recipe.schedule.lottery.rewind-too: unknown key; did you mean \"rewind-to\"?",
                "{lottery: {rewind-to: 500}}|recipe.schedule.lottery.rewind-to: expected epochs or iterations such as 2ep or 500it, got 500",
                "{lottery: {level-ratio: 1}}|recipe.schedule.lottery.level-ratio: expected a fraction in (0, 1), got 1",
                "{lottery: {weights: keep}}|recipe.schedule.lottery.weights: unknown \"keep\"; did you mean \"kept\"?",
                "{iterative: {epochs: 2}}|recipe.schedule.iterative: expected rounds (and shape), or level-ratio, got neither",
                "{iterative: {rounds: 2, level-ratio: 0.2}}|recipe.schedule.iterative: expected rounds (and shape), or level-ratio, got level-ratio and rounds or shape",
                "{iterative: {rounds: 0}}|recipe.schedule.iterative.rounds: expected a whole number of rounds from 1 to 1000, got 0",
                "{ramp: {start: 3, end: 27}}|recipe.schedule.ramp.period: expected a number of epochs, or a step such as 4ep or 100it, got nothing",
                "{ramp: {start: soon, end: 27, period: 4}}|recipe.schedule.ramp.start: expected an epoch, counted from 0, at whose end it happens, or a step such as 4ep or 500it, got \"soon\"",
                "{ramp: {start: 3, end: 27, period: 4, layers: {fc1: {ratio: 1}}}}|recipe.schedule.ramp.layers.fc1.ratio: expected a fraction in [0, 1), got 1",
                "{mask-from: {dataset: minst}}|recipe.schedule.mask-from.dataset: unknown \"minst\"; did you mean \"mnist\"?",
                "{mask-from: {noise: 0}}|recipe.schedule.mask-from.dataset: expected the name of a data set, got nothing",
                "{noise: {start: 0, end: 0, period: 1}}|recipe.schedule.noise.batches: expected a number of batches, as in batches: 129, got nothing",
                "{noise: {start: 0, end: 0, period: 1, batches: 1, kind: gaussian}}|recipe.schedule.noise.kind: unknown \"gaussian\"",
                "{prune-after: soon}|recipe.schedule.prune-after: expected epochs or iterations such as 2ep or 500it, got \"soon\"",
                "{ramp: {start: 3, end: 27, period: 4}, lottery: {}}|recipe.schedule: expected a schedule, or one with its settings such as {lottery: {rewind-to: 500it}}",
            })
    void saysWhatIsWrong(String written, String problem) {
        assertThatThrownBy(() -> inRecipe(written))
                .isInstanceOf(SweepFileException.class)
                .hasMessageContaining(": " + problem);
    }

    /** Levels are whole, and a file that has them on its axis keeps them in its frozen copy. */
    @Test
    void readsLevels() {
        String levels = Fakes.valid("  fine-tune: {epochs: 5}\n", "  schedule: lottery\n");
        String axis = levels.replaceFirst("  pruning-ratio: .*\n", "  levels: 0..10\n");
        Sweep sweep = Fakes.read(axis);

        assertThat(FrozenSweep.text(sweep)).contains("levels: [0..10]");
        assertThat(Fakes.read(FrozenSweep.text(sweep)).cells()).isEqualTo(sweep.cells());
        assertThat(sweep.cells().get(0).control()).isNotNull();
        assertThatThrownBy(
                        () ->
                                Fakes.read(
                                        levels.replaceFirst(
                                                "  pruning-ratio: .*\n", "  levels: 1.5\n")))
                .hasMessageContaining(
                        "grid.levels: expected a whole number of levels, or a range such as 1..10, got 1.5");
    }

    /** A pattern of schedules removes the cells of those. */
    @Test
    void excludesSchedules() {
        String axis =
                Fakes.valid(
                        "  pruning-ratio:",
                        "  schedule: [one-shot, at-initialisation]\n"
                                + "  exclude: [{schedule: one-shot}]\n"
                                + "  pruning-ratio:");

        assertThat(Fakes.read(axis).cells())
                .isNotEmpty()
                .allMatch(cell -> cell.recipe().schedule().id().equals("at-initialisation"));
    }

    private static ScheduleSettings schedule(String written) {
        return inRecipe(written).recipes().get(0).schedule();
    }

    private static Sweep inRecipe(String written) {
        return Fakes.read(
                Fakes.valid(
                        "  fine-tune: {epochs: 5}\n",
                        "  fine-tune: {epochs: 5}\n  schedule: " + written + "\n"));
    }

    private static Sweep onAxis(String written) {
        return Fakes.read(
                Fakes.valid("  pruning-ratio:", "  schedule: [" + written + "]\n  pruning-ratio:"));
    }
}
