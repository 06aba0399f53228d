// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
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

    /** 0, 1, 2, ...: inputs, outputs or samples. */
    private int[] count;

    /** From one output's row of weights to the next. */
    private final int[] rowSteps;

    /** The input as [samples, inputs padded to 16]; the padding is 0. */
    private float[] transposed;

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
        rowSteps = Memory.steps(outputs, this.weight.row);
    }

    @Override
    void reserve(int capacity) {
        count = Memory.steps(Math.max(Math.max(inputs, outputs), capacity), 1);
        transposed = Memory.floats((long) capacity * weight.row);
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
        addProduct(pass, weight.value, weight.compressed, pass.values, pass.values, biases);
    }

    @Override
    void addProduct(Pass pass, float[] matrix, Compressed form, float[] x, float[] z) {
        addProduct(pass, matrix, form, x, z, Start.NONE);
    }

    private void addProduct(
            Pass pass, float[] matrix, Compressed form, float[] x, float[] z, Start start) {
        int stride = pass.stride;
        int xAt = input.place().at(stride);
        int zAt = output.at(stride);
        if (form == null) {
            pass.kernels.multiply(
                    z,
                    zAt,
                    stride,
                    outputs,
                    stride,
                    matrix,
                    Memory.ORIGIN,
                    weight.row,
                    count,
                    x,
                    xAt,
                    stride,
                    count,
                    inputs,
                    start.values(),
                    start.at(),
                    start.step());
        } else {
            pass.kernels.multiplySparse(
                    z,
                    zAt,
                    stride,
                    outputs,
                    stride,
                    matrix,
                    Memory.ORIGIN,
                    form.order,
                    form.segments,
                    2,
                    0,
                    1,
                    x,
                    xAt,
                    stride,
                    form.steps,
                    start.values(),
                    start.at(),
                    start.step());
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        Start start = input.added() ? Start.NONE : Start.ZERO;
        float[] g = pass.gradients;
        addTransposedProduct(pass, weight.value, weight.compressed, g, g, start);
    }

    @Override
    void addTransposedProduct(Pass pass, float[] matrix, Compressed form, float[] dz, float[] dx) {
        addTransposedProduct(pass, matrix, form, dz, dx, Start.NONE);
    }

    private void addTransposedProduct(
            Pass pass, float[] matrix, Compressed form, float[] dz, float[] dx, Start start) {
        int stride = pass.stride;
        int dxAt = input.place().gradientAt(stride);
        int dzAt = output.gradientAt(stride);
        if (form == null) {
            pass.kernels.multiply(
                    dx,
                    dxAt,
                    stride,
                    inputs,
                    stride,
                    matrix,
                    Memory.ORIGIN,
                    1,
                    rowSteps,
                    dz,
                    dzAt,
                    stride,
                    count,
                    outputs,
                    start.values(),
                    start.at(),
                    start.step());
        } else {
            pass.kernels.multiplySparse(
                    dx,
                    dxAt,
                    stride,
                    inputs,
                    stride,
                    matrix,
                    Memory.ORIGIN,
                    form.backOrder,
                    form.backSegments,
                    2,
                    0,
                    1,
                    dz,
                    dzAt,
                    stride,
                    form.backSteps,
                    start.values(),
                    start.at(),
                    start.step());
        }
    }

    @Override
    void denseGradient(Pass pass, float[] into) {
        transposeInput(pass);
        pass.kernels.multiply(
                into,
                Memory.ORIGIN,
                weight.row,
                outputs,
                weight.row,
                pass.gradients,
                output.gradientAt(pass.stride),
                pass.stride,
                count,
                transposed,
                Memory.ORIGIN,
                weight.row,
                count,
                pass.count,
                Kernels.ZERO,
                0,
                0);
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
                transposed,
                Memory.ORIGIN,
                weight.row,
                stride,
                pass.square);
        for (int i = whole; i < inputs; i++) {
            for (int b = 0; b < stride; b++) {
                transposed[Memory.ORIGIN + b * weight.row + i] = pass.values[x + i * stride + b];
            }
        }
    }

    /** Output by output; whole groups of 16 are folded when there are enough of them. */
    @Override
    void compressedGradient(Pass pass) {
        Compressed form = weight.compressed;
        int stride = pass.stride;
        int done = 0;
        int end = 0;
        for (int o = 0; o < outputs; o++) {
            end = Compressed.roundedUp(form.segments[2 * o + 1]);
            pass.kernels.quarterProducts(
                    quarters,
                    Memory.ORIGIN,
                    done,
                    form.segments[2 * o],
                    end,
                    pass.gradients,
                    output.gradientAt(stride) + o * stride,
                    stride,
                    pass.values,
                    input.place().at(stride),
                    stride,
                    form.steps);
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
        for (int i = Memory.ORIGIN; i < Memory.ORIGIN + stride * weight.row; i++) {
            transposed[i] *= transposed[i];
        }
        addProducts(pass, squares, products, sums.s2);
        Arrays.fill(squares, 0);
    }

    private void addProducts(Pass pass, float[] squares, float[] products, double[] to) {
        pass.kernels.multiply(
                products,
                Memory.ORIGIN,
                weight.row,
                outputs,
                weight.row,
                squares,
                0,
                pass.stride,
                count,
                transposed,
                Memory.ORIGIN,
                weight.row,
                count,
                pass.count,
                Kernels.ZERO,
                0,
                0);
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                to[o * inputs + i] += products[Memory.ORIGIN + o * weight.row + i];
            }
        }
    }
}
