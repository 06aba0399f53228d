// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Restore;

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
    public Programme programme(CellStages stages) {
        int epochs = stages.recipe().fineTune().epochs();
        Stage trunk = stages.trained(stages.end());
        if (stages.cell().control() == Control.TRAINED_AS_LONG) {
            return trainedAsLong(stages, trunk, epochs);
        }
        Stage dense = start(stages, trunk);
        Stage pruned =
                stages.cell().method() == null
                        ? dense
                        : stages.pruned(dense, stages.cell().ratio());
        return stages.programme(trunk, dense, pruned, stages.fineTuned(pruned, epochs));
    }

    /** The network that is pruned: the last one, or the best by validation. */
    static Stage start(CellStages stages, Stage trunk) {
        return stages.recipe().startFrom() == Recipe.StartFrom.BEST_VALIDATION
                ? Stage.of(new Restore(Restore.What.BEST_VALIDATION, stages.arithmetic()), trunk)
                : trunk;
    }

    /** The dense training, longer by what the pruned cells train after it. */
    static Programme trainedAsLong(CellStages stages, Stage trunk, long more) {
        Step end = Step.epochs(stages.recipe().dense().epochs() + more);
        Stage longer =
                Stage.of(
                        stages.training(stages.end(), end).with(Recipe.OptimizerState.KEPT),
                        trunk,
                        stages.data());
        return stages.programme(trunk, trunk, trunk, longer);
    }
}
