// SPDX-License-Identifier: Apache-2.0
/**
 * Spark as an adapter: one Spark job with one task for each unit of work, so that what Spark does
 * to a job reaches one unit. Nothing above this package names Spark.
 */
package org.espalier.driver.spark;
