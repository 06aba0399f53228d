// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.util.StringJoiner;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.text.Text;

/** What cells are called. */
public final class Cells {
    private Cells() {}

    /**
     * A cell without its seed in canonical spelling: everything that a user chose, every default
     * resolved, but the recipe's name. Cells of equal text are replicates. With the name of its
     * last stage it makes a cell's id, so that two cells of one network whose rows are filed apart,
     * or hold other measurements, are two.
     */
    public static String condition(Cell cell) {
        Recipe recipe = cell.recipe();
        StringJoiner text = new StringJoiner(" ");
        text.add("architecture=" + cell.architecture());
        text.add("dataset=" + cell.dataset());
        text.add("noise=" + Decimal.text(cell.noise()));
        text.add(
                cell.method() == null
                        ? "control=" + Text.word(cell.control())
                        : "method=" + cell.method().canonicalText());
        text.add(cell.ratio().canonicalText());
        return text.add(recipe.canonicalText()).toString();
    }

    /** One line that says which cell this is. */
    public static String text(Cell cell) {
        return Text.of(
                "%s %s noise=%s %s %s%s recipe=%s seed=%d",
                cell.architecture(),
                cell.dataset(),
                cell.noise().toPlainString(),
                cell.method() == null ? controlText(cell) : cell.method().canonicalText(),
                cell.ratio().canonicalText(),
                recipeSchedule(cell),
                cell.recipe().name(),
                cell.seed());
    }

    /** The schedule where it is not the usual one. */
    private static String recipeSchedule(Cell cell) {
        ScheduleSettings schedule = cell.recipe().schedule();
        return schedule instanceof ScheduleSettings.OneShot ? "" : " " + schedule.canonicalText();
    }

    private static String controlText(Cell cell) {
        return cell.control() == Control.FINE_TUNED
                ? Cell.CONTROL
                : Cell.CONTROL + "(" + Text.word(cell.control()) + ")";
    }
}
