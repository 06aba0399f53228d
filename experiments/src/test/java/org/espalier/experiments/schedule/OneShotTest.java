// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.experiments.stage.SomeCells.cell;
import static org.espalier.experiments.stage.SomeCells.control;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Recipe.OptimizerState;
import org.espalier.experiments.recipe.Recipe.OutputLayer;
import org.espalier.experiments.recipe.Recipe.Recorded;
import org.espalier.experiments.recipe.Recipe.Scope;
import org.espalier.experiments.recipe.Recipe.StartFrom;
import org.espalier.experiments.recipe.Recipe.TrainEvaluation;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.SomeCells;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Drops;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OneShotTest {
    private static final Facts FACTS =
            new Facts(
                    Facts.CLASSIFICATION,
                    10,
                    110,
                    List.of(new Facts.PrunableLayer("fc1", 100)),
                    0.5,
                    0);
    private static final Arithmetic ARITHMETIC = new Arithmetic("some", "some-1");
    private static final Recipe PLAIN = SomeCells.recipe("default", 5, 3);
    private static final Recipe BEST =
            with(PLAIN, Scope.GLOBAL, OutputLayer.PRUNE, StartFrom.BEST_VALIDATION);

    @Test
    void seedsAreTheCellsButForTheOtherOrder() {
        assertThat(Schedule.seeds(cell("magnitude", "0.5", PLAIN, 7))).isEqualTo(Seeds.all(7));
        assertThat(Schedule.seeds(control(Control.FINE_TUNED, PLAIN, 7))).isEqualTo(Seeds.all(7));
        assertThat(Schedule.seeds(control(Control.TRAINED_AS_LONG, PLAIN, 7)))
                .isEqualTo(Seeds.all(7));
        // -1 - 7
        assertThat(Schedule.seeds(control(Control.OTHER_ORDER, PLAIN, 7)))
                .isEqualTo(new Seeds(7, 7, -8, 7, 7, 7, 7, 7));
    }

    @Test
    void prunesTheDenseNetworkAndTrainsOn() {
        Programme programme = programme(cell("magnitude", "0.5", PLAIN, 7));

        assertThat(steps(programme)).isEqualTo("initialise, load, train, prune, fine-tune");
        assertThat(programme.dense()).isEqualTo(programme.trunk());
        assertThat(programme.leaf().network()).hasValue(programme.pruned());
        assertThat(programme.pruned().network()).hasValue(programme.dense());
        assertThat(programme.pruned().operation()).isInstanceOf(Prune.class);
        Stage data = data(programme);
        assertThat(programme.trunk().others()).containsExactly(data);
        assertThat(programme.pruned().others()).containsExactly(data);
        assertThat(programme.leaf().others()).containsExactly(data);
        assertThat(programme.trunk().network().orElseThrow().operation())
                .isEqualTo(new Initialise("lenet-300-100", "structure", 7));
        assertThat(data.operation())
                .isEqualTo(new Data("digits", "digits-1", BigDecimal.ZERO, 7, BigDecimal.ZERO, 7));
        // 641 samples in batches of 64
        assertThat(train(programme.trunk()))
                .isEqualTo(
                        new Train(
                                Train.DENSE,
                                PLAIN.dense(),
                                Step.ZERO,
                                Step.epochs(5),
                                new EpochLength(11),
                                OptimizerState.FRESH,
                                7,
                                OptionalSeed.NONE,
                                ARITHMETIC));
        assertThat(train(programme.leaf()))
                .isEqualTo(
                        new Train(
                                Train.FINE_TUNE,
                                PLAIN.fineTune(),
                                Step.ZERO,
                                Step.epochs(3),
                                new EpochLength(11),
                                OptimizerState.FRESH,
                                7,
                                OptionalSeed.NONE,
                                ARITHMETIC));
    }

    /** 641 samples less 64 held out are 577: ten batches of which the last is one sample. */
    @Test
    void startsFromTheBestByValidation() {
        Programme programme = programme(cell("magnitude", "0.5", BEST, 7));

        assertThat(steps(programme))
                .isEqualTo("initialise, load, train, restore, prune, fine-tune");
        assertThat(programme.dense().operation())
                .isEqualTo(new Restore(Restore.What.BEST_VALIDATION, ARITHMETIC));
        assertThat(programme.dense().inputs()).containsExactly(programme.trunk());
        assertThat(programme.pruned().network()).hasValue(programme.dense());
        assertThat(train(programme.trunk()).epoch().iterations()).isEqualTo(10);
        assertThat(((Data) data(programme).operation()).validation())
                .isEqualTo(new BigDecimal("0.1"));
    }

    @Test
    void theFineTunedControlLeavesThePruningOut() {
        Programme pruned = programme(cell("magnitude", "0.5", PLAIN, 7));
        Programme control = programme(control(Control.FINE_TUNED, PLAIN, 7));
        Programme best = programme(control(Control.FINE_TUNED, BEST, 7));

        assertThat(steps(control)).isEqualTo("initialise, load, train, fine-tune");
        assertThat(control.trunk()).isEqualTo(pruned.trunk());
        assertThat(control.dense()).isEqualTo(control.trunk());
        assertThat(control.pruned()).isEqualTo(control.dense());
        assertThat(control.leaf().network()).hasValue(control.dense());
        assertThat(train(control.leaf())).isEqualTo(train(pruned.leaf()));
        assertThat(steps(best)).isEqualTo("initialise, load, train, restore, fine-tune");
        assertThat(best.dense()).isEqualTo(programme(cell("magnitude", "0.5", BEST, 7)).dense());
        assertThat(best.pruned()).isEqualTo(best.dense());
    }

    @Test
    void theOtherOrderSharesTheTrunkAndNotTheFineTuning() {
        for (Recipe recipe : List.of(PLAIN, BEST)) {
            Programme tuned = programme(control(Control.FINE_TUNED, recipe, 7));
            Programme other = programme(control(Control.OTHER_ORDER, recipe, 7));

            assertThat(steps(other)).isEqualTo(steps(tuned));
            assertThat(other.trunk()).isEqualTo(tuned.trunk());
            assertThat(other.dense()).isEqualTo(tuned.dense());
            assertThat(other.leaf()).isNotEqualTo(tuned.leaf());
            assertThat(other.leaf().inputs()).isEqualTo(tuned.leaf().inputs());
            assertThat(train(tuned.leaf()).orderSeed()).isEqualTo(7);
            assertThat(train(other.leaf()).orderSeed()).isEqualTo(-8);
        }
    }

    /** From the last epoch, whichever network pruning starts from. */
    @Test
    void theControlTrainedAsLongGoesOnWithTheTrunk() {
        for (Recipe recipe : List.of(PLAIN, BEST)) {
            Programme control = programme(control(Control.TRAINED_AS_LONG, recipe, 7));

            assertThat(steps(control)).isEqualTo("initialise, load, train, train");
            assertThat(control.trunk())
                    .isEqualTo(programme(cell("magnitude", "0.5", recipe, 7)).trunk());
            assertThat(control.dense()).isEqualTo(control.trunk());
            assertThat(control.pruned()).isEqualTo(control.trunk());
            assertThat(control.leaf().network()).hasValue(control.trunk());
            Train last = train(control.leaf());
            assertThat(last.state()).isEqualTo(OptimizerState.KEPT);
            assertThat(last.continues(train(control.trunk()))).isTrue();
            assertThat(last.from()).isEqualTo(Step.epochs(5));
            assertThat(last.to()).isEqualTo(Step.epochs(5 + 3));
            assertThat(last.phase()).isEqualTo(Train.DENSE);
        }
    }

    /** It is the network of a recipe that trains 5 + 3 epochs, and with no more its own trunk. */
    @Test
    void theControlTrainedAsLongIsALongerDenseTraining() {
        assertThat(programme(control(Control.TRAINED_AS_LONG, PLAIN, 7)).leaf())
                .isEqualTo(
                        programme(cell("magnitude", "0.5", SomeCells.recipe("long", 8, 1), 7))
                                .trunk());
        Programme none =
                programme(control(Control.TRAINED_AS_LONG, SomeCells.recipe("none", 5, 0), 7));
        assertThat(none.leaf()).isEqualTo(none.trunk());
        assertThat(none.measures()).hasSize(1);
    }

    /** As many epochs as two ints count are more than one holds. */
    @Test
    void trainsAsLongAsAsked() {
        int most = Integer.MAX_VALUE;

        Programme longest =
                programme(
                        control(Control.TRAINED_AS_LONG, SomeCells.recipe("long", most, most), 7));

        assertThat(train(longest.leaf()).to()).hasToString("4294967294ep");
    }

    @Test
    void whatOnlyPruningSeesLeavesTheTrunkAlone() {
        Recipe layerWise = with(PLAIN, Scope.LAYER_WISE, OutputLayer.PRUNE, StartFrom.LAST);
        Recipe keep = with(PLAIN, Scope.GLOBAL, OutputLayer.KEEP, StartFrom.LAST);
        List<Programme> programmes =
                List.of(
                        programme(cell("magnitude", "0.5", PLAIN, 7)),
                        programme(cell("magnitude", "0.5", layerWise, 7)),
                        programme(cell("magnitude", "0.5", keep, 7)),
                        programme(cell("random", "0.5", PLAIN, 7)),
                        programme(cell("magnitude", "0.9", PLAIN, 7)));

        assertThat(programmes.stream().map(Programme::trunk).distinct()).hasSize(1);
        assertThat(programmes.stream().map(Programme::dense).distinct()).hasSize(1);
        assertThat(programmes.stream().map(Programme::pruned).distinct()).hasSize(5);
        assertThat(programmes.stream().map(Programme::leaf).distinct()).hasSize(5);
    }

    /** Nothing is pruned, so nothing differs but the rows that tell of it. */
    @ParameterizedTest
    @EnumSource(Control.class)
    void controlsOfRecipesThatPruneOtherwiseAreOneNetworkAndARowEach(Control kind) {
        List<PlannedCell> cells =
                List.of(
                        SomeCells.planned(control(kind, PLAIN, 7)),
                        SomeCells.planned(
                                control(
                                        kind,
                                        with(
                                                PLAIN,
                                                Scope.LAYER_WISE,
                                                OutputLayer.PRUNE,
                                                StartFrom.LAST),
                                        7)),
                        SomeCells.planned(
                                control(
                                        kind,
                                        with(PLAIN, Scope.GLOBAL, OutputLayer.KEEP, StartFrom.LAST),
                                        7)));

        assertThat(cells.stream().map(c -> c.leaf().path()).distinct()).hasSize(1);
        assertThat(cells.stream().map(PlannedCell::id).distinct()).hasSize(3);
    }

    @Test
    void anotherSeedIsAnotherTrunk() {
        assertThat(programme(cell("magnitude", "0.5", PLAIN, 8)).trunk())
                .isNotEqualTo(programme(cell("magnitude", "0.5", PLAIN, 7)).trunk());
    }

    /** TRAIN of the dense, the pruned and the last network, then PREDICTIONS of them. */
    @Test
    void measuresTheNetworksThatRowsTellOf() {
        Recipe all = measuring(TrainEvaluation.ON, Recorded.PREDICTIONS);
        Programme programme = programme(cell("magnitude", "0.5", all, 7));
        List<Stage> networks = List.of(programme.dense(), programme.pruned(), programme.leaf());

        assertThat(programme.measures().stream().map(Stage::operation))
                .containsExactly(
                        new Measure(Measure.What.TRAIN, ARITHMETIC),
                        new Measure(Measure.What.TRAIN, ARITHMETIC),
                        new Measure(Measure.What.TRAIN, ARITHMETIC),
                        new Measure(Measure.What.PREDICTIONS, ARITHMETIC),
                        new Measure(Measure.What.PREDICTIONS, ARITHMETIC),
                        new Measure(Measure.What.PREDICTIONS, ARITHMETIC));
        assertThat(programme.measures().stream().map(m -> m.network().orElseThrow()).toList())
                .isEqualTo(
                        List.of(
                                networks.get(0),
                                networks.get(1),
                                networks.get(2),
                                networks.get(0),
                                networks.get(1),
                                networks.get(2)));
        assertThat(programme.measures()).allMatch(m -> m.others().equals(List.of(data(programme))));
    }

    /** A control's dense and pruned network are one, measured once. */
    @ParameterizedTest
    @CsvSource({
        "ON, NONE, 3, 2",
        "OFF, PREDICTIONS, 3, 2",
        "ON, PREDICTIONS, 6, 4",
        "OFF, NONE, 0, 0"
    })
    void measuresWhatTheRecipeAsksFor(
            TrainEvaluation training, Recorded recorded, int pruned, int control) {
        Recipe recipe = measuring(training, recorded);

        assertThat(programme(cell("magnitude", "0.5", recipe, 7)).measures()).hasSize(pruned);
        for (Control kind : Control.values()) {
            Programme programme = programme(control(kind, recipe, 7));
            assertThat(programme.measures()).hasSize(control).doesNotHaveDuplicates();
        }
    }

    /** Each training draws its own masks of dropout, the scores theirs, where there are any. */
    @Test
    void drawsDropoutWhereThereIsAny() {
        Cell cell = cell("gradient", "0.5", PLAIN, 7);
        Programme drops =
                Schedule.of(PLAIN.schedule())
                        .programme(
                                new CellStages(
                                        cell, Schedule.seeds(cell), FACTS, beginning(Drops.SOME)));

        assertThat(train(drops.trunk()).dropoutSeed()).isEqualTo(OptionalSeed.of(7));
        assertThat(train(drops.leaf()).dropoutSeed()).isEqualTo(OptionalSeed.of(7));
        assertThat(((Prune) drops.pruned().operation()).choice().dropoutSeed())
                .isEqualTo(OptionalSeed.of(7));
        Programme none = programme(cell);
        assertThat(train(none.leaf()).dropoutSeed()).isEqualTo(OptionalSeed.NONE);
        assertThat(((Prune) none.pruned().operation()).choice().dropoutSeed())
                .isEqualTo(OptionalSeed.NONE);
    }

    /** Each seed enters the one operation that draws from it. */
    @Test
    void putsEverySeedInItsPlace() {
        Cell cell = cell("random", "0.5", BEST, 7);
        Seeds seeds = new Seeds(11, 12, 13, 14, 15, 16, 17, 18);

        Programme programme =
                Schedule.of(BEST.schedule())
                        .programme(new CellStages(cell, seeds, FACTS, beginning(Drops.SOME)));

        assertThat(programme.leaf().initial().seed()).isEqualTo(11);
        assertThat(train(programme.trunk()).orderSeed()).isEqualTo(12);
        assertThat(train(programme.leaf()).orderSeed()).isEqualTo(13);
        assertThat(((Data) data(programme).operation()).splitSeed()).isEqualTo(14);
        assertThat(((Data) data(programme).operation()).noiseSeed()).isEqualTo(15);
        assertThat(train(programme.trunk()).dropoutSeed()).isEqualTo(OptionalSeed.of(16));
        assertThat(((Prune) programme.pruned().operation()).choice().maskSeed())
                .isEqualTo(OptionalSeed.of(17));
        Cell scored = cell("gradient", "0.5", BEST, 7);
        assertThat(
                        ((Prune)
                                        Schedule.of(BEST.schedule())
                                                .programme(
                                                        new CellStages(
                                                                scored,
                                                                seeds,
                                                                FACTS,
                                                                beginning(Drops.SOME)))
                                                .pruned()
                                                .operation())
                                .choice()
                                .scoringSeed())
                .isEqualTo(OptionalSeed.of(18));
    }

    @Test
    void keepsTheOptimizersStateWhereTheRecipeSaysSo() {
        Recipe kept =
                new Recipe(
                        PLAIN.name(),
                        PLAIN.engine(),
                        PLAIN.dense(),
                        PLAIN.schedule(),
                        PLAIN.fineTune(),
                        PLAIN.scope(),
                        PLAIN.outputLayer(),
                        PLAIN.startFrom(),
                        OptimizerState.KEPT,
                        PLAIN.validation(),
                        PLAIN.trainEvaluation(),
                        PLAIN.recorded(),
                        PLAIN.minPerLayer());
        Programme programme = programme(cell("magnitude", "0.5", kept, 7));

        assertThat(train(programme.leaf()).state()).isEqualTo(OptimizerState.KEPT);
        assertThat(train(programme.trunk()).state()).isEqualTo(OptimizerState.FRESH);
        assertThat(programme.trunk())
                .isEqualTo(programme(cell("magnitude", "0.5", PLAIN, 7)).trunk());
    }

    /** 0.1 of 4 samples is none of them; 0.9 of 4 is all, to the nearest. */
    @Test
    void refusesAValidationThatLeavesASideEmpty() {
        Recipe most = validating("0.9");
        assertThatThrownBy(() -> few(BEST, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "validation of 0.1 holds out 0 of 4 samples; expected at least 1 on each"
                                + " side");
        assertThatThrownBy(() -> few(most, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "validation of 0.9 holds out 4 of 4 samples; expected at least 1 on each"
                                + " side");
        // 0.9 * 6 = 5.4, one sample is left
        assertThat(train(few(most, 6).trunk()).epoch().iterations()).isEqualTo(1);
    }

    private static Programme few(Recipe recipe, int samples) {
        Cell cell = cell("magnitude", "0.5", recipe, 7);
        return Schedule.of(recipe.schedule())
                .programme(
                        new CellStages(
                                cell,
                                Schedule.seeds(cell),
                                FACTS,
                                new Beginning(
                                        "digits-1",
                                        samples,
                                        10,
                                        "structure",
                                        Drops.NOTHING,
                                        ARITHMETIC,
                                        null)));
    }

    private static Beginning beginning(Drops drops) {
        return new Beginning("digits-1", 641, 10, "structure", drops, ARITHMETIC, null);
    }

    private static Programme programme(Cell cell) {
        return Schedule.of(cell.recipe().schedule())
                .programme(
                        new CellStages(
                                cell, Schedule.seeds(cell), FACTS, beginning(Drops.NOTHING)));
    }

    private static String steps(Programme programme) {
        return programme.leaf().path().stream()
                .map(stage -> stage.operation().verb())
                .collect(Collectors.joining(", "));
    }

    private static Train train(Stage stage) {
        return (Train) stage.operation();
    }

    private static Stage data(Programme programme) {
        Set<Stage> data =
                programme.leaf().path().stream()
                        .filter(stage -> stage.operation() instanceof Data)
                        .collect(Collectors.toSet());
        assertThat(data).hasSize(1);
        return data.iterator().next();
    }

    private static Recipe with(Recipe r, Scope scope, OutputLayer output, StartFrom start) {
        return new Recipe(
                r.name(),
                r.engine(),
                r.dense(),
                r.schedule(),
                r.fineTune(),
                scope,
                output,
                start,
                r.optimizerState(),
                start == StartFrom.LAST ? r.validation() : new BigDecimal("0.1"),
                r.trainEvaluation(),
                r.recorded(),
                r.minPerLayer());
    }

    private static Recipe validating(String validation) {
        return new Recipe(
                PLAIN.name(),
                PLAIN.engine(),
                PLAIN.dense(),
                PLAIN.schedule(),
                PLAIN.fineTune(),
                PLAIN.scope(),
                PLAIN.outputLayer(),
                PLAIN.startFrom(),
                PLAIN.optimizerState(),
                new BigDecimal(validation),
                PLAIN.trainEvaluation(),
                PLAIN.recorded(),
                0);
    }

    private static Recipe measuring(TrainEvaluation trainEvaluation, Recorded recorded) {
        return new Recipe(
                PLAIN.name(),
                PLAIN.engine(),
                PLAIN.dense(),
                PLAIN.schedule(),
                PLAIN.fineTune(),
                PLAIN.scope(),
                PLAIN.outputLayer(),
                PLAIN.startFrom(),
                PLAIN.optimizerState(),
                PLAIN.validation(),
                trainEvaluation,
                recorded,
                0);
    }
}
