// SPDX-License-Identifier: Apache-2.0
/**
 * A plain-Java engine whose cost follows what is left of a pruned network. Values lie as features x
 * batch, one thread, nothing is allocated inside the training loop. The arithmetic is that of
 * {@link org.espalier.executors.engine.vector.kernels.Kernels}, which has the same bits at every
 * vector width and without vectors.
 */
package org.espalier.executors.engine.vector;
