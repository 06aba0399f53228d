// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.text.Text;

/**
 * Prunes once, at initialisation or after a few updates of the dense training, which then goes on
 * to its end under the masks.
 *
 * <pre>  initialise -- [train to the step] -- prune -- train to the end -- [fine-tune]  </pre>
 *
 * With {@code 10it} this is the protocol, and the protocol only, of Zhang et al. 2021 (NeurIPS):
 * the minimiser approximated by 10 steps, one pruning, training to the end. Their criterion is not
 * in it.
 */
final class PruneAfter implements Schedule {
    private final Step step;

    PruneAfter(ScheduleSettings.PruneAfter settings) {
        step = settings.step();
    }

    @Override
    public Programme programme(CellStages stages) {
        if (stages.cell().method() == null) {
            return DuringTraining.control(stages, step);
        }
        if (step.compare(stages.end(), stages.epoch()) > 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "prune-after %s is after the end of the dense training, %s",
                            step, stages.end()));
        }
        Stage before = DuringTraining.upTo(stages, step);
        Stage pruned = stages.pruned(before, stages.cell().ratio());
        Stage end = DuringTraining.onFrom(stages, pruned, step);
        return stages.programme(before, before, pruned, stages.fineTunedIfAsked(end));
    }
}
