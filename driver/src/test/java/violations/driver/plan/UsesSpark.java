// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

import org.apache.spark.SparkConf;

/** Spark outside its package. */
final class UsesSpark {
    SparkConf conf;
}
