// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;

class TaskHostsTest {

    /** Spark's own events, of a job whose task fails as one whose executor is lost does. */
    @Test
    void knowsWhereAFailedTaskRan() throws Exception {
        SparkConf conf =
                new SparkConf()
                        .setAppName("hosts")
                        .setMaster("local[2]")
                        .set("spark.ui.enabled", "false")
                        .set("spark.driver.host", "localhost")
                        .set("spark.driver.bindAddress", "127.0.0.1");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            TaskHosts hosts = new TaskHosts();
            spark.sc().addSparkListener(hosts);
            spark.setLocalProperty(TaskHosts.PROPERTY, "sweep-1");
            assertThatThrownBy(
                            () ->
                                    spark.parallelize(List.of(1), 1)
                                            .map(TaskHostsTest::lost)
                                            .collect())
                    .hasMessageContaining("gone");

            assertThat(hosts.of("sweep-1")).isEqualTo(Utils.localCanonicalHostName());

            hosts.forget("sweep-1");
            assertThat(hosts.of("sweep-1")).isNull();
        }
    }

    private static int lost(int value) {
        throw new IllegalStateException("gone " + value);
    }

    @Test
    void jobsOfOthersAreNotKept() throws Exception {
        TaskHosts hosts = new TaskHosts();
        hosts.onStageSubmitted(
                new org.apache.spark.scheduler.SparkListenerStageSubmitted(null, new Properties()));
        hosts.onStageSubmitted(
                new org.apache.spark.scheduler.SparkListenerStageSubmitted(null, null));
        hosts.onTaskEnd(new SparkListenerTaskEnd(3, 0, "", null, null, null, null));

        assertThat(hosts.of("sweep-1")).isNull();
    }
}
