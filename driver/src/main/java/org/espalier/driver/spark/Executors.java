// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.espalier.driver.spark.ExecutorEngines.Answer;
import org.espalier.results.text.Text;

/**
 * The executors of an application, all of which are asked: those that register within the time that
 * Spark's own setting gives them ({@code spark.scheduler.maxRegisteredResourcesWaitingTime}), or
 * until none has come for a while.
 */
final class Executors {
    private static final String WAITING = "spark.scheduler.maxRegisteredResourcesWaitingTime";
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_ROUNDS = 20;
    private static final int TASKS_PER_SLOT = 2;

    private final JavaSparkContext spark;

    Executors(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * Asks every executor for an engine.
     *
     * @return answers by executor
     * @throws IllegalStateException if one of them does not answer
     */
    Map<String, Answer> ask(String engine) {
        await();
        Map<String, Answer> answers = new TreeMap<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int tasks = TASKS_PER_SLOT * Math.max(1, spark.defaultParallelism());
            spark.setJobGroup("espalier", "whether engine " + engine + " runs", true);
            spark.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                    .map(i -> answer(engine))
                    .collect()
                    .forEach(
                            it ->
                                    answers.put(
                                            it.get(0),
                                            new Answer(it.get(1), it.get(2), it.get(3))));
            int there = count();
            if (answers.size() >= there) {
                return answers;
            }
        }
        throw new IllegalStateException(
                Text.of(
                        "only %d of %d executors say whether they can run engine %s; try again when they are idle",
                        answers.size(), count(), engine));
    }

    /** As texts, which every serialiser carries. */
    private static List<String> answer(String engine) {
        SparkEnv here = SparkEnv.get();
        Answer answer = ExecutorEngines.here(engine, here.blockManager().blockManagerId().host());
        return List.of(here.executorId(), answer.host(), answer.numerics(), answer.hindrance());
    }

    /** Waits for executors that are on their way; in local mode there is none to wait for. */
    private void await() {
        if (spark.isLocal()) {
            return;
        }
        long now = System.nanoTime();
        long latest =
                now + TimeUnit.MILLISECONDS.toNanos(spark.getConf().getTimeAsMs(WAITING, "30s"));
        long quietSince = now;
        Set<String> before = Set.of();
        while (now < latest && (before.isEmpty() || now - quietSince < QUIET_NANOS)) {
            LockSupport.parkNanos(LOOK_NANOS);
            Set<String> there = addresses();
            now = System.nanoTime();
            if (!there.equals(before)) {
                before = there;
                quietSince = now;
            }
        }
    }

    private int count() {
        return spark.isLocal() ? 1 : addresses().size();
    }

    /** Of the executors that are registered; the driver, which Spark lists too, is none. */
    private Set<String> addresses() {
        String driver = SparkEnv.get().blockManager().blockManagerId().hostPort();
        return Arrays.stream(spark.sc().statusTracker().getExecutorInfos())
                .map(Executors::address)
                .filter(it -> !it.equals(driver))
                .collect(Collectors.toSet());
    }

    private static String address(SparkExecutorInfo info) {
        return info.host() + ":" + info.port();
    }
}
