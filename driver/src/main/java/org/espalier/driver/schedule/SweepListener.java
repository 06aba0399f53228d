// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.results.CellRow;

/** What happens during a sweep; called by one thread. */
public interface SweepListener {

    /** What a segment leaves for others was in the store already. */
    void reused(Segment segment);

    /** A segment that others start from ended, well or not. */
    void ended(Segment segment, StageTask.Outcome outcome);

    /** A row is there; it must be kept before this returns or soon after. */
    void rowArrived(CellRow row);

    /** Called at least every second, for what must happen by time. */
    void tick();
}
