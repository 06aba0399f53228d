// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.espalier.driver.schedule.LostExecutorException;
import org.espalier.driver.schedule.TaskRunner;
import org.espalier.executors.stage.StageTask;

/** Runs each task as a Spark job of its own, in the job group of the sweep. */
final class SparkTaskRunner implements TaskRunner {
    private final JavaSparkContext spark;
    private final String group;
    private final TaskHosts hosts = new TaskHosts();
    private final AtomicLong tasks = new AtomicLong();

    SparkTaskRunner(JavaSparkContext spark, String group) {
        this.spark = spark;
        this.group = group;
        spark.sc().addSparkListener(hosts);
    }

    @Override
    public StageTask.Outcome run(StageTask task, String description)
            throws InterruptedException, LostExecutorException {
        String name = group + "-" + tasks.incrementAndGet();
        try {
            spark.setJobGroup(group, description, true);
            spark.setLocalProperty(TaskHosts.PROPERTY, name);
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
            if (e instanceof RuntimeException ours) {
                throw ours;
            }
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new LostExecutorException(hosts.of(name), e);
        } finally {
            hosts.forget(name);
        }
    }

    private static byte[] runThere(byte[] task) {
        return JavaBytes.of(JavaBytes.read(task, StageTask.class).run());
    }
}
