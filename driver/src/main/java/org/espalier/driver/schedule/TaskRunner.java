// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import org.espalier.executors.stage.StageTask;

/** Where tasks run: Spark, or a test. */
@FunctionalInterface
public interface TaskRunner {

    /**
     * Runs a task and waits for it; called from several threads at once.
     *
     * @param description one line for people
     * @throws InterruptedException if nothing runs any more: the sweep is being stopped
     * @throws RuntimeException if it is this program's fault that no outcome came back
     * @throws LostExecutorException if no outcome came back since the executor is gone
     */
    StageTask.Outcome run(StageTask task, String description)
            throws InterruptedException, LostExecutorException;
}
