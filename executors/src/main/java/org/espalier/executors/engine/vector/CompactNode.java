// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

/** Copies an image to where its channels follow one another. */
final class CompactNode extends Node {

    CompactNode(Input input, Place output) {
        super(input, output);
    }

    @Override
    void forward(Pass pass) {
        int n = output.positions() * pass.stride;
        for (int c = 0; c < output.shape().channels(); c++) {
            int from = input.place().channelAt(c, pass.stride);
            System.arraycopy(pass.values, from, pass.values, output.channelAt(c, pass.stride), n);
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        int n = output.positions() * pass.stride;
        for (int c = 0; c < output.shape().channels(); c++) {
            int to = input.place().gradientOfChannelAt(c, pass.stride);
            handOn(pass, input, to, output.gradientOfChannelAt(c, pass.stride), n);
        }
    }
}
