// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.random.RandomStream;

/**
 * The products of one fully connected layer on one batch, with the arrays and strides that {@link
 * DenseNode} hands to the kernels. For benchmarks.
 */
final class DenseProducts {
    final int inputs;
    final int outputs;
    final int batch;
    private final int row;
    private final int[] count;
    private final int[] rowSteps;
    final float[] weights;
    final float[] weightGradients;
    final float[] values;
    final float[] valueGradients;
    final float[] results;
    final float[] biases;
    final float[] resultGradients;
    private final float[] transposed;

    /**
     * Random weights, inputs and gradients in [-0.5, 0.5), results of 0.
     *
     * @param batch multiple of 16
     */
    DenseProducts(int inputs, int outputs, int batch, RandomStream random) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.batch = batch;
        row = Memory.padded(inputs);
        count = Memory.steps(Math.max(Math.max(inputs, outputs), batch), 1);
        rowSteps = Memory.steps(outputs, row);
        weights = Memory.floats((long) outputs * row);
        weightGradients = Memory.floats((long) outputs * row);
        values = Memory.floats((long) inputs * batch);
        valueGradients = Memory.floats((long) inputs * batch);
        results = Memory.floats((long) outputs * batch);
        biases = Memory.floats(outputs);
        resultGradients = Memory.floats((long) outputs * batch);
        transposed = Memory.floats((long) batch * row);
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                weights[Memory.ORIGIN + o * row + i] = random.nextFloat() - 0.5f;
            }
            for (int b = 0; b < batch; b++) {
                float value = random.nextFloat() - 0.5f;
                values[Memory.ORIGIN + i * batch + b] = value;
                transposed[Memory.ORIGIN + b * row + i] = value;
            }
        }
        for (int i = 0; i < outputs * batch; i++) {
            resultGradients[Memory.ORIGIN + i] = random.nextFloat() - 0.5f;
        }
    }

    /** Multiply-adds of one product: each of the three has as many. */
    long multiplyAdds() {
        return (long) inputs * outputs * batch;
    }

    /** {@code results[o, b] = biases[o] + sum_i weights[o, i] values[i, b]}. */
    void forward(Kernels kernels) {
        int at = Memory.ORIGIN;
        kernels.multiply(
                results, at, batch, outputs, batch, weights, at, row, count, values, at, batch,
                count, inputs, biases, at, 1);
    }

    /** {@code weightGradients[o, i] = sum_b resultGradients[o, b] values[i, b]}. */
    void weightGradient(Kernels kernels) {
        int at = Memory.ORIGIN;
        kernels.multiply(
                weightGradients,
                at,
                row,
                outputs,
                row,
                resultGradients,
                at,
                batch,
                count,
                transposed,
                at,
                row,
                count,
                batch,
                Kernels.ZERO,
                0,
                0);
    }

    /** {@code valueGradients[i, b] = sum_o weights[o, i] resultGradients[o, b]}. */
    void inputGradient(Kernels kernels) {
        int at = Memory.ORIGIN;
        kernels.multiply(
                valueGradients,
                at,
                batch,
                inputs,
                batch,
                weights,
                at,
                1,
                rowSteps,
                resultGradients,
                at,
                batch,
                count,
                outputs,
                Kernels.ZERO,
                0,
                0);
    }
}
