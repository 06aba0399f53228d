// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.text.Text;

/** What schedules share that prune during the dense training. */
final class DuringTraining {
    private DuringTraining() {}

    /** The dense training up to a step; the initial network at 0. */
    static Stage upTo(CellStages stages, Step step) {
        return step.count() == 0 ? stages.initial() : stages.trained(step);
    }

    /** The rest of the dense training after a step; nothing at its end. */
    static Stage onFrom(CellStages stages, Stage network, Step step) {
        return step.compare(stages.end(), stages.epoch()) == 0
                ? network
                : stages.trained(network, step, stages.end());
    }

    /**
     * The control: the dense training without an event; with another order of samples from the
     * first event on.
     *
     * @throws IllegalArgumentException for the control trained as long, which is the same
     */
    static Programme control(CellStages stages, Step first) {
        Control control = stages.cell().control();
        if (control == Control.TRAINED_AS_LONG) {
            throw new IllegalArgumentException(
                    Text.of(
                            "control trained-as-long is control fine-tuned under schedule %s, which trains as long as its dense training",
                            stages.recipe().schedule().id()));
        }
        Stage trunk = upTo(stages, first);
        Stage end = stages.trained(stages.end());
        if (control == Control.OTHER_ORDER) {
            end = stages.trainedInOtherOrder(trunk, first, stages.end());
            return stages.programme(trunk, trunk, trunk, stages.fineTunedIfAsked(end));
        }
        return stages.programme(end, end, end, stages.fineTunedIfAsked(end));
    }

    /**
     * The moments of a ramp.
     *
     * @param end of the training
     * @param first 0 where there is an event at the start, 1 where the first is a period later
     * @throws IllegalArgumentException if they do not fit into the training
     */
    static List<Step> events(Moments moments, Step end, EpochLength epoch, int first) {
        long start = moments.start().iterations(epoch);
        long last = moments.end().iterations(epoch);
        long period = moments.period().iterations(epoch);
        if (period < 1) {
            throw new IllegalArgumentException("period " + moments.period() + " is no time");
        }
        if (last < start) {
            throw new IllegalArgumentException(
                    Text.of("end %s is before start %s", moments.end(), moments.start()));
        }
        if (last > end.iterations(epoch)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "end %s is after the end of the dense training, %s",
                            moments.end(), end));
        }
        if (period > end.iterations(epoch)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "period %s is longer than the dense training, %s",
                            moments.period(), end));
        }
        List<Step> events = new ArrayList<>();
        for (long at = start + first * period; at <= last; at += period) {
            events.add(Step.iterations(at).simplest(epoch));
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "no event lies between start %s and end %s: the first comes a period after the start, %s",
                            moments.start(), moments.end(), moments.period()));
        }
        return events;
    }
}
