// SPDX-License-Identifier: Apache-2.0
/**
 * Second derivatives of a network's loss, and what stands for them: Hessian products by a second
 * pass beside the first, Fisher diagonals from one pass over samples that do not depend on each
 * other. A network is seen through {@link org.espalier.executors.engine.vector.curvature.Curved},
 * one for each of its nodes; the formulas of a layer are with the layer. What a batch is made of is
 * nothing to this package.
 */
package org.espalier.executors.engine.vector.curvature;
