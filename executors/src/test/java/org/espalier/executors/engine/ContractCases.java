// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.ArrayList;
import java.util.List;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Layer.Activation.Function;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;

/** Small networks that between them have every layer in every setting, with data for them. */
final class ContractCases {
    private ContractCases() {}

    /** Builds a chain, with named nodes to branch from. */
    static final class Net {
        private final String name;
        private final Shape input;
        private final List<Architecture.Node> nodes = new ArrayList<>();
        private String last = Architecture.INPUT;

        Net(String name, Shape input) {
            this.name = name;
            this.input = input;
        }

        Net then(String node, Layer layer) {
            return from(last, node, layer);
        }

        Net from(String source, String node, Layer layer) {
            nodes.add(new Architecture.Node(node, layer, List.of(source)));
            last = node;
            return this;
        }

        Net relu(String node) {
            return then(node, new Layer.Activation(Function.RELU));
        }

        Net add(String node, String a, String b) {
            nodes.add(new Architecture.Node(node, new Layer.Add(), List.of(a, b)));
            last = node;
            return this;
        }

        Architecture classifier() {
            return new Architecture(name, input, nodes, Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        }

        Architecture regression() {
            return new Architecture(name, input, nodes, Architecture.Loss.SQUARED_ERROR);
        }
    }

    private static Layer.Convolution conv(int outputs, int kernel, int stride, int padding) {
        return new Layer.Convolution(outputs, kernel, stride, padding, true);
    }

    private static Layer.Convolution bare(int outputs, int kernel, int stride, int padding) {
        return new Layer.Convolution(outputs, kernel, stride, padding, false);
    }

    static Architecture mlp() {
        return new Net("mlp-relu", new Shape(1, 3, 4))
                .then("fc1", new Layer.Dense(9))
                .relu("relu1")
                .then("fc2", new Layer.Dense(6))
                .relu("relu2")
                .then("fc3", new Layer.Dense(4))
                .classifier();
    }

    static Architecture lenet() {
        return new Net("lenet-like", new Shape(1, 12, 12))
                .then("conv1", conv(3, 3, 1, 1))
                .relu("relu1")
                .then("pool1", new Layer.MaxPool(2, 2))
                .then("conv2", conv(5, 3, 1, 0))
                .relu("relu2")
                .then("pool2", new Layer.MaxPool(2, 2))
                .then("fc1", new Layer.Dense(8))
                .relu("relu3")
                .then("fc2", new Layer.Dense(5))
                .classifier();
    }

    static Architecture normalised() {
        return new Net("conv-batch-norm", new Shape(2, 5, 6))
                .then("conv1", bare(4, 3, 1, 1))
                .then("norm1", new Layer.BatchNorm())
                .relu("relu1")
                .then("fc", new Layer.Dense(3))
                .classifier();
    }

    static Architecture residual() {
        return new Net("residual", new Shape(3, 8, 8))
                .then("conv0", bare(4, 3, 1, 1))
                .then("norm0", new Layer.BatchNorm())
                .relu("relu0")
                .then("conv1", bare(4, 3, 1, 1))
                .then("norm1", new Layer.BatchNorm())
                .relu("relu1")
                .then("conv2", bare(4, 3, 1, 1))
                .then("norm2", new Layer.BatchNorm())
                .add("add1", "norm2", "relu0")
                .relu("relu2")
                .then("conv3", bare(8, 3, 2, 1))
                .then("norm3", new Layer.BatchNorm())
                .from("relu2", "short", new Layer.Shortcut(8, 2))
                .add("add2", "norm3", "short")
                .relu("relu3")
                .then("pool", new Layer.AveragePool(4, 4))
                .then("fc", new Layer.Dense(3))
                .classifier();
    }

    static Architecture dropped() {
        return new Net("dropout", new Shape(1, 6, 6))
                .then("conv", conv(3, 3, 1, 0))
                .relu("relu1")
                .then("drop1", new Layer.Dropout(0.3))
                .then("fc1", new Layer.Dense(7))
                .relu("relu2")
                .then("drop2", new Layer.Dropout(0.5))
                .then("fc2", new Layer.Dense(3))
                .classifier();
    }

    static List<Architecture> all() {
        return List.of(
                new Net("linear", Shape.flat(5)).then("fc", new Layer.Dense(3)).classifier(),
                mlp(),
                new Net("mlp-tanh-regression", Shape.flat(3))
                        .then("fc1", new Layer.Dense(8))
                        .then("tanh1", new Layer.Activation(Function.TANH))
                        .then("fc2", new Layer.Dense(2))
                        .regression(),
                new Net("mlp-sigmoid-one-output", Shape.flat(4))
                        .then("fc1", new Layer.Dense(6))
                        .then("sigmoid1", new Layer.Activation(Function.SIGMOID))
                        .then("fc2", new Layer.Dense(1))
                        .regression(),
                lenet(),
                new Net("activation-as-last", new Shape(2, 4, 4))
                        .then("conv", conv(2, 3, 1, 1))
                        .then("tanh", new Layer.Activation(Function.TANH))
                        .regression(),
                new Net("sum-with-the-input-as-last", new Shape(2, 4, 4))
                        .then("conv", conv(2, 3, 1, 1))
                        .add("add", "conv", Architecture.INPUT)
                        .regression(),
                new Net("dropout-of-the-input", new Shape(2, 4, 4))
                        .then("drop", new Layer.Dropout(0.3))
                        .then("conv", conv(3, 3, 1, 1))
                        .then("fc", new Layer.Dense(3))
                        .classifier(),
                new Net("strides-and-paddings", new Shape(2, 9, 8))
                        .then("conv1", conv(3, 5, 2, 2))
                        .then("tanh1", new Layer.Activation(Function.TANH))
                        .then("conv2", conv(4, 3, 2, 1))
                        .then("tanh2", new Layer.Activation(Function.TANH))
                        .then("conv3", bare(3, 2, 1, 1))
                        .then("tanh3", new Layer.Activation(Function.TANH))
                        .then("conv4", conv(2, 1, 1, 0))
                        .then("fc", new Layer.Dense(3))
                        .classifier(),
                new Net("pools-that-leave-out-and-overlap", new Shape(2, 9, 8))
                        .then("max1", new Layer.MaxPool(2, 2))
                        .then("conv1", conv(3, 3, 1, 1))
                        .then("average1", new Layer.AveragePool(3, 2))
                        .then("fc", new Layer.Dense(3))
                        .classifier(),
                new Net("overlapping-max", new Shape(1, 7, 7))
                        .then("conv1", conv(3, 3, 1, 1))
                        .then("max1", new Layer.MaxPool(3, 2))
                        .then("fc", new Layer.Dense(3))
                        .classifier(),
                normalised(),
                new Net("dense-batch-norm", Shape.flat(6))
                        .then("fc1", new Layer.Dense(7))
                        .then("sigmoid1", new Layer.Activation(Function.SIGMOID))
                        .then("norm1", new Layer.BatchNorm())
                        .then("fc2", new Layer.Dense(3))
                        .classifier(),
                residual(),
                dropped(),
                new Net("convolution-last", new Shape(2, 4, 4))
                        .then("conv1", conv(3, 3, 1, 1))
                        .relu("relu1")
                        .then("pool", new Layer.AveragePool(4, 4))
                        .then("conv2", conv(3, 1, 1, 0))
                        .classifier(),
                new Net("dropout-on-one-pixel", new Shape(2, 4, 4))
                        .then("conv1", conv(5, 4, 1, 0))
                        .then("drop1", new Layer.Dropout(0.4))
                        .then("fc1", new Layer.Dense(6))
                        .relu("relu1")
                        .then("fc2", new Layer.Dense(3))
                        .classifier(),
                new Net("dense-then-convolution", Shape.flat(5))
                        .then("fc1", new Layer.Dense(6))
                        .relu("relu1")
                        .then("conv1", conv(4, 1, 1, 0))
                        .add("add", "conv1", "conv1")
                        .regression());
    }

    /** Parameters as after some training, from the stream {@code seed}. */
    static List<Tensor> parameters(Architecture architecture, long seed) {
        RandomStream random = new RandomStream(seed);
        List<Tensor> tensors = new ArrayList<>();
        for (Parameter parameter : architecture.parameters()) {
            float[] values = new float[parameter.size()];
            for (int i = 0; i < values.length; i++) {
                double normal = random.nextGaussian();
                values[i] =
                        (float)
                                switch (parameter.role()) {
                                    case WEIGHT -> 1.3 * normal / Math.sqrt(parameter.fanIn());
                                    case BIAS, SHIFT, RUNNING_MEAN -> 0.2 * normal;
                                    case SCALE -> 1 + 0.2 * normal;
                                    case RUNNING_VARIANCE -> 0.5 + normal * normal / 2;
                                };
            }
            tensors.add(new Tensor(parameter.name(), parameter.dimensions(), values));
        }
        return tensors;
    }

    /** Normal inputs with random labels or normal targets, from the stream {@code seed}. */
    static Samples samples(Architecture architecture, int count, long seed) {
        RandomStream random = new RandomStream(seed);
        float[] inputs = new float[count * architecture.input().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        int outputs = architecture.outputs();
        Targets targets;
        if (architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY) {
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = random.nextInt(outputs);
            }
            targets = new Targets.Labels(outputs, labels);
        } else {
            float[] values = new float[count * outputs];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            targets = new Targets.Values(outputs, values);
        }
        return new Samples(new Features.Floats(architecture.input(), inputs), targets);
    }
}
