// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

/** Sum of two values. */
final class AddOperation extends Operation {
    private final Input other;

    AddOperation(Input input, Input other, Place output) {
        super(input, output);
        this.other = other;
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
    void inputGradient(Pass pass) {
        int n = output.rows() * pass.stride;
        int y = output.at(pass.stride);
        if (input.wanted()) {
            handOn(pass, input, input.place().at(pass.stride), y, n);
        }
        if (other.wanted()) {
            handOn(pass, other, other.place().at(pass.stride), y, n);
        }
    }
}
