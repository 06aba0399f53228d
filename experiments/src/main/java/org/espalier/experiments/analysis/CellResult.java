// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.List;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/**
 * A row, as far as analyses look at it.
 *
 * @param folder of the sweep that holds it
 * @param cellId name of the cell
 * @param condition what it shares with its other seeds
 * @param seed of the cell
 * @param trunk name of the dense training; empty where it was not trained
 * @param weights that can be pruned
 * @param level prunings behind its mask; 0 where there is none
 * @param failure reason, null where it completed
 * @param message of the failure; null where it completed
 * @param dense network before pruning; null where it is not known, and so are the others
 * @param pruned straight after the last pruning
 * @param fineTuned at the end
 * @param instabilities of its prunings, those that are defined
 * @param prunings how many there were
 * @param selected test accuracy at the epoch that the validation accuracy selects; NaN where
 *     nothing is held out
 * @param bestOnTest highest test accuracy from straight after the last pruning on, which has seen
 *     the test set; NaN for a regression
 * @param seconds that the cell took
 * @param trunkSeconds that its dense training took, whoever paid
 */
public record CellResult(
        String folder,
        String cellId,
        Key condition,
        long seed,
        String trunk,
        long weights,
        int level,
        String failure,
        String message,
        TestedNetwork dense,
        TestedNetwork pruned,
        TestedNetwork fineTuned,
        List<Double> instabilities,
        int prunings,
        double selected,
        double bestOnTest,
        double seconds,
        double trunkSeconds) {
    public CellResult {
        instabilities = List.copyOf(instabilities);
    }

    /** Whether it has all that a cell of its kind has. */
    public boolean completed() {
        return failure == null;
    }

    /** Mean of its instabilities; NaN where there is none. */
    double instability() {
        return instabilities.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    }

    /**
     * Mean stability; 1 where nothing was pruned, as the authors have it (Bartoldson et al. 2020,
     * arXiv:1906.03728); NaN where prunings have no instability.
     */
    double stability() {
        if (condition.isControl()) {
            return 1;
        }
        return 1 - instability();
    }
}
