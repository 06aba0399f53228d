// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * Which weight meets which row of samples in a product of a matrix with rows, wherever the three
 * lie: in output r &lt; rows, which is row {@code r outStep} of the outputs, weight {@code w(r
 * wStep)[wSteps[s]]} meets row {@code xSteps[s]} of the inputs, for s &lt; steps. Made once for a
 * layer, not for a call.
 *
 * @param rows number of outputs
 * @param outStep rows from one output to the next
 * @param wStep rows of the matrix from one output's weights to the next's
 * @param wSteps from an output's first weight to each weight, at least {@code steps}; given away
 * @param xSteps from the first input row to the row of each weight, as many; given away
 * @param steps at least 1
 */
public record Product(int rows, int outStep, int wStep, int[] wSteps, int[] xSteps, int steps) {

    /** Checks that there is something to multiply and a place for it. */
    public Product {
        if (rows < 1 || steps < 1 || wSteps.length < steps || xSteps.length < steps) {
            throw new IllegalArgumentException(
                    rows
                            + " outputs, "
                            + steps
                            + " steps of "
                            + wSteps.length
                            + " weights and "
                            + xSteps.length
                            + " inputs");
        }
    }

    /** All the steps. */
    public Product(int rows, int outStep, int wStep, int[] wSteps, int[] xSteps) {
        this(rows, outStep, wStep, wSteps, xSteps, xSteps.length);
    }
}
