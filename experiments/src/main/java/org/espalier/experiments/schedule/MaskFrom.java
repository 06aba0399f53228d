// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.List;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Borrow;
import org.espalier.experiments.stage.operation.Rewind;

/**
 * The ticket of another data set (Morcos et al. 2019, arXiv:1906.02773): a mask that {@link
 * Lottery} finds there, with the same seed, recipe and network, is put on the network of this data
 * set at the step that is rewound to, and trained to the end.
 *
 * <pre>
 *   other data set:  train -- prune -- rewind -- train -- prune -- ...
 *                                                           | mask
 *   this one:        train to step k -------------------- borrow -- train to the end
 * </pre>
 *
 * Weights are this data set's own: of step k, and at step 0 the initial ones, which both share
 * [ours; Morcos et al. carry the weights over too]. The controls are those of {@link Lottery}, on
 * the borrowed mask: its shuffling, new weights, and the mask of the other data set's one-shot
 * pruning.
 */
final class MaskFrom implements Schedule {
    private final ScheduleSettings.MaskFrom settings;

    MaskFrom(ScheduleSettings.MaskFrom settings) {
        this.settings = settings;
    }

    @Override
    public Programme programme(CellStages stages) {
        Step rewindTo = settings.rewindTo();
        Lottery.requireRewind(stages, rewindTo);
        if (stages.cell().method() == null) {
            return DuringTraining.control(stages, rewindTo);
        }
        CellStages there = stages.on(settings.dataset(), settings.noise());
        Lottery.requireRewind(there, rewindTo);
        TicketControl.Kind control =
                stages.cell().method() instanceof TicketControl given ? given.kind() : null;
        Stage mask = found(there, control);
        Lottery.Tickets tickets = new Lottery.Tickets(stages, rewindTo);
        Stage masked =
                tickets.borrowed(
                        tickets.early(),
                        mask,
                        control == TicketControl.Kind.RANDOM_MASK
                                ? Borrow.Arrangement.SHUFFLED
                                : Borrow.Arrangement.AS_FOUND);
        Stage end =
                control == TicketControl.Kind.REINITIALISED
                        ? tickets.reinitialised(masked)
                        : tickets.trainedOn(masked);
        return tickets.programme(tickets.trained(), masked, end);
    }

    /** The other data set's network whose mask is taken. */
    private Stage found(CellStages there, TicketControl.Kind control) {
        Lottery.Tickets tickets = new Lottery.Tickets(there, settings.rewindTo());
        List<Kept> levels = Levels.of(there, settings.levels());
        if (control == TicketControl.Kind.ONE_SHOT) {
            return there.pruned(tickets.trained(), levels.get(levels.size() - 1));
        }
        Stage network = tickets.trained();
        Stage pruned = network;
        for (int level = 0; level < levels.size(); level++) {
            pruned = there.pruned(network, levels.get(level));
            if (level + 1 < levels.size()) {
                network =
                        tickets.trainedOn(
                                Stage.of(new Rewind(Rewind.What.NETWORK), pruned, tickets.early()));
            }
        }
        return pruned;
    }
}
