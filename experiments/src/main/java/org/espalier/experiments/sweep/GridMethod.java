// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.pruning.PruningMethod;

/**
 * A method on the axis of a grid.
 *
 * @param settings every setting that is the same under all recipes of the grid, in canonical
 *     spelling; the others are taken from each recipe
 */
record GridMethod(PruningMethod method, SortedMap<String, String> settings) {
    GridMethod {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
}
