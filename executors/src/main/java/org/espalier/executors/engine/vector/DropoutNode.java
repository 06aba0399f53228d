// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.kernels.Memory;

/**
 * Dropout: a mask of 0 and 1 / (1 - rate), the latter rounded to float, drawn sample by sample and
 * element by element, times the input.
 */
final class DropoutNode extends Node {
    private final float rate;
    private final float kept;
    private float[] mask = new float[0];

    DropoutNode(Input input, Place output, double rate) {
        super(input, output);
        this.rate = (float) rate;
        kept = (float) (1 / (1 - rate));
    }

    @Override
    void reserve(int capacity) {
        mask = Memory.floats((long) output.rows() * capacity);
    }

    @Override
    void forward(Pass pass) {
        int n = output.rows() * pass.stride;
        int x = input.place().at(pass.stride);
        int y = output.at(pass.stride);
        if (pass.mode == Pass.Mode.EVALUATION) {
            System.arraycopy(pass.values, x, pass.values, y, n);
            return;
        }
        for (int b = 0; b < pass.count; b++) {
            for (int c = 0; c < output.shape().channels(); c++) {
                for (int p = 0; p < output.positions(); p++) {
                    int row = c * output.pitch() + p;
                    mask[Memory.ORIGIN + row * pass.stride + b] =
                            pass.dropout.nextFloat() < rate ? 0 : kept;
                }
            }
        }
        pass.kernels.times(pass.values, y, pass.values, x, mask, Memory.ORIGIN, n);
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        int n = output.rows() * pass.stride;
        int y = output.gradientAt(pass.stride);
        if (pass.mode != Pass.Mode.EVALUATION) {
            float[] g = pass.gradients;
            pass.kernels.times(g, y, g, y, mask, Memory.ORIGIN, n);
        }
        handOn(pass, input, input.place().gradientAt(pass.stride), y, n);
    }
}
