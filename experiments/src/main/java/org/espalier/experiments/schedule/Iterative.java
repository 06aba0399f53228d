// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.List;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.Shape;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.text.Text;

/**
 * Prunes after the dense training, fine-tunes, prunes further, and so on (Han et al. 2015,
 * arXiv:1506.02626).
 *
 * <pre>  train -- [restore best by validation] -- prune -- fine-tune -- prune -- fine-tune -- ...
 * </pre>
 *
 * With rounds, each goes on to the ratio of the grid by equal factors or equal numbers of weights;
 * with a level ratio, a level prunes that part of what is left, and a cell has as many as it asks
 * for or its ratio takes, the last one smaller. Cells of few levels are beginnings of cells of
 * many.
 *
 * <p>Controls leave the prunings out: as many fine-tunings one after the other, or the dense
 * training longer by as many epochs. Where levels are counted a control has none, and is the dense
 * network itself.
 */
final class Iterative implements Schedule {
    private final ScheduleSettings.Iterative settings;

    Iterative(ScheduleSettings.Iterative settings) {
        this.settings = settings;
    }

    @Override
    public Programme programme(CellStages stages) {
        int epochs =
                settings.epochs() == null ? stages.recipe().fineTune().epochs() : settings.epochs();
        Stage trunk = stages.trained(stages.end());
        Control control = stages.cell().control();
        int rounds = settings.rounds() == null ? 0 : settings.rounds();
        if (control != null && control != Control.FINE_TUNED && rounds == 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "control %s of an iterative schedule needs rounds, a fixed number of fine-tunings; with a level-ratio control fine-tuned alone, the dense network, is one",
                            Text.word(control)));
        }
        if (control == Control.TRAINED_AS_LONG) {
            return OneShot.trainedAsLong(stages, trunk, (long) rounds * epochs);
        }
        Stage dense = OneShot.start(stages, trunk);
        Stage network = dense;
        Stage pruned = dense;
        if (control != null) {
            for (int round = 0; round < rounds; round++) {
                network = stages.fineTuned(network, epochs);
            }
            return stages.programme(trunk, dense, dense, network);
        }
        for (Kept amount : amounts(stages)) {
            pruned = stages.pruned(network, amount);
            network = stages.fineTuned(pruned, epochs);
        }
        return stages.programme(trunk, dense, pruned, network);
    }

    private List<Kept> amounts(CellStages stages) {
        if (settings.levelRatio().isPresent()) {
            return Levels.of(stages, settings.levelRatio().get());
        }
        Parts parts = Parts.of(stages.recipe(), stages.facts(), stages.cell().ratio());
        return parts.events(
                (place, weights) ->
                        settings.shape() == Shape.LINEAR
                                ? Ramps.linear(weights, parts.kept(place), settings.rounds())
                                : Ramps.geometric(weights, parts.kept(place), settings.rounds()));
    }
}
