// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Where tasks ended, by what the thread that asked for them named itself in {@link #PROPERTY}. A
 * task that was tried several times has the host of its last attempt. Spark tells of this on a
 * thread of its own, a moment after the job has ended.
 */
final class TaskHosts extends SparkListener {
    static final String PROPERTY = "espalier.task";
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, String> hosts = new HashMap<>();

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        Properties of = submitted.properties();
        String name = of == null ? null : of.getProperty(PROPERTY);
        if (name != null) {
            names.put(submitted.stageInfo().stageId(), name);
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        String name = names.get(end.stageId());
        if (name != null) {
            hosts.put(name, end.taskInfo().host());
            notifyAll();
        }
    }

    /** The host of a task that has ended, or null if Spark does not tell within two seconds. */
    synchronized String of(String name) throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!hosts.containsKey(name)) {
            long left = TimeUnit.NANOSECONDS.toMillis(latest - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return hosts.get(name);
    }

    /** What is known of a task is not asked for any more. */
    synchronized void forget(String name) {
        names.values().removeIf(name::equals);
        hosts.remove(name);
    }
}
