// SPDX-License-Identifier: Apache-2.0
/**
 * The one training loop and the one evaluation, over any engine. What a cell sees of a data set,
 * noise and split included, is made here.
 */
package org.espalier.executors.train;
