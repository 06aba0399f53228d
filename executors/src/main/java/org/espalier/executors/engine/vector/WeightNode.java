// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.espalier.executors.engine.vector.curvature.SquaredGradients;
import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.Start;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;

/** A layer with weights: dense or convolutional, in dense or compressed form. */
abstract class WeightNode extends Node {

    final Trained weight;

    /** Null where there is none. */
    final Trained bias;

    /** What the products of the forward pass start from. */
    final Start biases;

    private final float[] biasLanes;

    WeightNode(Input input, Place output, Trained weight, Trained bias) {
        super(input, output);
        this.weight = weight;
        this.bias = bias;
        biases = bias == null ? Start.ZERO : Start.each(bias.value);
        biasLanes = new float[bias == null ? 0 : bias.length * Kernels.LANES];
    }

    /** Largest density at which the compressed form is taken: a part of the numerics. */
    abstract double compressedBelow();

    abstract Compressed compress(Mask mask);

    /**
     * Adds {@code W x}, in the places of the inputs and outputs, to {@code z}.
     *
     * @param matrix in dense form where {@code form} is null
     */
    abstract void addProduct(Pass pass, Rows matrix, Compressed form, Rows x, Rows z);

    /** Adds {@code W^T dz} to {@code dx}; see {@link #addProduct}. */
    abstract void addTransposedProduct(Pass pass, Rows matrix, Compressed form, Rows dz, Rows dx);

    /** Gradients of all weights, pruned or not, to a matrix of the dense form. */
    abstract void denseGradient(Pass pass, Rows into);

    abstract void compressedGradient(Pass pass);

    /** Adds to the sums what the output's gradients of one output y_k say. */
    abstract void sense(Pass pass, SensitivitySums sums);

    /** Called once after all outputs of a batch. */
    abstract void senseEnd(Pass pass, SensitivitySums sums);

    void mask(Mask mask) {
        boolean compress = mask.cardinality() < compressedBelow() * mask.size();
        weight.mask(mask, compress ? compress(mask) : null);
    }

    @Override
    final List<Trained> parameters() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    /** These positions of every output get the value that it starts from. */
    final void startWith(Start start, Pass pass, int from, int to) {
        for (int o = 0; o < output.shape().channels(); o++) {
            int at = output.channelAt(o, pass.stride);
            float value = start.of(o);
            Arrays.fill(pass.values, at + from * pass.stride, at + to * pass.stride, value);
        }
    }

    /** The gradient of all weights, pruned or not. */
    final Tensor fullGradient(Pass pass) {
        float[] dense = Memory.floats(weight.denseLength());
        denseGradient(pass, Rows.ofFloats(dense));
        return new Tensor(
                weight.parameter.name(),
                weight.parameter.dimensions(),
                weight.withoutPadding(dense));
    }

    /** Sums s0 and s2 of {@link SensitivitySums}, taken of the loss instead of the outputs. */
    @Override
    public final void addSquares(Pass pass, SquaredGradients<Pass> squares) {
        double[] ofBias =
                bias == null ? new double[output.shape().channels()] : squares.of(bias.parameter);
        SensitivitySums sums = SensitivitySums.ofSquares(ofBias, squares.of(weight.parameter));
        sense(pass, sums);
        senseEnd(pass, sums);
    }

    /** With V and c the direction's weights and biases, {@code Rz = V x + c + W Rx}. */
    @Override
    public final void forwardTangent(TangentPass<Pass> tangent) {
        Pass pass = tangent.pass();
        Pass along = tangent.along();
        Start direction = bias == null ? Start.ZERO : Start.each(tangent.direction(bias.parameter));
        startWith(direction, along, 0, output.positions());
        Rows matrix = Rows.ofFloats(tangent.direction(weight.parameter));
        addProduct(pass, matrix, null, pass.valueRows, along.valueRows);
        if (input.wanted()) {
            Rows values = along.valueRows;
            addProduct(pass, weight.matrix, weight.compressed, values, values);
        }
    }

    /** {@code RdW = Rdz x^T + dz Rx^T}, {@code Rdb = sum Rdz}, {@code Rdx = W^T Rdz + V^T dz}. */
    @Override
    public final void backwardTangent(TangentPass<Pass> tangent) {
        Pass pass = tangent.pass();
        Pass along = tangent.along();
        addGradient(tangent, tangent.gradientsAlong());
        if (bias != null) {
            int n = output.positions() * pass.stride;
            float[] sums = new float[output.shape().channels()];
            for (int o = 0; o < sums.length; o++) {
                int at = output.gradientOfChannelAt(o, pass.stride);
                sums[o] = (float) pass.kernels.sum(along.gradients, at, n, pass.lanes);
            }
            tangent.add(bias.parameter, sums);
        }
        if (input.wanted()) {
            addGradient(tangent, tangent.valuesAlong());
            clearUnlessAdded(along, input);
            Rows to = along.gradientRows;
            addTransposedProduct(pass, weight.matrix, weight.compressed, to, to);
            Rows direction = Rows.ofFloats(tangent.direction(weight.parameter));
            addTransposedProduct(pass, direction, null, pass.gradientRows, to);
        }
    }

    private void addGradient(TangentPass<Pass> tangent, Pass crossed) {
        float[] dense = Memory.floats(weight.denseLength());
        denseGradient(crossed, Rows.ofFloats(dense));
        tangent.add(weight.parameter, weight.withoutPadding(dense));
    }

    @Override
    final void parameterGradient(Pass pass) {
        if (weight.compressed == null) {
            denseGradient(pass, weight.gradientMatrix);
            if (weight.keep != null) {
                int at = Memory.ORIGIN;
                pass.kernels.keep(weight.gradient, at, weight.keep, at, weight.length);
            }
        } else {
            compressedGradient(pass);
        }
        if (bias != null) {
            pass.kernels.sums(
                    bias.gradient,
                    Memory.ORIGIN,
                    output.shape().channels(),
                    pass.gradients,
                    output.gradientAt(pass.stride),
                    output.pitch() * pass.stride,
                    output.positions() * pass.stride,
                    biasLanes);
        }
    }
}
