// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.espalier.experiments.journal.SomeEntries.layer;
import static org.espalier.experiments.journal.SomeEntries.measured;
import static org.espalier.experiments.journal.SomeEntries.measures;
import static org.espalier.experiments.journal.SomeEntries.perturbed;
import static org.espalier.experiments.journal.SomeEntries.point;
import static org.espalier.experiments.journal.SomeEntries.predictions;
import static org.espalier.experiments.journal.SomeEntries.pruned;
import static org.espalier.experiments.journal.SomeEntries.rate;
import static org.espalier.experiments.journal.SomeEntries.scoring;
import static org.espalier.experiments.journal.SomeEntries.selection;
import static org.espalier.experiments.journal.SomeEntries.test;
import static org.espalier.experiments.journal.SomeEntries.train;
import static org.espalier.experiments.journal.SomeEntries.trained;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.journal.Entry.Note;
import org.espalier.experiments.journal.Entry.Pruned;
import org.espalier.experiments.journal.Entry.Rewound;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.SomeCells;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Event;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Moment;
import org.espalier.results.CellRow.Perturbation;
import org.espalier.results.CellRow.Round;
import org.espalier.results.CellRow.Sparsity;
import org.espalier.results.CellRow.Ticket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
    private static final Recipe RECIPE = SomeCells.recipe("default", 2, 1);
    private static final PlannedCell CELL = twoRounds();
    private static final String DENSE = CELL.programme().dense().name();
    private static final String PRUNED = CELL.programme().pruned().name();
    private static final String LEAF = CELL.leaf().name();
    private static final Stage FIRST = CELL.programme().pruned().network().orElseThrow();
    private static final String ONE_TUNED = FIRST.name();
    private static final String ONE_PRUNED = FIRST.network().orElseThrow().name();

    /**
     * Dense 2 epochs, 0.9; half pruned, 0.6; 1 epoch, 0.8; 120 of 150 pruned, 0.4; 3 epochs, 0.7.
     */
    private static final List<Entry> ENTRIES =
            List.of(
                    trained(DENSE, "dense", 0, 0, 2, test(0.9)),
                    measured(DENSE, train(0.125)),
                    pruned(
                            ONE_PRUNED,
                            DENSE,
                            0.5,
                            new int[] {50, 50},
                            new int[] {25, 25},
                            test(0.9),
                            test(0.6)),
                    trained(ONE_TUNED, "fine-tune", 1, 0, 1, test(0.8)),
                    pruned(
                            PRUNED,
                            ONE_TUNED,
                            0.8,
                            new int[] {90, 40},
                            new int[] {30, 5},
                            test(0.8),
                            test(0.4)),
                    measured(PRUNED, train(0.5)),
                    measured(PRUNED, predictions(4)),
                    trained(LEAF, "fine-tune", 2, 0, 3, test(0.7)));

    private static final Projection WHOLE = project(ENTRIES);

    /** A cell that prunes, trains, prunes and trains. */
    private static PlannedCell twoRounds() {
        PlannedCell one = SomeCells.planned(SomeCells.cell("magnitude", "0.8", RECIPE, 1));
        Programme programme = one.programme();
        Stage data = one.leaf().data().orElseThrow();
        Stage pruned = Stage.of(programme.pruned().operation(), one.leaf(), data);
        Stage leaf = Stage.of(one.leaf().operation(), pruned, data);
        return new PlannedCell(
                one.cell(),
                one.id(),
                one.seeds(),
                new Programme(programme.trunk(), programme.dense(), pruned, leaf, List.of()),
                one.facts(),
                one.arithmetic());
    }

    private static Projection project(List<? extends Entry> entries) {
        return new Projection(CELL, Journal.EMPTY.plus(entries));
    }

    @Test
    void tellsOfThreeNetworks() {
        assertThat(WHOLE.dense()).isEqualTo(Evaluations.merged(test(0.9), train(0.125)));
        assertThat(WHOLE.pruned())
                .isEqualTo(
                        new Evaluation(
                                measures(1 - 0.4, 0.4),
                                null,
                                measures(0.5, 0.5),
                                null,
                                null,
                                predictions(4).predictions()));
        assertThat(WHOLE.fineTuned()).isEqualTo(test(0.7));
    }

    @ParameterizedTest
    @EnumSource(Control.class)
    void aControlsPrunedNetworkIsTheDenseOne(Control kind) {
        PlannedCell control = SomeCells.planned(SomeCells.control(kind, RECIPE, 1));
        Projection projection =
                new Projection(
                        control,
                        new Journal(
                                List.of(
                                        trained(
                                                control.programme().trunk().name(),
                                                "dense",
                                                0,
                                                0,
                                                2,
                                                test(0.9)),
                                        trained(
                                                control.leaf().name(),
                                                "fine-tune",
                                                0,
                                                0,
                                                1,
                                                test(0.95)))));

        assertThat(projection.dense()).isEqualTo(test(0.9));
        assertThat(projection.pruned()).isEqualTo(test(0.9));
        assertThat(projection.fineTuned()).isEqualTo(test(0.95));
        assertThat(projection.rounds()).isEmpty();
        assertThat(projection.events()).isEmpty();
        assertThat(projection.ticket()).isNull();
        // lenet-300-100 on 28 x 28: 784 * 300, 300 * 100, 100 * 10
        assertThat(projection.sparsity())
                .isEqualTo(
                        new Sparsity(
                                0.0,
                                0.0,
                                1.0,
                                List.of(
                                        new LayerSparsity("fc1", 235_200, 0, 0),
                                        new LayerSparsity("fc2", 30_000, 0, 0),
                                        new LayerSparsity("fc3", 1000, 0, 0)),
                                0));
    }

    @Test
    void joinsTheCurvesOfAllPhases() {
        assertThat(WHOLE.curve())
                .containsExactly(
                        point("dense", 0, 1),
                        point("dense", 0, 2),
                        point("fine-tune", 1, 1),
                        point("fine-tune", 2, 1),
                        point("fine-tune", 2, 2),
                        point("fine-tune", 2, 3));
    }

    /** Phases of one name in two rounds are two; of a phase in parts the last part knows all. */
    @Test
    void selectsInEveryPhaseOfEveryRound() {
        assertThat(WHOLE.selections())
                .containsExactly(
                        selection("dense", 0, 2),
                        selection("fine-tune", 1, 1),
                        selection("fine-tune", 2, 3));
        assertThat(
                        project(
                                        List.of(
                                                trained("cut", "dense", 0, 0, 1, null),
                                                trained(DENSE, "dense", 0, 1, 2, null)))
                                .selections())
                .containsExactly(selection("dense", 0, 2));
    }

    /** 75 and 120 of 150 are pruned. */
    @Test
    void roundsDoNotOverwriteEachOther() {
        assertThat(WHOLE.rounds())
                .containsExactly(
                        new Round(1, 0.5, 1, test(0.9).test(), test(0.6).test(), test(0.8).test()),
                        new Round(2, 0.8, 3, test(0.8).test(), test(0.4).test(), test(0.7).test()));
    }

    /**
     * Touched 50 + 25 and 40 + 5, remaining 75 and 10 + 20; instability 0.3 / 0.9 and 0.4 / 0.8.
     * The loss on the training samples is known of the dense and of the last pruned network.
     */
    @Test
    void tellsOfEveryPruning() {
        List<Event> events = WHOLE.events();

        assertThat(events).hasSize(2);
        assertThat(events.get(0).instability()).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(events.get(0))
                .isEqualTo(
                        new Event(
                                "prune",
                                "small",
                                "dense",
                                7,
                                3,
                                rate(2),
                                0.5,
                                75,
                                75,
                                List.of(layer("a", 50, 50), layer("b", 25, 25)),
                                new Moment(1 - 0.9, 0.9, List.of(9L), 0.125),
                                new Moment(1 - 0.6, 0.6, List.of(6L), null),
                                events.get(0).instability(),
                                scoring("magnitude", 2),
                                0.75,
                                null));
        assertThat(events.get(1).instability()).isCloseTo(0.5, within(1e-15));
        assertThat(events.get(1))
                .isEqualTo(
                        new Event(
                                "prune",
                                "small",
                                "fine-tune",
                                7,
                                3,
                                rate(1),
                                0.8,
                                45,
                                30,
                                List.of(layer("a", 40, 10), layer("b", 5, 20)),
                                new Moment(1 - 0.8, 0.8, List.of(8L), null),
                                new Moment(1 - 0.4, 0.4, List.of(4L), 0.5),
                                events.get(1).instability(),
                                scoring("magnitude", 2),
                                0.75,
                                null));
    }

    /** Instability is relative to the accuracy before: (0.75 - 0.5) / 0.75. */
    @ParameterizedTest
    @CsvSource({"zero, , false, 1, small", "gauss, 0.25, false, 1, small", "restore, , true, 0,"})
    void tellsOfNoise(String kind, Double sigma, boolean restored, int batches, String target) {
        Event event =
                project(
                                List.of(
                                        trained(DENSE, "dense", 0, 0, 2, test(0.9)),
                                        perturbed("z", DENSE, kind, sigma)))
                        .events()
                        .get(0);

        assertThat(event.instability()).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(event)
                .isEqualTo(
                        new Event(
                                kind,
                                target,
                                "dense",
                                2,
                                1,
                                rate(2),
                                null,
                                10,
                                100,
                                List.of(layer("a", 10, 100)),
                                new Moment(0.25, 0.75, List.of(8L), null),
                                new Moment(0.5, 0.5, List.of(5L), null),
                                event.instability(),
                                restored ? null : scoring("magnitude", 4),
                                null,
                                new Perturbation(sigma, 0, batches, restored)));
    }

    @Test
    void tellsWhichScoresWereTaken() {
        PruningMethod large =
                Methods.find("magnitude").orElseThrow().create().apply(Map.of("target", "large"));
        Cell cell = CELL.cell();
        PlannedCell planned =
                SomeCells.planned(
                        new Cell(
                                cell.architecture(),
                                cell.dataset(),
                                cell.noise(),
                                large,
                                null,
                                cell.ratio(),
                                cell.recipe(),
                                1));
        Journal journal =
                Journal.EMPTY.plus(
                        List.of(
                                pruned("p", DENSE, 0.5, new int[2], new int[2], null, null),
                                perturbed("z", "p", "zero", null)));

        assertThat(new Projection(planned, journal).events())
                .extracting(Event::target)
                .containsExactly("large", "large");
        assertThat(new Projection(CELL, journal).events())
                .extracting(Event::target)
                .containsExactly("small", "small");
    }

    @Test
    void tellsOfARewindAndOfChance() {
        Pruned chance =
                new Pruned(
                        "p",
                        DENSE,
                        Place.START,
                        0.5,
                        2,
                        List.of(),
                        List.of(),
                        scoring("random", 1),
                        null,
                        "mask",
                        null,
                        test(0),
                        test(0.5),
                        0);
        Rewound rewound =
                new Rewound("r", new Place(1, 4), "rewind", List.of(layer("b", 7, 9)), "1ep");

        List<Event> events = project(List.of(chance, rewound)).events();

        // before any training its phase is the dense one, and no rate was used; nothing is
        // relative to an accuracy of 0
        assertThat(events.get(0))
                .extracting(Event::target, Event::phase, Event::learningRate, Event::instability)
                .containsExactly("random", "dense", null, null);
        assertThat(events.get(1))
                .isEqualTo(
                        new Event(
                                "rewind",
                                null,
                                "dense",
                                1,
                                4,
                                null,
                                null,
                                7,
                                9,
                                List.of(layer("b", 7, 9)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    @Test
    void theLastPruningSaysHowMuchIsPruned() {
        assertThat(WHOLE.sparsity())
                .isEqualTo(
                        new Sparsity(
                                0.8,
                                0.8,
                                5.0, // 150 / 30
                                List.of(
                                        new LayerSparsity("a", 100, 90, 90),
                                        new LayerSparsity("b", 50, 30, 30)),
                                0));
        Pruned layerless =
                pruned("p", DENSE, 0.8, new int[] {70, 70}, new int[] {50, 50}, null, null);
        assertThat(project(List.of(layerless)).sparsity().emptyLayers()).isEqualTo(1);
    }

    @Test
    void aTicketIsTheLastMaskAndWhereItStarts() {
        assertThat(WHOLE.ticket())
                .isEqualTo(new Ticket("mask of " + PRUNED, 2, "trained", null, null, null, null));
        List<Entry> entries = new ArrayList<>(ENTRIES.subList(0, 3));
        entries.add(new Rewound("r", Place.START, "rewind", List.of(), "500it"));
        assertThat(project(entries).ticket())
                .isEqualTo(
                        new Ticket(
                                "mask of " + ONE_PRUNED, 1, "rewound", "500it", null, null, null));
        entries.add(new Rewound("n", Place.START, "re-initialise", List.of(), null));
        assertThat(project(entries).ticket())
                .isEqualTo(
                        new Ticket(
                                "mask of " + ONE_PRUNED,
                                1,
                                "re-initialised",
                                null,
                                null,
                                null,
                                null));
    }

    @Test
    void saysEachNoteOnceTheMethodsFirst() {
        Cell cell =
                new Cell(
                        "lenet-300-100",
                        "digits",
                        BigDecimal.ZERO,
                        Methods.find("undecayed")
                                .orElseThrow()
                                .create()
                                .apply(Map.of())
                                .resolve(RECIPE),
                        null,
                        new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.5")),
                        RECIPE,
                        1);
        Journal journal =
                new Journal(
                        List.of(
                                new Note("p1", "layer a is empty"),
                                new Note("p2", "another"),
                                new Note("p2", "layer a is empty")));

        assertThat(new Projection(SomeCells.planned(cell), journal).notes())
                .containsExactly(
                        "equals gradient: the weight decay of undecayed is 0",
                        "layer a is empty",
                        "another");
        assertThat(WHOLE.notes()).isEmpty();
        assertThat(
                        new Projection(
                                        SomeCells.planned(
                                                SomeCells.control(Control.FINE_TUNED, RECIPE, 1)),
                                        journal)
                                .notes())
                .containsExactly("layer a is empty", "another");
    }

    /**
     * Training takes a second an epoch, scoring 2 a pruning and 4 a perturbation; measuring 0.5 a
     * training, 0.25 a pruning, 0.125 a perturbation and 0.0625 by itself.
     */
    @Test
    void addsUpTimes() {
        List<Entry> entries = new ArrayList<>(ENTRIES);
        entries.add(perturbed("z", LEAF, "zero", null));
        entries.add(perturbed("z2", "z", "restore", null));
        Projection projection = project(entries);

        assertThat(projection.trunkSeconds()).isEqualTo(2);
        assertThat(projection.fineTuneSeconds()).isEqualTo(1 + 3);
        assertThat(projection.scoreSeconds()).isEqualTo(2 + 2 + 4);
        assertThat(projection.evaluateSeconds())
                .isEqualTo(3 * 0.5 + 2 * 0.25 + 2 * 0.125 + 3 * 0.0625);
    }

    @Test
    void ofACellThatNeverBeganNothingIsKnown() {
        Projection nothing = project(List.of());

        assertThat(nothing.dense()).isNull();
        assertThat(nothing.pruned()).isNull();
        assertThat(nothing.fineTuned()).isNull();
        assertThat(nothing.curve()).isEmpty();
        assertThat(nothing.selections()).isEmpty();
        assertThat(nothing.rounds()).isEmpty();
        assertThat(nothing.events()).isEmpty();
        assertThat(nothing.sparsity()).isEqualTo(new Sparsity(0.8, null, null, List.of(), null));
        assertThat(nothing.ticket()).isNull();
        assertThat(nothing.notes()).isEmpty();
        assertThat(nothing.trunkSeconds()).isZero();
        assertThat(nothing.evaluateSeconds()).isZero();
    }

    /** Wherever it ends, what was measured until then stays, and nothing else is told. */
    @Test
    void aCellThatFailedKeepsWhatWasMeasured() {
        int prunings = 0;
        for (int end = 1; end <= ENTRIES.size(); end++) {
            Projection part = project(ENTRIES.subList(0, end));
            prunings += ENTRIES.get(end - 1) instanceof Pruned ? 1 : 0;

            assertThat(part.dense().test()).isEqualTo(test(0.9).test());
            assertThat(part.pruned() != null).as("%d", end).isEqualTo(end >= 5);
            assertThat(part.fineTuned() != null).as("%d", end).isEqualTo(end >= 8);
            assertThat(part.curve()).isEqualTo(WHOLE.curve().subList(0, part.curve().size()));
            assertThat(part.selections())
                    .isEqualTo(WHOLE.selections().subList(0, part.selections().size()));
            assertThat(part.rounds()).hasSize(prunings);
            assertThat(part.events()).hasSize(prunings);
            if (prunings == 2) {
                assertThat(part.rounds().get(0)).isEqualTo(WHOLE.rounds().get(0));
                assertThat(part.sparsity()).isEqualTo(WHOLE.sparsity());
                assertThat(part.ticket()).isEqualTo(WHOLE.ticket());
            }
        }
        assertThat(prunings).isEqualTo(2);
        assertThat(project(ENTRIES.subList(0, 5)).rounds().get(1))
                .isEqualTo(new Round(2, 0.8, 0, test(0.8).test(), test(0.4).test(), null));
    }

    /** A training that diverged has epochs and no network; a pruning may end before it measured. */
    @Test
    void entriesOfAFailureAreHalfFilled() {
        List<Entry> entries = new ArrayList<>(ENTRIES.subList(0, 4));
        entries.add(
                pruned(
                        PRUNED,
                        ONE_TUNED,
                        0.8,
                        new int[] {90, 40},
                        new int[] {30, 5},
                        test(0.8),
                        null));
        Projection unmeasured = project(entries);
        assertThat(unmeasured.pruned()).isNull();
        assertThat(unmeasured.rounds().get(1))
                .isEqualTo(new Round(2, 0.8, 0, test(0.8).test(), null, null));
        assertThat(unmeasured.events().get(1).after()).isNull();
        assertThat(unmeasured.events().get(1).instability()).isNull();
        assertThat(unmeasured.sparsity().achieved()).isEqualTo(0.8);

        entries.set(4, ENTRIES.get(4));
        entries.add(trained(LEAF, "fine-tune", 2, 0, 2, null));
        Projection diverged = project(entries);
        assertThat(diverged.fineTuned()).isNull();
        assertThat(diverged.pruned()).isEqualTo(test(0.4));
        assertThat(diverged.curve()).hasSize(2 + 1 + 2);
        assertThat(diverged.rounds().get(1).epochs()).isEqualTo(2);
        assertThat(diverged.rounds().get(1).end()).isNull();
        assertThat(diverged.fineTuneSeconds()).isEqualTo(1 + 2);
    }

    /** Cut anywhere, also within an epoch, with other networks measured where it was cut. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void howTrainingsWereCutMakesNoDifference(long seed) {
        RandomStream random = new RandomStream(seed);
        List<Entry> cut = new ArrayList<>();
        for (Entry entry : ENTRIES) {
            if (entry instanceof Trained whole) {
                cut.addAll(parts(random, whole));
            } else {
                cut.add(entry);
            }
        }
        Projection projection = project(cut);

        assertThat(projection.dense()).isEqualTo(WHOLE.dense());
        assertThat(projection.pruned()).isEqualTo(WHOLE.pruned());
        assertThat(projection.fineTuned()).isEqualTo(WHOLE.fineTuned());
        assertThat(projection.curve()).isEqualTo(WHOLE.curve());
        assertThat(projection.selections()).isEqualTo(WHOLE.selections());
        assertThat(projection.rounds()).isEqualTo(WHOLE.rounds());
        assertThat(projection.events()).isEqualTo(WHOLE.events());
        assertThat(projection.sparsity()).isEqualTo(WHOLE.sparsity());
        assertThat(projection.ticket()).isEqualTo(WHOLE.ticket());
        assertThat(projection.trunkSeconds()).isEqualTo(WHOLE.trunkSeconds());
        assertThat(projection.fineTuneSeconds()).isEqualTo(WHOLE.fineTuneSeconds());
    }

    /** At least two; a part without an epoch's end is one that was left within it. */
    private static List<Trained> parts(RandomStream random, Trained whole) {
        int epochs = whole.curve().size();
        List<Trained> parts = new ArrayList<>();
        int from = 0;
        for (int cuts = 1 + random.nextInt(3); cuts > 0; cuts--) {
            int to = from + random.nextInt(epochs - from + 1);
            parts.add(
                    trained(
                            "cut " + parts.size(),
                            whole.phase(),
                            whole.round(),
                            from,
                            to,
                            random.nextInt(2) == 0 ? null : test(0.1)));
            from = to;
        }
        parts.add(
                trained(
                        whole.stage(),
                        whole.phase(),
                        whole.round(),
                        from,
                        epochs,
                        whole.evaluation()));
        return parts;
    }
}
