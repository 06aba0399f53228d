// SPDX-License-Identifier: Apache-2.0
/**
 * Schedules: when a cell's network is trained, pruned, set back and measured. Each is one file that
 * turns a cell into a graph of stages; what stages are is said in {@code stage}, what their
 * operations do in {@code stage.operation}.
 */
package org.espalier.experiments.schedule;
