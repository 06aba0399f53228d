// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.espalier.executors.engine.vector.curvature.Curved;
import org.espalier.executors.engine.vector.curvature.SquaredGradients;
import org.espalier.executors.engine.vector.curvature.TangentPass;

/**
 * A node of the compiled network, a layer in its place: computes its output's values, and from its
 * output's gradients the rest.
 */
abstract class Node implements Curved<Pass> {

    /**
     * An input of a node.
     *
     * @param wanted whether a gradient is needed there
     * @param added whether another reader has written a gradient there before, in the order of the
     *     backward pass
     */
    record Input(Place place, boolean wanted, boolean added) {}

    final Input input;
    final Place output;

    Node(Input input, Place output) {
        this.input = input;
        this.output = output;
    }

    List<Input> inputs() {
        return List.of(input);
    }

    /** Whether the output takes the place of an input. */
    final boolean isInPlace() {
        return inputs().stream().anyMatch(in -> in.place() == output);
    }

    /** Makes room for batches of up to {@code capacity} samples, a multiple of 16. */
    void reserve(int capacity) {}

    abstract void forward(Pass pass);

    /** From the gradients of the output to those of the parameters; before the input's. */
    void parameterGradient(Pass pass) {}

    @Override
    public int samplesAtOnce(int capacity) {
        return capacity;
    }

    /** Nothing without parameters. */
    @Override
    public void addSquares(Pass pass, SquaredGradients<Pass> squares) {}

    @Override
    public void forwardTangent(TangentPass<Pass> tangent) {
        forward(tangent.along());
    }

    @Override
    public void backwardTangent(TangentPass<Pass> tangent) {
        inputGradient(tangent.along());
    }

    /** In the order of the layer's parameters. */
    List<Trained> parameters() {
        return List.of();
    }

    /** Prepares the input's gradient for additions. */
    final void clearUnlessAdded(Pass pass, Input in) {
        if (!in.added()) {
            int at = in.place().gradientAt(pass.stride);
            Arrays.fill(pass.gradients, at, at + in.place().rows() * pass.stride, 0);
        }
    }

    /** The same for some positions of each channel. */
    final void clearUnlessAdded(Pass pass, Input in, int from, int to) {
        if (!in.added() && from < to) {
            for (int c = 0; c < in.place().shape().channels(); c++) {
                int at = in.place().gradientOfChannelAt(c, pass.stride);
                Arrays.fill(pass.gradients, at + from * pass.stride, at + to * pass.stride, 0);
            }
        }
    }

    /** Writes or adds {@code n} gradients of the output, unchanged, to the input's. */
    final void handOn(Pass pass, Input in, int to, int from, int n) {
        if (in.added()) {
            pass.kernels.add(pass.gradients, to, pass.gradients, from, n);
        } else {
            System.arraycopy(pass.gradients, from, pass.gradients, to, n);
        }
    }
}
