// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Amount;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.operation.Operation;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.text.Text;

/**
 * When a network is pruned: turns a cell into the stages that it comes to. A schedule is a list of
 * operations in a graph of stages; it runs nothing.
 */
public interface Schedule {

    /**
     * What a cell comes to.
     *
     * @throws IllegalArgumentException if the schedule cannot be carried out on this data and
     *     network; the message says why
     */
    Programme programme(CellStages stages);

    /** The schedule of these settings. */
    static Schedule of(ScheduleSettings settings) {
        if (settings instanceof ScheduleSettings.OneShot) {
            return new OneShot();
        }
        if (settings instanceof ScheduleSettings.Iterative iterative) {
            return new Iterative(iterative);
        }
        if (settings instanceof ScheduleSettings.Lottery lottery) {
            return new Lottery(lottery);
        }
        if (settings instanceof ScheduleSettings.MaskFrom from) {
            return new MaskFrom(from);
        }
        if (settings instanceof ScheduleSettings.Ramp ramp) {
            return new Ramp(ramp);
        }
        if (settings instanceof ScheduleSettings.Gradual gradual) {
            return new Ramp(gradual);
        }
        if (settings instanceof ScheduleSettings.Noise noise) {
            return new Noise(noise);
        }
        return new PruneAfter((ScheduleSettings.PruneAfter) settings);
    }

    /**
     * A cell with all that it comes to.
     *
     * @throws IllegalArgumentException if its schedule cannot be carried out on this data
     */
    static PlannedCell plan(Cell cell, Facts facts, Beginning beginning) {
        ScheduleSettings settings = cell.recipe().schedule();
        requireFits(cell, settings);
        Seeds seeds = seeds(cell);
        Programme programme =
                of(settings)
                        .programme(
                                new CellStages(
                                        cell.on(beginning.structure()), seeds, facts, beginning));
        return PlannedCell.of(
                cell, seeds, programme, asking(facts, programme), beginning.arithmetic());
    }

    /** Where the ratio does not say how much is pruned, the numbers of the last event do. */
    private static Facts asking(Facts facts, Programme programme) {
        Operation last = programme.pruned().operation();
        Amount amount = null;
        if (last instanceof Prune prune) {
            amount = prune.choice().amount();
        } else if (last instanceof Perturb perturb) {
            amount = perturb.choice().amount();
        }
        return Double.isNaN(facts.sparsityAsked())
                ? facts.asking(
                        amount instanceof Kept kept
                                ? kept.sparsity(
                                        Math.toIntExact(facts.prunableWeights()),
                                        facts.parameters())
                                : 0)
                : facts;
    }

    /** What does not fit, whatever the data and the network. */
    private static void requireFits(Cell cell, ScheduleSettings settings) {
        Recipe recipe = cell.recipe();
        if (cell.ratio().kind() == Ratio.Kind.LEVELS && settings.levelRatio().isEmpty()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "levels need a schedule with a level-ratio, lottery, mask-from or iterative, got %s",
                            settings.canonicalText()));
        }
        if (cell.method() instanceof TicketControl control && !settings.drawsTickets()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "method %s is a control of lottery tickets and needs the schedule lottery or mask-from, got %s",
                            control.id(), settings.canonicalText()));
        }
        if (recipe.startFrom() == Recipe.StartFrom.BEST_VALIDATION && !settings.fineTunes()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "start-from best-validation needs a schedule that prunes after the dense training, one-shot or iterative, got %s",
                            settings.canonicalText()));
        }
    }

    /** The seeds of a cell: all from its one seed, but for the order that a control sets apart. */
    static Seeds seeds(Cell cell) {
        Seeds seeds = Seeds.all(cell.seed());
        return cell.control() == Control.OTHER_ORDER
                ? seeds.withFineTuneOrder(Seeds.other(cell.seed()))
                : seeds;
    }
}
