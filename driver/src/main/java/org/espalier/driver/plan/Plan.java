// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.List;
import java.util.TreeSet;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.sweep.Sweep;

/**
 * What a sweep comes to before anything is started.
 *
 * @param cells in the sweep's order, each once
 * @param work arithmetic of each stage
 * @param remarks on engines, and on methods on the networks at hand, for the user
 */
public record Plan(Sweep sweep, List<PlannedCell> cells, WorkEstimate work, List<String> remarks) {
    public Plan {
        cells = List.copyOf(cells);
        remarks = List.copyOf(remarks);
    }

    /** The stages of all cells. */
    public StageGraph graph() {
        return StageGraph.of(cells);
    }

    /** Multiply-adds of all stages, each carried out once. */
    public double totalWork() {
        return graph().segments().stream().mapToDouble(work::of).sum();
    }

    /** Multiply-adds if every cell did all of its stages by itself. */
    public double unsharedWork() {
        return cells.stream().mapToDouble(work::alone).sum();
    }

    /** Seconds to expect on that many slots, by a fixed speed of one slot. */
    public double expectedSeconds(int slots) {
        return totalWork() / WorkEstimate.MULTIPLY_ADDS_PER_SECOND / slots;
    }

    /** What engines and methods have to say, each once. */
    public List<String> notes() {
        TreeSet<String> notes = new TreeSet<>(remarks);
        for (PlannedCell cell : cells) {
            if (cell.cell().method() != null) {
                notes.addAll(cell.cell().method().notes());
            }
        }
        return List.copyOf(notes);
    }
}
