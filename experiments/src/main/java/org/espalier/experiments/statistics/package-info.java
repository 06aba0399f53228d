// SPDX-License-Identifier: Apache-2.0
/**
 * The statistics of the papers, from counts and losses of rows: recall distortion, instability,
 * means over seeds with their intervals, paired differences.
 */
package org.espalier.experiments.statistics;
