// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.experiments.network.Layer;

/** An element-wise function; in the place of its input where nobody else reads that. */
final class ActivationNode extends Node {
    private final Layer.Activation.Function function;
    private final boolean inPlace;

    ActivationNode(Input input, Place output, Layer.Activation.Function function) {
        super(input, output);
        inPlace = isInPlace();
        this.function = function;
    }

    @Override
    void forward(Pass pass) {
        int n = output.rows() * pass.stride;
        int y = output.at(pass.stride);
        if (!inPlace) {
            System.arraycopy(pass.values, input.place().at(pass.stride), pass.values, y, n);
        }
        switch (function) {
            case RELU -> pass.kernels.relu(pass.values, y, n);
            case TANH -> pass.kernels.tanh(pass.values, y, n);
            case SIGMOID -> pass.kernels.sigmoid(pass.values, y, n);
        }
    }

    /** The gradient is first turned into that of the input where it is, then handed on. */
    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        int n = output.rows() * pass.stride;
        int dy = output.gradientAt(pass.stride);
        timesSlope(pass, pass.gradients, dy, n);
        if (!inPlace) {
            handOn(pass, input, input.place().gradientAt(pass.stride), dy, n);
        }
    }

    /** Multiplies with f' at the output's values. */
    private void timesSlope(Pass pass, float[] array, int at, int n) {
        int y = output.at(pass.stride);
        switch (function) {
            case RELU -> pass.kernels.reluGradient(array, at, pass.values, y, n);
            case TANH -> pass.kernels.tanhGradient(array, at, pass.values, y, n);
            case SIGMOID -> pass.kernels.sigmoidGradient(array, at, pass.values, y, n);
        }
    }

    /** {@code Ry = f' Rx}. */
    @Override
    public void forwardTangent(TangentPass<Pass> tangent) {
        Pass along = tangent.along();
        int n = output.rows() * along.stride;
        int y = output.at(along.stride);
        if (!inPlace) {
            int x = input.place().at(along.stride);
            System.arraycopy(along.values, x, along.values, y, n);
        }
        timesSlope(tangent.pass(), along.values, y, n);
    }

    /** {@code Rdx = f' Rdy + Rf' dy}. */
    @Override
    public void backwardTangent(TangentPass<Pass> tangent) {
        if (!input.wanted()) {
            return;
        }
        Pass along = tangent.along();
        int n = output.rows() * along.stride;
        int dy = output.gradientAt(along.stride);
        timesSlope(tangent.pass(), along.gradients, dy, n);
        if (function != Layer.Activation.Function.RELU) {
            addBend(tangent, dy, n);
        }
        if (!inPlace) {
            handOn(along, input, input.place().gradientAt(along.stride), dy, n);
        }
    }

    /** {@code Rf'} is -2 y Ry of tanh, (1 - 2 y) Ry of the sigmoid, 0 of ReLU. */
    private void addBend(TangentPass<Pass> tangent, int dy, int n) {
        int y = output.at(tangent.pass().stride);
        float[] values = tangent.pass().values;
        float atZero = function == Layer.Activation.Function.TANH ? 0 : 1;
        for (int i = 0; i < n; i++) {
            float bend = (atZero - 2 * values[y + i]) * tangent.along().values[y + i];
            tangent.along().gradients[dy + i] += bend * tangent.pass().gradients[dy + i];
        }
    }
}
