// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.schedule.Beginning;
import org.espalier.experiments.schedule.Schedule;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Drops;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;

/** Cells and stages that differ where a test wants them to. */
public final class SomeCells {
    static final Training ADAM =
            new Training(
                    new Optimizer.Adam(
                            new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8")),
                    LearningRate.constant(new BigDecimal("0.001")),
                    WeightDecay.NONE,
                    64,
                    2);
    static final Arithmetic SOME = new Arithmetic("some", "some-1");

    /** 640 samples in batches of 64. */
    static final EpochLength EPOCH = new EpochLength(10);

    static final Stage DATA =
            Stage.of(new Data("digits", "digits-1", BigDecimal.ZERO, 1, BigDecimal.ZERO, 1));
    static final Stage INITIAL = Stage.of(new Initialise("net", "structure of net", 7));

    private SomeCells() {}

    static PruningMethod method(String id) {
        return Methods.find(id).orElseThrow().create().apply(Map.of());
    }

    public static Recipe recipe(String name, int denseEpochs, int fineTuneEpochs) {
        return new Recipe(
                name,
                "some",
                ADAM.withEpochs(denseEpochs),
                new ScheduleSettings.OneShot(),
                ADAM.withEpochs(fineTuneEpochs),
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                Recipe.StartFrom.LAST,
                Recipe.OptimizerState.FRESH,
                BigDecimal.ZERO,
                Recipe.TrainEvaluation.ON,
                Recipe.Recorded.NONE,
                0);
    }

    /** The recipe with other things found out of its networks. */
    static Recipe measuring(
            Recipe recipe, Recipe.TrainEvaluation trainEvaluation, Recipe.Recorded recorded) {
        return new Recipe(
                recipe.name(),
                recipe.engine(),
                recipe.dense(),
                recipe.schedule(),
                recipe.fineTune(),
                recipe.scope(),
                recipe.outputLayer(),
                recipe.startFrom(),
                recipe.optimizerState(),
                recipe.validation(),
                trainEvaluation,
                recorded,
                recipe.minPerLayer());
    }

    /** A cell of {@code lenet-300-100}; ratio 0 is the control. */
    public static Cell cell(String method, String ratio, Recipe recipe, long seed) {
        return cell("lenet-300-100", method, ratio, recipe, seed);
    }

    static Cell cell(String architecture, String method, String ratio, Recipe recipe, long seed) {
        Ratio asked = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio));
        return new Cell(
                architecture,
                "digits",
                BigDecimal.ZERO,
                asked.isControl() ? null : method(method),
                asked.isControl() ? Control.FINE_TUNED : null,
                asked,
                recipe,
                seed);
    }

    public static Cell control(Control kind, Recipe recipe, long seed) {
        return new Cell(
                "lenet-300-100",
                "digits",
                BigDecimal.ZERO,
                null,
                kind,
                new Ratio(Ratio.Kind.PRUNING_RATIO, BigDecimal.ZERO),
                recipe,
                seed);
    }

    public static PlannedCell planned(Cell cell) {
        Architecture network =
                Architectures.create(
                        cell.architecture(),
                        new Shape(1, 28, 28),
                        10,
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        Facts facts = Facts.of(cell, network);
        return Schedule.plan(
                cell,
                facts,
                new Beginning(
                        "digits-1", 640, 160, network.canonicalText(), facts.drops(), SOME, null));
    }

    /** A training from its start. */
    static Stage train(String phase, Stage network, int epochs) {
        return Stage.of(
                train(phase, Step.ZERO, Step.epochs(epochs), Recipe.OptimizerState.FRESH),
                network,
                DATA);
    }

    /** A training that goes on with the state of the network. */
    static Stage goOn(Stage network, Step from, Step to) {
        return Stage.of(train(Train.DENSE, from, to, Recipe.OptimizerState.KEPT), network, DATA);
    }

    static Train train(String phase, Step from, Step to, Recipe.OptimizerState state) {
        return new Train(phase, ADAM, from, to, EPOCH, state, 1, OptionalSeed.NONE, SOME);
    }

    static Stage prune(Stage network, String ratio) {
        return Stage.of(prune(ratio), network, DATA);
    }

    static Prune prune(String ratio) {
        return new Prune(choice("magnitude", ratio), SOME);
    }

    static Choice choice(String method, String ratio) {
        return Choice.of(
                method(method),
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                Seeds.all(1),
                Drops.NOTHING);
    }

    static Stage rewind(Stage network, Stage older) {
        return Stage.of(new Rewind(Rewind.What.NETWORK), network, older);
    }

    /** A cell that ends at any stage; what it asks for is of no interest. */
    static PlannedCell ending(Stage stage) {
        PlannedCell some = planned(cell("magnitude", "0.5", recipe("default", 1, 1), 1));
        return new PlannedCell(
                some.cell(),
                "c" + stage.name(),
                some.seeds(),
                new Programme(stage, stage, stage, stage, List.of()),
                some.facts(),
                SOME);
    }
}
