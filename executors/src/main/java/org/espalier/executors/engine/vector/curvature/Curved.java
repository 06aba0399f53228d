// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.curvature;

/**
 * A node of a network as its curvature needs it. All of it is about batches in evaluation mode,
 * whose values are computed.
 *
 * @param <P> a batch with room for values and gradients
 */
public interface Curved<P> {

    /** Samples that a batch for {@link #addSquares} should have, at most {@code capacity}. */
    int samplesAtOnce(int capacity);

    /**
     * Adds the squares of each sample's derivatives by the node's parameters, from the gradients of
     * each sample's own loss at the output; before {@link #inputGradient}.
     */
    void addSquares(P pass, SquaredGradients<P> squares);

    /**
     * From the derivatives along a direction of the inputs' values to those of the output's. What
     * is linear does the same with them as with values.
     */
    void forwardTangent(TangentPass<P> tangent);

    /**
     * From the derivatives along a direction of the output's gradients to those of the parameters
     * and of the inputs that want them, before {@link #inputGradient} of the gradients, which may
     * overwrite what they depend on.
     */
    void backwardTangent(TangentPass<P> tangent);

    /** From the gradients of the output to those of the inputs that want them. */
    void inputGradient(P pass);
}
