// SPDX-License-Identifier: Apache-2.0
/**
 * What a network does on a data set: counts and summed losses, from which everything else is
 * computed. Nothing is averaged over batches.
 */
package org.espalier.experiments.metrics;
