// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.recipe.Amount;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.text.Text;

/** What schedules are called, and what a cell of one comes to, for people. */
public final class Schedules {
    private static final int MOST_EVENTS = 12;

    private Schedules() {}

    /** Names and what each is, in one line, in the order of a list. */
    public static Map<String, String> summaries() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(ScheduleSettings.OneShot.ID, "once, after the dense training; then fine-tuning");
        all.put(
                ScheduleSettings.Iterative.ID,
                "prune and fine-tune in turns (Han et al. 2015); levels");
        all.put(
                ScheduleSettings.Lottery.ID,
                "prune, rewind, train again, level by level (Frankle and Carbin 2019); levels");
        all.put(
                ScheduleSettings.MaskFrom.ID,
                "the ticket of another data set (Morcos et al. 2019); levels");
        all.put(
                ScheduleSettings.Ramp.ID,
                "even parts at even moments of one training (Bartoldson et al. 2020)");
        all.put(
                ScheduleSettings.Gradual.ID,
                "many weights first, at even moments of one training (Zhu and Gupta 2017)");
        all.put(ScheduleSettings.PruneAfter.AT_INITIALISATION, "once, before any training");
        all.put(
                ScheduleSettings.PruneAfter.ID,
                "once, after some updates of the training, which goes on");
        all.put(
                ScheduleSettings.Noise.ID,
                "noise on the weights that a ramp would prune (Bartoldson et al. 2020)");
        return all;
    }

    /**
     * What each event of a cell leaves, e.g. {@code 186340 at 4ep, 106480 at 8ep}; for ratios,
     * which the plan does not turn into numbers, their text.
     */
    public static String events(PlannedCell cell) {
        List<String> events = new ArrayList<>();
        Step at = Step.ZERO;
        List<Stage> chain = new ArrayList<>();
        for (Stage stage = cell.leaf(); stage != null; stage = stage.network().orElse(null)) {
            chain.add(0, stage);
        }
        for (Stage stage : chain) {
            if (stage.operation() instanceof Train train) {
                at = train.to();
            } else if (stage.operation() instanceof Prune prune) {
                events.add(left(prune.choice().amount()) + " at " + at);
            } else if (stage.operation() instanceof Perturb perturb) {
                events.add(left(perturb.choice().amount()) + " not yet perturbed at " + at);
            } else if (stage.operation().verb().equals("borrow")) {
                events.add("a borrowed mask at " + at);
            }
        }
        if (events.size() <= MOST_EVENTS) {
            return String.join(", ", events);
        }
        return Text.of(
                "%s, ... %d events ..., %s",
                String.join(", ", events.subList(0, MOST_EVENTS / 2)),
                events.size(),
                events.get(events.size() - 1));
    }

    private static String left(Amount amount) {
        return amount instanceof Kept kept
                ? Integer.toString(kept.counts().stream().mapToInt(Integer::intValue).sum())
                : amount.stageText();
    }
}
