// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Settings of Hadoop's file systems as Spark takes them: {@code spark.hadoop.KEY=VALUE}. */
public final class HadoopSettings {
    private static final String PREFIX = "spark.hadoop.";

    private HadoopSettings() {}

    /**
     * The configuration for every file system of a run: that of the command line over that of the
     * submission, over Hadoop's own files. A file system that has been made stays as it was made,
     * so nothing may look at one with another configuration before.
     *
     * @param settings of the command line, by key
     */
    public static Configuration configuration(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>();
        System.getProperties()
                .stringPropertyNames()
                .forEach(key -> all.put(key, System.getProperty(key)));
        all.putAll(settings);
        Configuration configuration = new Configuration();
        of(all).forEach(configuration::set);
        return configuration;
    }

    /** Those of Hadoop among settings of Spark, by the key that Hadoop knows them by. */
    static Map<String, String> of(Map<String, String> settings) {
        Map<String, String> hadoop = new TreeMap<>();
        settings.forEach(
                (key, value) -> {
                    if (key.startsWith(PREFIX)) {
                        hadoop.put(key.substring(PREFIX.length()), value);
                    }
                });
        return hadoop;
    }
}
