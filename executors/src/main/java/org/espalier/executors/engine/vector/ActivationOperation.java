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
        switch (function) {
            case RELU -> pass.kernels.reluGradient(pass.gradients, y, pass.values, y, n);
            case TANH -> pass.kernels.tanhGradient(pass.gradients, y, pass.values, y, n);
            case SIGMOID -> pass.kernels.sigmoidGradient(pass.gradients, y, pass.values, y, n);
        }
        if (!inPlace()) {
            handOn(pass, input, input.place().at(pass.stride), y, n);
        }
    }
}
