// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.text.Text;

/** How a cell becomes stages, and what it is called. */
public final class Cells {
    /** Phase of training before pruning. */
    public static final String DENSE = "dense";

    /** Phase of training after pruning. */
    public static final String FINE_TUNE = "fine-tune";

    private Cells() {}

    /** The last stage of a cell: initialise, train, prune, fine-tune. */
    public static Stage leaf(Cell cell, Operation.Initialise root) {
        Recipe recipe = cell.recipe();
        return Stage.root(root)
                .then(new Operation.Train(DENSE, recipe.dense(), Recipe.OptimizerState.FRESH))
                .then(
                        new Operation.Prune(
                                cell.method(),
                                cell.ratio(),
                                recipe.scope(),
                                recipe.outputLayer(),
                                recipe.startFrom()))
                .then(new Operation.Train(FINE_TUNE, recipe.fineTune(), recipe.optimizerState()));
    }

    /**
     * Identity of a cell: first 16 hex digits of the hash of its leaf's name and of the names under
     * which its row is filed. Recipes of equal settings give equal ids whatever they are called.
     */
    public static String id(Cell cell, Stage leaf) {
        return Stage.hash(
                        Text.of(
                                "%s\n%s\n%s\n%s",
                                leaf.name(),
                                cell.architecture(),
                                cell.dataset(),
                                cell.ratio().canonicalText()))
                .substring(0, 16);
    }

    /** One line that says which cell this is. */
    public static String text(Cell cell) {
        return Text.of(
                "%s %s noise=%s %s %s recipe=%s seed=%d",
                cell.architecture(),
                cell.dataset(),
                cell.noise().toPlainString(),
                cell.method() == null ? Cell.CONTROL : cell.method().canonicalText(),
                cell.ratio().canonicalText(),
                cell.recipe().name(),
                cell.seed());
    }
}
