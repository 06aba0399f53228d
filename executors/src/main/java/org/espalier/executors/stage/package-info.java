// SPDX-License-Identifier: Apache-2.0
/**
 * Stages carried out: from a stage's name to the network it leaves, by way of the store. {@code
 * StageRunner} decides what is reused, continued or made; each operation is carried out by the
 * class of its name with {@code Runner} behind it; the row builder turns a plan and a journal into
 * a row.
 */
package org.espalier.executors.stage;
