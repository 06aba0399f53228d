// SPDX-License-Identifier: Apache-2.0
/**
 * Stages carried out: from a stage's name to the network it leaves, by way of the store of
 * snapshots. The runner decides what is reused, continued or made; the row builder turns a finished
 * network's history into the row of a cell.
 */
package org.espalier.executors.stage;
