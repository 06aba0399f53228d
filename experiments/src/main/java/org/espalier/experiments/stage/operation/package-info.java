// SPDX-License-Identifier: Apache-2.0
/**
 * The operations that stages consist of, one file each: settings, what they take as inputs, and the
 * text by which they enter a stage's name. How each is carried out on a network is said in {@code
 * executors.stage}, in a class of the same name with {@code Runner} behind it.
 */
package org.espalier.experiments.stage.operation;
