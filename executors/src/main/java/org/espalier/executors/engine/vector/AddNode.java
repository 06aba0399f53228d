// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.List;

/** Sum of two values; in the place of the first where nobody else reads that. */
final class AddNode extends Node {
    private final Input other;

    AddNode(Input input, Input other, Place output) {
        super(input, output);
        this.other = other;
    }

    @Override
    List<Input> inputs() {
        return List.of(input, other);
    }

    @Override
    void forward(Pass pass) {
        int n = output.rows() * pass.stride;
        int y = output.at(pass.stride);
        int x = input.place().at(pass.stride);
        int z = other.place().at(pass.stride);
        pass.kernels.plus(pass.values, y, pass.values, x, pass.values, z, n);
    }

    @Override
    public void inputGradient(Pass pass) {
        inputGradient(pass, input);
        inputGradient(pass, other);
    }

    private void inputGradient(Pass pass, Input in) {
        if (in.wanted() && in.place() != output) {
            int to = in.place().gradientAt(pass.stride);
            int from = output.gradientAt(pass.stride);
            handOn(pass, in, to, from, output.rows() * pass.stride);
        }
    }
}
