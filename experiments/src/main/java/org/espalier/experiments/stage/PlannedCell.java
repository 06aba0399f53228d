// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import org.espalier.experiments.sweep.Cell;

/** A cell with its identity and its last stage. */
public record PlannedCell(Cell cell, String id, Stage leaf) implements Serializable {

    /** Plans a cell whose network and data start as {@code root} says. */
    public static PlannedCell of(Cell cell, Operation.Initialise root) {
        Stage leaf = Cells.leaf(cell, root);
        return new PlannedCell(cell, Cells.id(cell, leaf), leaf);
    }
}
