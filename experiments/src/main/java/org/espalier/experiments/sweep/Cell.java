// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.io.Serializable;
import java.math.BigDecimal;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.text.Text;

/**
 * One point of the grid: everything that a user chose for one row.
 *
 * @param architecture name in the catalogue of architectures
 * @param dataset name of a data set
 * @param noise label noise rate, or amplitude of target noise for a regression
 * @param method resolved against the recipe; {@code null} for a control, which has none
 * @param control which control; {@code null} for a cell that prunes
 * @param ratio how much is pruned, in its one spelling ({@link Ratio#canonical()}), so that grids
 *     that write the same size in two ways come to one cell; a control prunes nothing
 */
public record Cell(
        String architecture,
        String dataset,
        BigDecimal noise,
        PruningMethod method,
        Control control,
        Ratio ratio,
        Recipe recipe,
        long seed)
        implements Serializable {

    /** What the {@code method} column says of a cell without a method. */
    public static final String CONTROL = "control";

    public Cell {
        noise = Decimal.canonical(noise);
        ratio = ratio.canonical();
        if (ratio.isControl() != (method == null) || ratio.isControl() != (control != null)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "a cell is a control exactly where it prunes nothing and has no method, got %s and %s at %s",
                            method, control, ratio.canonicalText()));
        }
    }

    /**
     * The cell with its method as it works on a network.
     *
     * @param structure {@code Architecture.canonicalText()}
     */
    public Cell on(String structure) {
        return method == null
                ? this
                : new Cell(
                        architecture,
                        dataset,
                        noise,
                        method.on(structure),
                        control,
                        ratio,
                        recipe,
                        seed);
    }

    /** Id of the method, or {@link #CONTROL}. */
    public String methodId() {
        return method == null ? CONTROL : method.id();
    }
}
