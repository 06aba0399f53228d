// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.espalier.driver.UsageException;
import org.espalier.driver.schedule.TaskRunner;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.results.text.Text;
import scala.Tuple2;

/**
 * A Spark application: a context with its slots. Under spark-submit the master and all settings are
 * those of the submission; else they come from the command line.
 */
public final class SparkCluster implements AutoCloseable {
    private static final String MASTER = "spark.master";
    private static final String RETAINED = "20";

    private final JavaSparkContext spark;

    private SparkCluster(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * Starts or joins.
     *
     * @param name of the application
     * @param master used where the submission names none, e.g. {@code local[2]}
     * @param settings Spark settings of the command line; they win over the submission's
     */
    public static SparkCluster start(String name, String master, Map<String, String> settings) {
        Map<String, String> given = new HashMap<>();
        System.getProperties()
                .stringPropertyNames()
                .forEach(key -> given.put(key, System.getProperty(key)));
        given.putIfAbsent(MASTER, master);
        given.putAll(settings);
        Premises.check(given.get(MASTER), given, System.getenv());
        SparkConf conf = new SparkConf().setAppName(name);
        conf.setIfMissing(MASTER, master);
        if (conf.get(MASTER).startsWith("local")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "localhost");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        settings.forEach(conf::set);
        if (conf.get("spark.ui.enabled", "true").equalsIgnoreCase("false")) {
            forgetEndedJobs(conf);
        }
        return new SparkCluster(context(conf));
    }

    /**
     * Spark records its latest 1000 jobs, stages and their tasks for its UI, and does so where
     * there is none. A cell is a job, so that would be some megabytes of the driver.
     */
    private static void forgetEndedJobs(SparkConf conf) {
        for (String record : new String[] {"Jobs", "Stages", "Tasks"}) {
            conf.setIfMissing("spark.ui.retained" + record, RETAINED);
        }
    }

    /**
     * Spark checks master and settings when it starts, and what it then throws is for its own
     * developers.
     */
    private static JavaSparkContext context(SparkConf conf) {
        try {
            return new JavaSparkContext(conf);
        } catch (Exception | LinkageError e) { // Scala declares no checked exceptions
            throw new UsageException(
                    Text.of(
                            "Spark did not start with master %s and the settings given: %s",
                            conf.get(MASTER), Text.firstLine(e)),
                    e);
        }
    }

    /** Version of the Spark on the class path; starts nothing. */
    public static String sparkVersion() {
        return org.apache.spark.package$.MODULE$.SPARK_VERSION();
    }

    /** Tasks that can run at once, as far as Spark knows now. */
    public int slots() {
        return Math.max(1, spark.defaultParallelism());
    }

    /** Version of Spark. */
    public String version() {
        return spark.version();
    }

    /** Master URL. */
    public String master() {
        return spark.master();
    }

    /** Id of the application, as in Spark's UI and event log. */
    public String applicationId() {
        return spark.sc().applicationId();
    }

    /** Hadoop settings given through Spark, {@code spark.hadoop.*}. */
    public Map<String, String> hadoopSettings() {
        Map<String, String> all = new HashMap<>();
        for (Tuple2<String, String> entry : spark.getConf().getAll()) {
            all.put(entry._1(), entry._2());
        }
        return HadoopSettings.of(all);
    }

    /**
     * The engine that a recipe gets on the executors: asked of every one of them, since it is part
     * of every cell's name. Of {@code auto}, the first engine that all of them can run.
     *
     * @param asked as in a recipe
     * @throws IllegalStateException if executors disagree or cannot run it
     */
    public Engines.Resolved resolve(String asked) {
        return new ExecutorEngines(
                        Engines.all().stream().map(Engine::id).toList(), new Executors(spark)::ask)
                .resolve(asked);
    }

    /** Spark SQL in this application. */
    public SparkSession sql() {
        return SparkSession.builder()
                .sparkContext(spark.sc())
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
    }

    /** Runs tasks of a sweep on the executors. */
    public TaskRunner runner(String group) {
        return new SparkTaskRunner(spark, group);
    }

    @Override
    public void close() {
        spark.close();
    }
}
