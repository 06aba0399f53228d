// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;

/**
 * Prunes once, after the dense training, and trains on.
 *
 * <pre>
 *   data  initialise
 *     |       |
 *     +---- train to the last dense epoch -- [restore best by validation] -- prune -- train (fine-tune)
 * </pre>
 *
 * The control of kind {@code fine-tuned} leaves the pruning out, {@code other-order} does so with
 * another order of samples, {@code trained-as-long} goes on with the dense training from its last
 * epoch.
 */
final class OneShot implements Schedule {

    @Override
    public Programme programme(Cell cell, Seeds seeds, Beginning beginning) {
        Recipe recipe = cell.recipe();
        Stage data =
                Stage.of(
                        new Data(
                                cell.dataset(),
                                beginning.fingerprint(),
                                cell.noise(),
                                seeds.noise(),
                                recipe.validation(),
                                seeds.split()));
        Stage initial =
                Stage.of(
                        new Initialise(
                                cell.architecture(),
                                beginning.structure(),
                                seeds.initialWeights()));
        Train training = dense(recipe, seeds, beginning);
        Stage trunk = Stage.of(training, initial, data);
        if (cell.control() == Control.TRAINED_AS_LONG) {
            Step end = Step.epochs(recipe.dense().epochs() + (long) recipe.fineTune().epochs());
            Stage longer =
                    Stage.of(
                            training.with(Recipe.OptimizerState.KEPT).between(training.to(), end),
                            trunk,
                            data);
            return programme(cell, beginning, trunk, trunk, trunk, longer, data);
        }
        Stage dense =
                recipe.startFrom() == Recipe.StartFrom.BEST_VALIDATION
                        ? Stage.of(
                                new Restore(Restore.What.BEST_VALIDATION, beginning.arithmetic()),
                                trunk)
                        : trunk;
        Stage pruned =
                cell.method() == null
                        ? dense
                        : Stage.of(
                                new Prune(
                                        Choice.of(
                                                        cell.method(),
                                                        cell.ratio(),
                                                        recipe.scope(),
                                                        recipe.outputLayer(),
                                                        seeds,
                                                        beginning.drops())
                                                .keeping(recipe.minPerLayer()),
                                        beginning.arithmetic()),
                                dense,
                                data);
        Stage leaf = Stage.of(fineTune(recipe, seeds, beginning), pruned, data);
        return programme(cell, beginning, trunk, dense, pruned, leaf, data);
    }

    private static Train dense(Recipe recipe, Seeds seeds, Beginning beginning) {
        return new Train(
                Train.DENSE,
                recipe.dense(),
                Step.ZERO,
                Step.epochs(recipe.dense().epochs()),
                beginning.epoch(recipe, recipe.dense()),
                Recipe.OptimizerState.FRESH,
                seeds.denseOrder(),
                beginning.drops().seed(seeds),
                beginning.arithmetic());
    }

    private static Train fineTune(Recipe recipe, Seeds seeds, Beginning beginning) {
        EpochLength epoch = beginning.epoch(recipe, recipe.fineTune());
        return new Train(
                Train.FINE_TUNE,
                recipe.fineTune(),
                Step.ZERO,
                Step.epochs(recipe.fineTune().epochs()),
                epoch,
                recipe.optimizerState(),
                seeds.fineTuneOrder(),
                beginning.drops().seed(seeds),
                beginning.arithmetic());
    }

    /** With what is measured of the three networks that every row tells of. */
    private static Programme programme(
            Cell cell,
            Beginning beginning,
            Stage trunk,
            Stage dense,
            Stage pruned,
            Stage leaf,
            Stage data) {
        List<Stage> measures = new ArrayList<>();
        for (Measure.What what : measured(cell.recipe())) {
            Stream.of(dense, pruned, leaf)
                    .distinct()
                    .map(at -> Stage.of(new Measure(what, beginning.arithmetic()), at, data))
                    .forEach(measures::add);
        }
        return new Programme(trunk, dense, pruned, leaf, measures);
    }

    private static List<Measure.What> measured(Recipe recipe) {
        List<Measure.What> measured = new ArrayList<>();
        if (recipe.trainEvaluation() == Recipe.TrainEvaluation.ON) {
            measured.add(Measure.What.TRAIN);
        }
        if (recipe.recorded() == Recipe.Recorded.PREDICTIONS) {
            measured.add(Measure.What.PREDICTIONS);
        }
        return measured;
    }
}
