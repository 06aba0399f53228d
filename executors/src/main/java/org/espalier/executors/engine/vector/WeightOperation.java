// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.List;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;

/** A layer with weights: dense or convolutional, in dense or compressed form. */
abstract class WeightOperation extends Operation {

    final Trained weight;

    /** Null where there is none. */
    final Trained bias;

    private final float[] biasLanes;

    WeightOperation(Input input, Place output, Trained weight, Trained bias) {
        super(input, output);
        this.weight = weight;
        this.bias = bias;
        biasLanes = new float[bias == null ? 0 : bias.length * Kernels.LANES];
    }

    /** Largest density at which the compressed form is taken: a part of the numerics. */
    abstract double compressedBelow();

    abstract Compressed compress(Mask mask);

    /** Gradients of all weights, pruned or not, to an array of the dense form. */
    abstract void denseGradient(Pass pass, float[] into);

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

    /** What the products of the forward pass are added to: the biases, or 0. */
    final float[] start() {
        return bias == null ? Kernels.ZERO : bias.value;
    }

    final int startAt() {
        return bias == null ? 0 : Memory.ORIGIN;
    }

    final int startStep() {
        return bias == null ? 0 : 1;
    }

    /** The gradient of all weights, pruned or not. */
    final Tensor fullGradient(Pass pass) {
        float[] dense = Memory.floats(weight.denseLength());
        denseGradient(pass, dense);
        return new Tensor(
                weight.parameter.name(),
                weight.parameter.dimensions(),
                weight.withoutPadding(dense));
    }

    @Override
    final void parameterGradient(Pass pass) {
        if (weight.compressed == null) {
            denseGradient(pass, weight.gradient);
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
                    output.at(pass.stride),
                    output.pitch() * pass.stride,
                    output.positions() * pass.stride,
                    biasLanes);
        }
    }
}
