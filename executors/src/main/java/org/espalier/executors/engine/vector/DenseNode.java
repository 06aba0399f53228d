// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.SparseProduct;
import org.espalier.executors.engine.vector.kernels.Start;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.pruning.Mask;

/**
 * A fully connected layer. Forward and input gradient are products of the weights with rows of
 * samples. The weight gradient is an outer product on the transposed input, sample by sample, in
 * dense form; 16 lane sums for each survivor in compressed form.
 */
final class DenseNode extends WeightNode {

    /** Measured on 784-300-100-10: batches of 64 and 128 break even at 0.47, of 32 at 0.4. */
    private static final double COMPRESSED_BELOW = 0.45;

    /** Survivors from which on they are folded together. */
    private static final int FOLDED = 64;

    private final int inputs;
    private final int outputs;
    private final Product forward;
    private final Product backward;

    /** Weight gradients, by the number of samples; made when a number is met. */
    private Product[] ofSamples;

    /** 0, 1, 2, ... */
    private int[] samples;

    /** The input as [samples, inputs padded to 16]; the padding is 0. */
    private Rows transposed;

    /** Gradients of survivors, folded to four lanes each. */
    private float[] quarters = new float[0];

    DenseNode(Input input, Place output, Parameter weight, Parameter bias) {
        super(
                input,
                output,
                new Trained(weight, output.rows(), Memory.padded(input.place().rows())),
                Trained.vector(bias));
        inputs = input.place().rows();
        outputs = output.rows();
        int row = this.weight.row;
        int[] ofInputs = Memory.steps(inputs, 1);
        forward = new Product(outputs, 1, row, ofInputs, ofInputs);
        backward = new Product(inputs, 1, 1, Memory.steps(outputs, row), Memory.steps(outputs, 1));
    }

    @Override
    void reserve(int capacity) {
        samples = Memory.steps(capacity, 1);
        ofSamples = new Product[capacity + 1];
        transposed = Rows.of(Memory.floats((long) capacity * weight.row), weight.row);
        quarters = Memory.floats(4 * (FOLDED + Memory.padded(inputs) + Kernels.LANES));
    }

    @Override
    double compressedBelow() {
        return COMPRESSED_BELOW;
    }

    @Override
    Compressed compress(Mask mask) {
        return new Compressed(mask, outputs, inputs);
    }

    @Override
    void forward(Pass pass) {
        Rows values = pass.valueRows;
        addProduct(pass, weight.matrix, weight.compressed, values, values, biases);
    }

    @Override
    void addProduct(Pass pass, Rows matrix, Compressed form, Rows x, Rows z) {
        addProduct(pass, matrix, form, x, z, Start.NONE);
    }

    private void addProduct(Pass pass, Rows matrix, Compressed form, Rows x, Rows z, Start start) {
        int to = output.row();
        int from = input.place().row();
        if (form == null) {
            pass.kernels.multiply(forward, start, z, to, matrix, 0, x, from, 1);
        } else {
            pass.kernels.multiplySparse(form.forward[0][0], start, z, to, matrix, x, from, 1);
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        Start start = input.added() ? Start.NONE : Start.ZERO;
        Rows g = pass.gradientRows;
        addTransposedProduct(pass, weight.matrix, weight.compressed, g, g, start);
    }

    @Override
    void addTransposedProduct(Pass pass, Rows matrix, Compressed form, Rows dz, Rows dx) {
        addTransposedProduct(pass, matrix, form, dz, dx, Start.NONE);
    }

    private void addTransposedProduct(
            Pass pass, Rows matrix, Compressed form, Rows dz, Rows dx, Start start) {
        int to = input.place().gradientRow();
        int from = output.gradientRow();
        if (form == null) {
            pass.kernels.multiply(backward, start, dx, to, matrix, 0, dz, from, 1);
        } else {
            pass.kernels.multiplySparse(form.backward[0][0], start, dx, to, matrix, dz, from, 1);
        }
    }

    @Override
    void denseGradient(Pass pass, Rows into) {
        transposeInput(pass);
        multiplyTransposed(pass, into, pass.gradientRows, output.gradientRow());
    }

    /** Weight by weight the sum over samples of these rows of outputs times the input. */
    private void multiplyTransposed(Pass pass, Rows into, Rows ofOutputs, int from) {
        int n = pass.count;
        if (ofSamples[n] == null) {
            ofSamples[n] = new Product(outputs, weight.row, 1, samples, samples, n);
        }
        pass.kernels.multiply(ofSamples[n], Start.ZERO, into, 0, ofOutputs, from, transposed, 0, 1);
    }

    private void transposeInput(Pass pass) {
        int stride = pass.stride;
        int x = input.place().at(stride);
        int whole = inputs / Kernels.LANES * Kernels.LANES;
        pass.kernels.transpose(
                pass.values,
                x,
                stride,
                whole,
                transposed.array(),
                transposed.at(),
                weight.row,
                stride,
                pass.square);
        for (int i = whole; i < inputs; i++) {
            for (int b = 0; b < stride; b++) {
                transposed.array()[transposed.index(b) + i] = pass.values[x + i * stride + b];
            }
        }
    }

    /** Output by output; whole groups of 16 are folded when there are enough of them. */
    @Override
    void compressedGradient(Pass pass) {
        SparseProduct product = weight.compressed.forward[0][0];
        int done = 0;
        int end = 0;
        for (int o = 0; o < outputs; o++) {
            end = Compressed.roundedUp(product.to(o));
            pass.kernels.quarterProducts(
                    product,
                    quarters,
                    Memory.ORIGIN - 4 * done,
                    product.from(o),
                    end,
                    pass.gradientRows,
                    output.gradientRow() + o,
                    pass.valueRows,
                    input.place().row());
            if (end - done >= FOLDED) {
                int whole = (end - done) / Kernels.LANES * Kernels.LANES;
                fold(pass, done, whole);
                int rest = Memory.ORIGIN + 4 * whole;
                System.arraycopy(quarters, rest, quarters, Memory.ORIGIN, 4 * Kernels.LANES);
                done += whole;
            }
        }
        fold(pass, done, Memory.padded(end - done));
    }

    private void fold(Pass pass, int first, int count) {
        pass.kernels.foldQuarters(
                quarters, Memory.ORIGIN, count, weight.gradient, Memory.ORIGIN + first);
    }

    /** {@code g_i += (dy_k / dz_i)^2} for each sample. */
    @Override
    void sense(Pass pass, SensitivitySums sums) {
        int dz = output.gradientAt(pass.stride);
        float[] squares = sums.squares(outputs * pass.stride);
        for (int i = 0; i < outputs * pass.stride; i++) {
            squares[i] = Math.fma(pass.gradients[dz + i], pass.gradients[dz + i], squares[i]);
        }
    }

    /** S1 = G A^T and S2 = G (A o A)^T of the batch; sums over batches in double. */
    @Override
    void senseEnd(Pass pass, SensitivitySums sums) {
        int stride = pass.stride;
        float[] squares = sums.squares(outputs * stride);
        for (int o = 0; o < outputs; o++) {
            for (int b = 0; b < pass.count; b++) {
                sums.s0[o] += squares[o * stride + b];
            }
        }
        transposeInput(pass);
        float[] products = Memory.floats(weight.denseLength());
        if (sums.s1 != null) {
            addProducts(pass, squares, products, sums.s1);
            Arrays.fill(products, 0);
        }
        float[] x = transposed.array();
        for (int i = transposed.at(); i < transposed.index(stride); i++) {
            x[i] *= x[i];
        }
        addProducts(pass, squares, products, sums.s2);
        Arrays.fill(squares, 0);
    }

    private void addProducts(Pass pass, float[] squares, float[] products, double[] to) {
        Rows ofOutputs = new Rows(squares, 0, pass.stride);
        multiplyTransposed(pass, Rows.ofFloats(products), ofOutputs, 0);
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                to[o * inputs + i] += products[Memory.ORIGIN + o * weight.row + i];
            }
        }
    }
}
