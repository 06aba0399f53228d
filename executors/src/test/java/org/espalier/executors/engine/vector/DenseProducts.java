// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.Start;
import org.espalier.experiments.random.RandomStream;

/**
 * The products of one fully connected layer on one batch, with the rows and products that {@link
 * DenseNode} hands to the kernels. For benchmarks.
 */
final class DenseProducts {
    final int inputs;
    final int outputs;
    final int batch;
    private final Product forward;
    private final Product weightGradient;
    private final Product inputGradient;
    private final Start starts;
    final float[] weights;
    final float[] weightGradients;
    final float[] values;
    final float[] valueGradients;
    final float[] results;
    final float[] biases;
    final float[] resultGradients;
    private final Rows transposed;
    private final Rows matrix;
    private final Rows gradientMatrix;
    private final Rows valueRows;
    private final Rows valueGradientRows;
    private final Rows resultRows;
    private final Rows resultGradientRows;

    /**
     * Random weights, inputs and gradients in [-0.5, 0.5), results of 0.
     *
     * @param batch multiple of 16
     */
    DenseProducts(int inputs, int outputs, int batch, RandomStream random) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.batch = batch;
        int row = Memory.padded(inputs);
        int[] ofInputs = Memory.steps(inputs, 1);
        int[] ofSamples = Memory.steps(batch, 1);
        int[] ofRows = Memory.steps(outputs, row);
        forward = new Product(outputs, 1, row, ofInputs, ofInputs);
        weightGradient = new Product(outputs, row, 1, ofSamples, ofSamples);
        inputGradient = new Product(inputs, 1, 1, ofRows, Memory.steps(outputs, 1));
        weights = Memory.floats((long) outputs * row);
        weightGradients = Memory.floats((long) outputs * row);
        values = Memory.floats((long) inputs * batch);
        valueGradients = Memory.floats((long) inputs * batch);
        results = Memory.floats((long) outputs * batch);
        biases = Memory.floats(outputs);
        resultGradients = Memory.floats((long) outputs * batch);
        starts = Start.each(biases);
        transposed = Rows.of(Memory.floats((long) batch * row), row);
        matrix = Rows.ofFloats(weights);
        gradientMatrix = Rows.ofFloats(weightGradients);
        valueRows = Rows.of(values, batch);
        valueGradientRows = Rows.of(valueGradients, batch);
        resultRows = Rows.of(results, batch);
        resultGradientRows = Rows.of(resultGradients, batch);
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                weights[Memory.ORIGIN + o * row + i] = random.nextFloat() - 0.5f;
            }
            for (int b = 0; b < batch; b++) {
                float value = random.nextFloat() - 0.5f;
                values[Memory.ORIGIN + i * batch + b] = value;
                transposed.array()[transposed.index(b) + i] = value;
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
        kernels.multiply(forward, starts, resultRows, 0, matrix, 0, valueRows, 0, 1);
    }

    /** {@code weightGradients[o, i] = sum_b resultGradients[o, b] values[i, b]}. */
    void weightGradient(Kernels kernels) {
        kernels.multiply(
                weightGradient,
                Start.ZERO,
                gradientMatrix,
                0,
                resultGradientRows,
                0,
                transposed,
                0,
                1);
    }

    /** {@code valueGradients[i, b] = sum_o weights[o, i] resultGradients[o, b]}. */
    void inputGradient(Kernels kernels) {
        kernels.multiply(
                inputGradient,
                Start.ZERO,
                valueGradientRows,
                0,
                matrix,
                0,
                resultGradientRows,
                0,
                1);
    }
}
