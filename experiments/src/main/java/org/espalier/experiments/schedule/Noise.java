// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.List;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.AfterNoise;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.WeightNoise;
import org.espalier.results.text.Text;

/**
 * Noise instead of removal: at the moments of a linear ramp the weights that it would prune get
 * noise for a window of batches, and train freely after (Bartoldson et al. 2020, arXiv:1906.03728,
 * figure 5). Nothing is pruned at the end.
 *
 * <pre>
 *   train -- perturb -- train under noise -- [restore] -- train -- perturb -- ... -- train to the end
 * </pre>
 *
 * Their noise is on filters; here it is on weights, as everything of the ramp. How the window is
 * counted: {@link WeightNoise}.
 */
final class Noise implements Schedule {
    private final ScheduleSettings.Noise settings;

    Noise(ScheduleSettings.Noise settings) {
        this.settings = settings;
    }

    @Override
    public Programme programme(CellStages stages) {
        List<Ramp.Event> events = Ramp.linear(settings.moments()).events(stages);
        Step first = events.get(0).at();
        if (stages.cell().method() == null) {
            return DuringTraining.control(stages, first);
        }
        EpochLength epoch = stages.epoch();
        Stage dense = DuringTraining.upTo(stages, first);
        Stage network = dense;
        Stage perturbed = dense;
        Step at = first;
        for (int e = 0; e < events.size(); e++) {
            Ramp.Event event = events.get(e);
            Step until = e + 1 < events.size() ? events.get(e + 1).at() : stages.end();
            WeightNoise noise = noise(stages, event);
            Step end = noise.end(epoch);
            requireRoom(event.at(), end, until, epoch);
            if (!event.at().equals(at)) {
                network = stages.trained(network, at, event.at());
            }
            Stage before = network;
            perturbed = perturbed(stages, network, event, noise);
            network = perturbed;
            at = event.at();
            if (end.compare(at, epoch) > 0) {
                network = Stage.of(stages.training(at, end).with(noise), network, stages.data());
                at = end;
            }
            if (settings.after() == AfterNoise.RESTORE) {
                network =
                        Stage.of(
                                new Restore(Restore.What.PERTURBED, stages.arithmetic()),
                                network,
                                before);
            }
        }
        Stage end = DuringTraining.onFrom(stages, network, at);
        return stages.programme(dense, dense, perturbed, stages.fineTunedIfAsked(end));
    }

    private Stage perturbed(CellStages stages, Stage network, Ramp.Event event, WeightNoise noise) {
        return Stage.of(
                new Perturb(
                        settings.kind(),
                        stages.choice(event.left()),
                        settings.targets(),
                        noise.atEvent(),
                        noise.seed(),
                        stages.arithmetic()),
                network,
                stages.data());
    }

    private WeightNoise noise(CellStages stages, Ramp.Event event) {
        if (event.at().unit() != Step.Unit.EPOCH) {
            throw new IllegalArgumentException(
                    Text.of(
                            "noise comes at ends of epochs, where evaluations are counted, got an event at %s",
                            event.at()));
        }
        int tested = stages.beginning().testSamples();
        return new WeightNoise(
                settings.kind(),
                settings.kind() == NoiseKind.GAUSS
                        ? OptionalSeed.of(stages.seeds().mask())
                        : OptionalSeed.NONE,
                settings.batches(),
                EpochLength.of(tested, settings.testBatch()).iterations(),
                event.at());
    }

    private void requireRoom(Step event, Step end, Step until, EpochLength epoch) {
        if (end.compare(until, epoch) > 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "a window of %d batches from %s ends at %s, after %s, where the next event or the end of the training is",
                            settings.batches(), event, end, until));
        }
    }
}
