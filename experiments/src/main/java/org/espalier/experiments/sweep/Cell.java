// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.io.Serializable;
import java.math.BigDecimal;
import org.espalier.experiments.pruning.PruningMethod;
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
 * @param method resolved against the recipe; {@code null} for the control, which has none
 * @param ratio how much is pruned; the control prunes nothing
 */
public record Cell(
        String architecture,
        String dataset,
        BigDecimal noise,
        PruningMethod method,
        Ratio ratio,
        Recipe recipe,
        long seed)
        implements Serializable {

    /** What the {@code method} column says of a cell without a method. */
    public static final String CONTROL = "control";

    public Cell {
        noise = Decimal.canonical(noise);
        if (ratio.isControl() != (method == null)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "a cell has no method exactly where it prunes nothing, got %s at %s",
                            method, ratio.canonicalText()));
        }
    }

    /** Id of the method, or {@link #CONTROL}. */
    public String methodId() {
        return method == null ? CONTROL : method.id();
    }
}
