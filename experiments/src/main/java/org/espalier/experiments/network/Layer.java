// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.io.Serializable;
import java.util.List;
import org.espalier.results.text.Text;

/**
 * One operation of a network, as plain data: what it computes, not how. An engine compiles it.
 * Every layer states its output shape, its parameters and its multiply-adds, so that a plan can be
 * made without an engine.
 */
public sealed interface Layer extends Serializable {

    /**
     * Shape of the output.
     *
     * @param inputs shapes of the inputs, one but for {@link Add}
     * @throws IllegalArgumentException if the layer does not fit them
     */
    Shape output(List<Shape> inputs);

    /** Parameters of the layer called {@code name}, in the order they are stored. */
    default List<Parameter> parameters(String name, Shape input) {
        return List.of();
    }

    /** Multiply-adds of one sample's forward pass; element-wise work does not count. */
    default long multiplyAdds(Shape input) {
        return 0;
    }

    /**
     * Fully connected: {@code z_i = sum_j W_ij a_j + b_i}, W of shape [outputs, inputs]. An image
     * is read flat.
     */
    record Dense(int outputs) implements Layer {
        public Dense {
            requirePositive("outputs", outputs);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return Shape.flat(outputs);
        }

        @Override
        public List<Parameter> parameters(String name, Shape input) {
            return List.of(
                    new Parameter(name, Parameter.Role.WEIGHT, outputs, input.size()),
                    new Parameter(name, Parameter.Role.BIAS, outputs));
        }

        @Override
        public long multiplyAdds(Shape input) {
            return (long) outputs * input.size();
        }
    }

    /**
     * Cross-correlation with a square kernel, W of shape [outputs, channels, kernel, kernel], zero
     * padding on all four sides: {@code z_o(r, c) = sum W_o,i,u,v a_i(r s + u - p, c s + v - p) +
     * b_o}.
     *
     * @param bias whether it has a bias; without one where batch normalisation follows
     */
    record Convolution(int outputs, int kernel, int stride, int padding, boolean bias)
            implements Layer {
        public Convolution {
            requirePositive("outputs", outputs);
            requirePositive("kernel", kernel);
            requirePositive("stride", stride);
            if (padding < 0 || padding >= kernel) {
                throw new IllegalArgumentException(
                        Text.of("padding must be in [0, kernel), got %d of %d", padding, kernel));
            }
        }

        @Override
        public Shape output(List<Shape> inputs) {
            Shape in = inputs.get(0);
            return new Shape(
                    outputs,
                    windows(in.height(), kernel, stride, padding),
                    windows(in.width(), kernel, stride, padding));
        }

        @Override
        public List<Parameter> parameters(String name, Shape input) {
            Parameter weight =
                    new Parameter(
                            name, Parameter.Role.WEIGHT, outputs, input.channels(), kernel, kernel);
            return bias
                    ? List.of(weight, new Parameter(name, Parameter.Role.BIAS, outputs))
                    : List.of(weight);
        }

        @Override
        public long multiplyAdds(Shape input) {
            Shape out = output(List.of(input));
            return (long) out.size() * input.channels() * kernel * kernel;
        }
    }

    /**
     * Batch normalisation over samples and positions of each channel (Ioffe and Szegedy 2015,
     * arXiv:1502.03167): {@code y = scale (x - mean) / sqrt(variance + 1e-5) + shift}. Training
     * uses the batch's mean and biased variance and moves the running ones by a tenth of the way
     * (the variance with the unbiased estimate); evaluation uses the running ones.
     */
    record BatchNorm() implements Layer {
        public static final double EPSILON = 1e-5;

        /** Weight of the old running statistic at each update. */
        public static final double DECAY = 0.9;

        @Override
        public Shape output(List<Shape> inputs) {
            return inputs.get(0);
        }

        @Override
        public List<Parameter> parameters(String name, Shape input) {
            return List.of(
                    new Parameter(name, Parameter.Role.SCALE, input.channels()),
                    new Parameter(name, Parameter.Role.SHIFT, input.channels()),
                    new Parameter(name, Parameter.Role.RUNNING_MEAN, input.channels()),
                    new Parameter(name, Parameter.Role.RUNNING_VARIANCE, input.channels()));
        }
    }

    /** Largest value of each square window, no padding; a window that does not fit is left out. */
    record MaxPool(int size, int stride) implements Layer {
        public MaxPool {
            requirePositive("size", size);
            requirePositive("stride", stride);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return pooled(inputs.get(0), size, stride);
        }
    }

    /** Mean of each square window, no padding; a window that does not fit is left out. */
    record AveragePool(int size, int stride) implements Layer {
        public AveragePool {
            requirePositive("size", size);
            requirePositive("stride", stride);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return pooled(inputs.get(0), size, stride);
        }
    }

    /** An element-wise function. */
    record Activation(Function function) implements Layer {

        /** relu: max(0, x), derivative 0 at 0; sigmoid: 1 / (1 + exp(-x)). */
        public enum Function {
            RELU,
            TANH,
            SIGMOID
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return inputs.get(0);
        }
    }

    /**
     * While training, sets each value to 0 with probability {@code rate} and divides the others by
     * 1 - rate (Srivastava et al. 2014); nothing in evaluation.
     */
    record Dropout(double rate) implements Layer {
        public Dropout {
            if (!(rate > 0 && rate < 1)) {
                throw new IllegalArgumentException("rate must be in (0, 1), got " + rate);
            }
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return inputs.get(0);
        }
    }

    /** Element-wise sum of two equal shapes: the join of a residual block (He et al. 2015). */
    record Add() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
                throw new IllegalArgumentException("expected two equal shapes, got " + inputs);
            }
            return inputs.get(0);
        }
    }

    /**
     * Shortcut without parameters into a block that halves the image and has more channels (option
     * A of He et al. 2015, arXiv:1512.03385): every {@code stride}-th row and column, then zero
     * channels in equal number before and after.
     *
     * @param outputs channels of the output, at least those of the input and by an even number more
     */
    record Shortcut(int outputs, int stride) implements Layer {
        public Shortcut {
            requirePositive("outputs", outputs);
            requirePositive("stride", stride);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            Shape in = inputs.get(0);
            if (outputs < in.channels() || (outputs - in.channels()) % 2 != 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "cannot pad %d channels to %d equally on both sides",
                                in.channels(), outputs));
            }
            return new Shape(
                    outputs, windows(in.height(), 1, stride, 0), windows(in.width(), 1, stride, 0));
        }
    }

    private static Shape pooled(Shape in, int size, int stride) {
        return new Shape(
                in.channels(),
                windows(in.height(), size, stride, 0),
                windows(in.width(), size, stride, 0));
    }

    private static int windows(int extent, int size, int stride, int padding) {
        int room = extent + 2 * padding - size;
        if (room < 0) {
            throw new IllegalArgumentException(
                    Text.of("a window of %d does not fit into %d", size, extent + 2 * padding));
        }
        return room / stride + 1;
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, got " + value);
        }
    }
}
