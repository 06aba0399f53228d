// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.experiments.network.Layer;

/** An element-wise function; in the place of its input where nobody else reads that. */
final class ActivationOperation extends Operation {
    private final Layer.Activation.Function function;

    ActivationOperation(Input input, Place output, Layer.Activation.Function function) {
        super(input, output);
        this.function = function;
    }

    private boolean inPlace() {
        return input.place().row() == output.row();
    }

    @Override
    void forward(Pass pass) {
        int n = output.rows() * pass.stride;
        int y = output.at(pass.stride);
        if (!inPlace()) {
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
    void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        int n = output.rows() * pass.stride;
        int y = output.at(pass.stride);
        timesSlope(pass, pass.gradients, y, n);
        if (!inPlace()) {
            handOn(pass, input, input.place().at(pass.stride), y, n);
        }
    }

    /** Multiplies with f' at the output's values. */
    private void timesSlope(Pass pass, float[] array, int y, int n) {
        switch (function) {
            case RELU -> pass.kernels.reluGradient(array, y, pass.values, y, n);
            case TANH -> pass.kernels.tanhGradient(array, y, pass.values, y, n);
            case SIGMOID -> pass.kernels.sigmoidGradient(array, y, pass.values, y, n);
        }
    }

    /** {@code Ry = f' Rx}. */
    @Override
    void forwardTangent(TangentPass tangent) {
        Pass along = tangent.along;
        int n = output.rows() * along.stride;
        int y = output.at(along.stride);
        if (!inPlace()) {
            int x = input.place().at(along.stride);
            System.arraycopy(along.values, x, along.values, y, n);
        }
        timesSlope(tangent.pass, along.values, y, n);
    }

    /** {@code Rdx = f' Rdy + Rf' dy}. */
    @Override
    void backwardTangent(TangentPass tangent) {
        if (!input.wanted()) {
            return;
        }
        Pass along = tangent.along;
        int n = output.rows() * along.stride;
        int y = output.at(along.stride);
        timesSlope(tangent.pass, along.gradients, y, n);
        if (function != Layer.Activation.Function.RELU) {
            addBend(tangent, y, n);
        }
        if (!inPlace()) {
            handOn(along, input, input.place().at(along.stride), y, n);
        }
    }

    /** {@code Rf'} is -2 y Ry of tanh, (1 - 2 y) Ry of the sigmoid, 0 of ReLU. */
    private void addBend(TangentPass tangent, int at, int n) {
        float[] y = tangent.pass.values;
        float atZero = function == Layer.Activation.Function.TANH ? 0 : 1;
        for (int i = at; i < at + n; i++) {
            float bend = (atZero - 2 * y[i]) * tangent.along.values[i];
            tangent.along.gradients[i] += bend * tangent.pass.gradients[i];
        }
    }
}
