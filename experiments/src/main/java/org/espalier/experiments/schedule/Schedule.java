// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.sweep.Cell;

/**
 * When a network is pruned: turns a cell into the stages that it comes to. A schedule is a list of
 * operations in a graph of stages; it runs nothing.
 */
public interface Schedule {

    /**
     * What a cell comes to.
     *
     * @param seeds of the cell's streams
     * @throws IllegalArgumentException if the schedule cannot be carried out on this data; the
     *     message says why
     */
    Programme programme(Cell cell, Seeds seeds, Beginning beginning);

    /** The schedule that a recipe names. */
    static Schedule of(Recipe recipe) {
        return switch (recipe.schedule()) {
            case ONE_SHOT -> new OneShot();
        };
    }

    /**
     * A cell with all that it comes to.
     *
     * @throws IllegalArgumentException if its schedule cannot be carried out on this data
     */
    static PlannedCell plan(Cell cell, Facts facts, Beginning beginning) {
        Seeds seeds = seeds(cell);
        return PlannedCell.of(
                cell,
                seeds,
                of(cell.recipe()).programme(cell.on(beginning.structure()), seeds, beginning),
                facts,
                beginning.arithmetic());
    }

    /** The seeds of a cell: all from its one seed, but for the order that a control sets apart. */
    static Seeds seeds(Cell cell) {
        Seeds seeds = Seeds.all(cell.seed());
        return cell.control() == Control.OTHER_ORDER
                ? seeds.withFineTuneOrder(Seeds.other(cell.seed()))
                : seeds;
    }
}
