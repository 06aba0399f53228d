// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.List;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.AtRewind;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Borrow;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Reinitialise;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.text.Text;

/**
 * Lottery tickets by iterative pruning with rewinding.
 *
 * <pre>
 *   train to step k -- train to the end -- prune -- rewind to k -- train to the end -- prune -- rewind -- ...
 * </pre>
 *
 * A rewind sets surviving weights, biases, normalisation, the optimiser's state, the place in the
 * schedule of learning rates and in the order of samples back to step k. Every level is trained to
 * the end by the settings of the dense training. Cells of few levels are beginnings of cells of
 * many.
 *
 * <p>Controls, as methods of the grid, on the level's own mask or number of weights: {@code
 * random-reinitialisation} trains new initial weights from step 0, {@code random-mask} as many
 * weights of each layer by chance, from step k, {@code one-shot-ticket} prunes once, after the
 * first training. A cell without a method is the dense network itself: rewound and trained again it
 * comes out the same.
 */
final class Lottery implements Schedule {
    private final ScheduleSettings.Lottery settings;

    Lottery(ScheduleSettings.Lottery settings) {
        this.settings = settings;
    }

    @Override
    public Programme programme(CellStages stages) {
        Step rewindTo = settings.rewindTo();
        requireRewind(stages, rewindTo);
        if (stages.cell().method() == null) {
            return DuringTraining.control(stages, rewindTo);
        }
        Tickets tickets = new Tickets(stages, rewindTo);
        List<Kept> levels = Levels.of(stages, settings.levels());
        TicketControl control =
                stages.cell().method() instanceof TicketControl given ? given : null;
        if (control != null && control.kind() == TicketControl.Kind.ONE_SHOT) {
            levels = levels.subList(levels.size() - 1, levels.size());
        }
        Stage network = tickets.trained();
        Stage pruned = network;
        for (int level = 0; level < levels.size(); level++) {
            pruned = stages.pruned(network, levels.get(level));
            if (level + 1 < levels.size()) {
                network = retrained(stages, rewound(pruned, tickets));
            }
        }
        Stage dense = tickets.trained();
        if (control != null && control.kind() == TicketControl.Kind.REINITIALISED) {
            return tickets.programme(dense, pruned, tickets.reinitialised(pruned));
        }
        if (control != null && control.kind() == TicketControl.Kind.RANDOM_MASK) {
            Stage on = settings.weights() == AtRewind.REWOUND ? tickets.early() : dense;
            Stage masked = tickets.borrowed(on, pruned, Borrow.Arrangement.SHUFFLED);
            Stage ready =
                    settings.weights() == AtRewind.REWOUND ? masked : rewound(masked, tickets);
            return tickets.programme(dense, masked, retrained(stages, ready));
        }
        return tickets.programme(dense, pruned, retrained(stages, rewound(pruned, tickets)));
    }

    private Stage rewound(Stage pruned, Tickets tickets) {
        Rewind.What what =
                settings.weights() == AtRewind.REWOUND ? Rewind.What.NETWORK : Rewind.What.PLACE;
        return Stage.of(new Rewind(what), pruned, tickets.early());
    }

    /** The training of a level, from the step that it was set back to. */
    private Stage retrained(CellStages stages, Stage ready) {
        Train train = stages.training(settings.rewindTo(), stages.end());
        if (settings.learningRate() == AtRewind.KEPT) {
            train = withTraining(train, atLastRate(train.training()));
        }
        if (settings.weights() == AtRewind.KEPT) {
            train = train.with(stages.recipe().optimizerState());
        }
        return Stage.of(train, ready, stages.data());
    }

    /** The rate that the dense training ends with, from start to end. */
    private static Training atLastRate(Training training) {
        LearningRate rate = training.learningRate();
        return new Training(
                training.optimizer(),
                LearningRate.constant(rate.last(training.epochs())),
                training.weightDecay(),
                training.batchSize(),
                training.epochs());
    }

    private static Train withTraining(Train train, Training training) {
        return new Train(
                train.phase(),
                training,
                train.from(),
                train.to(),
                train.epoch(),
                train.state(),
                train.orderSeed(),
                train.dropoutSeed(),
                train.arithmetic());
    }

    /**
     * @throws IllegalArgumentException if the step is not before the end
     */
    static void requireRewind(CellStages stages, Step rewindTo) {
        if (rewindTo.compare(stages.end(), stages.epoch()) >= 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "rewind-to %s is not before the end of the dense training, %s, which is %d updates",
                            rewindTo, stages.end(), stages.end().iterations(stages.epoch())));
        }
    }

    /** Stages of tickets, the cell's own or borrowed ones. */
    static final class Tickets {
        private final CellStages stages;
        private final Step rewindTo;
        private final Stage early;
        private final Stage trained;

        Tickets(CellStages stages, Step rewindTo) {
            this.stages = stages;
            this.rewindTo = rewindTo;
            early = DuringTraining.upTo(stages, rewindTo);
            trained = stages.trained(early, rewindTo, stages.end());
        }

        /** The network at the step that is rewound to. */
        Stage early() {
            return early;
        }

        /** The dense network, trained to the end. */
        Stage trained() {
            return trained;
        }

        /** Another network's mask on one of these. */
        Stage borrowed(Stage on, Stage mask, Borrow.Arrangement arrangement) {
            return Stage.of(
                    new Borrow(
                            arrangement,
                            arrangement == Borrow.Arrangement.SHUFFLED
                                    ? OptionalSeed.of(stages.seeds().mask())
                                    : OptionalSeed.NONE,
                            stages.arithmetic()),
                    on,
                    mask,
                    stages.data());
        }

        /** From the step that is rewound to, trained to the end. */
        Stage trainedOn(Stage ready) {
            return stages.trained(ready, rewindTo, stages.end());
        }

        /** New weights under the mask, trained from start to end. */
        Stage reinitialised(Stage masked) {
            long seed = Seeds.other(stages.seeds().initialWeights());
            Stage fresh = Stage.of(new Reinitialise(seed), masked);
            return stages.trained(fresh, Step.ZERO, stages.end());
        }

        Programme programme(Stage dense, Stage pruned, Stage end) {
            return stages.programme(dense, dense, pruned, stages.fineTunedIfAsked(end));
        }
    }
}
