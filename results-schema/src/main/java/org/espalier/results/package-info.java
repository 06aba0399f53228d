// SPDX-License-Identifier: Apache-2.0
/**
 * The row of a cell and its file format. {@link org.espalier.results.CellRow} is the value, the
 * Avro schema beside it the contract, and {@link org.espalier.results.ResultsFolder} the durable
 * folder of rows; only this package touches files of results. Nothing here knows Spark, a network
 * or a method.
 */
package org.espalier.results;
