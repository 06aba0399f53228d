// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.sweep.Cell;

/**
 * A cell with its identity and all it comes to.
 *
 * @param arithmetic that its networks are computed with
 */
public record PlannedCell(
        Cell cell, String id, Seeds seeds, Programme programme, Facts facts, Arithmetic arithmetic)
        implements Serializable {

    /** Names a cell. */
    public static PlannedCell of(
            Cell cell, Seeds seeds, Programme programme, Facts facts, Arithmetic arithmetic) {
        return new PlannedCell(
                cell,
                Name.ofCell(programme.leaf().name(), Cells.condition(cell)),
                seeds,
                programme,
                facts,
                arithmetic);
    }

    /** The stage it ends with. */
    public Stage leaf() {
        return programme.leaf();
    }

    /** The data it sees. */
    public Data data() {
        return (Data) programme.leaf().data().orElseThrow().operation();
    }
}
