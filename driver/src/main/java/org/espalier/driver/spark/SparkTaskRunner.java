// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.espalier.driver.schedule.TaskRunner;
import org.espalier.executors.stage.StageTask;

/** Runs each task as a Spark job of its own, in the job group of the sweep. */
final class SparkTaskRunner implements TaskRunner {
    private final JavaSparkContext spark;
    private final String group;

    SparkTaskRunner(JavaSparkContext spark, String group) {
        this.spark = spark;
        this.group = group;
    }

    @Override
    public StageTask.Outcome run(StageTask task, String description) throws Exception {
        try {
            spark.setJobGroup(group, description, true);
            byte[] answer =
                    spark.parallelize(List.of(JavaBytes.of(task)), 1)
                            .map(SparkTaskRunner::runThere)
                            .collect()
                            .get(0);
            return JavaBytes.read(answer, StageTask.Outcome.class);
        } catch (Exception e) { // Scala throws checked exceptions without saying so
            if (spark.sc().isStopped()) { // not the fault of what was running
                InterruptedException stopped = new InterruptedException("Spark has stopped");
                stopped.initCause(e);
                throw stopped;
            }
            throw e;
        }
    }

    private static byte[] runThere(byte[] task) {
        return JavaBytes.of(JavaBytes.read(task, StageTask.class).run());
    }
}
