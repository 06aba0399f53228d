// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.StageTree.Segment;
import org.espalier.results.CellRow;

/** What happens during a sweep; called by one thread. */
public interface SweepListener {

    /** The snapshot of a trunk was in the store already. */
    void trunkReused(Segment trunk);

    /** A trunk ended, well or not. */
    void trunkEnded(Segment trunk, StageTask.Outcome outcome);

    /** A row is there; it must be kept before this returns or soon after. */
    void rowArrived(CellRow row);

    /** Called at least every second, for what must happen by time. */
    void tick();
}
