// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;

/** Every so many rows and columns of an image, between channels of zeros. */
final class ShortcutNode extends Node {
    private final int step;
    private final int before;

    ShortcutNode(Input input, Place output, int step) {
        super(input, output);
        this.step = step;
        before = (output.shape().channels() - input.place().shape().channels()) / 2;
    }

    /** Row of the input that an output position of a channel shows. */
    private int source(int channel, int position) {
        int row = position / output.shape().width() * step;
        int column = position % output.shape().width() * step;
        return channel * input.place().pitch() + row * input.place().shape().width() + column;
    }

    @Override
    void forward(Pass pass) {
        int stride = pass.stride;
        int y = output.at(stride);
        int x = input.place().at(stride);
        Arrays.fill(pass.values, y, y + output.rows() * stride, 0);
        for (int c = 0; c < input.place().shape().channels(); c++) {
            for (int p = 0; p < output.positions(); p++) {
                int to = y + ((c + before) * output.pitch() + p) * stride;
                System.arraycopy(pass.values, x + source(c, p) * stride, pass.values, to, stride);
            }
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        clearUnlessAdded(pass, input);
        int stride = pass.stride;
        int y = output.gradientAt(stride);
        int x = input.place().gradientAt(stride);
        float[] g = pass.gradients;
        for (int c = 0; c < input.place().shape().channels(); c++) {
            for (int p = 0; p < output.positions(); p++) {
                int from = y + ((c + before) * output.pitch() + p) * stride;
                pass.kernels.add(g, x + source(c, p) * stride, g, from, stride);
            }
        }
    }
}
