// SPDX-License-Identifier: Apache-2.0
/**
 * The engine on Deeplearning4j: its layers and ND4J's native code compute, everything around them
 * (order, dropout, loss, updates, masks, running statistics) is ours. No type of DL4J or ND4J
 * leaves this package.
 */
package org.espalier.executors.engine.dl4j;
