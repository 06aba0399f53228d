// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;

/**
 * A layer in evaluation mode under Pearlmutter's R-operator: the derivatives of its output and of
 * its input's delta along a direction V of all parameters W, {@code R{f} = d/dr f(W + r V)} at r =
 * 0. Arrays hold samples one after the other, each row-major. This class is for layers that hand on
 * what they get: a sum, of what its inputs give together, and dropout.
 *
 * <p>Pearlmutter 1994, Fast Exact Multiplication by the Hessian, Neural Computation 6(1).
 */
class LayerTangent {
    float[] x;
    float[] y;
    int count;

    static LayerTangent of(
            Architecture.Node node, int index, Traversal traversal, List<Tensor> direction) {
        Layer layer = node.layer();
        Shape in = traversal.inputShape(index);
        Shape out = traversal.shape(index);
        if (layer instanceof Layer.Dense || layer instanceof Layer.Convolution) {
            return new WeightTangent(node, index, traversal, direction);
        } else if (layer instanceof Layer.BatchNorm) {
            return new NormalisationTangent(traversal.layer(index), direction);
        } else if (layer instanceof Layer.Activation activation) {
            return new ActivationTangent(activation.function());
        } else if (layer instanceof Layer.MaxPool pool) {
            int[][] windows = GatherTangent.windows(in, out, pool.size(), pool.stride());
            return new GatherTangent(in, windows, GatherTangent.Kind.LARGEST);
        } else if (layer instanceof Layer.AveragePool pool) {
            int[][] windows = GatherTangent.windows(in, out, pool.size(), pool.stride());
            return new GatherTangent(in, windows, GatherTangent.Kind.MEAN);
        } else if (layer instanceof Layer.Shortcut shortcut) {
            int[][] sources = GatherTangent.everyNth(in, out, shortcut.stride());
            return new GatherTangent(in, sources, GatherTangent.Kind.MEAN);
        }
        return new LayerTangent();
    }

    /** Takes the values that enter and leave the layer. */
    final void begin(float[] input, float[] output, int samples) {
        x = input;
        y = output;
        count = samples;
    }

    /**
     * @param in Rx; null where it is 0
     * @return Ry
     */
    float[] forward(float[] in) {
        return in;
    }

    /**
     * After {@link #forward} with this Rx.
     *
     * @param delta derivative of the loss by y
     * @param along Rdelta
     * @return derivative along the direction of that by x; null where Rx is 0
     */
    float[] backward(float[] delta, float[] along) {
        return along;
    }

    /**
     * For each trained parameter by its tensor's name the sums of the derivatives of its gradient,
     * each sample counted with weight 1.
     */
    Map<String, double[]> sums() {
        return Map.of();
    }

    /** An element-wise function; ReLU has no second derivative. */
    private static final class ActivationTangent extends LayerTangent {
        private final Layer.Activation.Function function;
        private float[] out;

        ActivationTangent(Layer.Activation.Function function) {
            this.function = function;
        }

        private float slope(float value) {
            return switch (function) {
                case RELU -> value > 0 ? 1 : 0;
                case TANH -> 1 - value * value;
                case SIGMOID -> value * (1 - value);
            };
        }

        /** What d slope / dr is, by Ry. */
        private float bend(float value) {
            return switch (function) {
                case RELU -> 0;
                case TANH -> -2 * value;
                case SIGMOID -> 1 - 2 * value;
            };
        }

        /** {@code Ry = f' Rx}. */
        @Override
        float[] forward(float[] in) {
            out = new float[in.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = slope(y[i]) * in[i];
            }
            return out;
        }

        /** {@code Rdx = f' Rdy + Rf' dy}. */
        @Override
        float[] backward(float[] delta, float[] along) {
            float[] back = new float[along.length];
            for (int i = 0; i < back.length; i++) {
                back[i] = slope(y[i]) * along[i] + bend(y[i]) * out[i] * delta[i];
            }
            return back;
        }
    }
}
