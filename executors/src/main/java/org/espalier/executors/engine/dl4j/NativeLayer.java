// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer of DL4J with its parameters and gradients, for the layers that DL4J has: all but {@link
 * Layer.Add}, {@link Layer.Shortcut} and {@link Layer.Dropout}.
 *
 * <p>DL4J keeps a dense weight as [inputs, outputs] in column-major order and a convolution's as
 * [outputs, channels, kernel, kernel] in row-major order: in memory both are the project's layout.
 */
final class NativeLayer {
    private static final Map<Parameter.Role, String> KEYS =
            Map.of(
                    Parameter.Role.WEIGHT, "W",
                    Parameter.Role.BIAS, "b",
                    Parameter.Role.SCALE, "gamma",
                    Parameter.Role.SHIFT, "beta",
                    Parameter.Role.RUNNING_MEAN, "mean",
                    Parameter.Role.RUNNING_VARIANCE, "var");

    private final org.deeplearning4j.nn.api.Layer layer;
    private final List<Variable> variables = new ArrayList<>();

    /**
     * A parameter in Java's memory and in native memory.
     *
     * @param values shape [size], copied to native memory by {@link #push}
     * @param gradient shape [size], copied from native memory by {@link #pullGradient}
     */
    record Variable(
            Parameter parameter,
            float[] values,
            float[] gradient,
            INDArray nativeValues,
            INDArray nativeGradient) {
        void push() {
            NativeArrays.write(values, nativeValues);
        }

        void pullGradient() {
            NativeArrays.readBlock(nativeGradient, gradient);
        }
    }

    private NativeLayer(org.deeplearning4j.nn.conf.layers.Layer kind, List<Parameter> parameters) {
        NeuralNetConfiguration configuration =
                new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).layer(kind).build();
        long size = kind.initializer().numParams(configuration);
        INDArray values = size == 0 ? null : Nd4j.zeros(DataType.FLOAT, 1, size);
        INDArray gradient = size == 0 ? null : Nd4j.zeros(DataType.FLOAT, 1, size);
        layer = kind.instantiate(configuration, null, 0, values, false, DataType.FLOAT);
        if (size > 0) {
            layer.setBackpropGradientsViewArray(gradient);
            Map<String, INDArray> gradients =
                    kind.initializer().getGradientsFromFlattened(configuration, gradient);
            for (Parameter parameter : parameters) {
                String key = KEYS.get(parameter.role());
                variables.add(
                        new Variable(
                                parameter,
                                new float[parameter.size()],
                                new float[parameter.size()],
                                layer.getParam(key),
                                gradients.get(key)));
            }
        }
    }

    /** DL4J's layer for a node, or null where DL4J has none. */
    static NativeLayer of(Architecture.Node node, Shape in) {
        org.deeplearning4j.nn.conf.layers.Layer kind = kind(node.layer(), in);
        return kind == null
                ? null
                : new NativeLayer(kind, node.layer().parameters(node.name(), in));
    }

    private static org.deeplearning4j.nn.conf.layers.Layer kind(Layer layer, Shape in) {
        if (layer instanceof Layer.Dense dense) {
            return new DenseLayer.Builder()
                    .nIn(in.size())
                    .nOut(dense.outputs())
                    .activation(Activation.IDENTITY)
                    .build();
        } else if (layer instanceof Layer.Convolution c) {
            return new ConvolutionLayer.Builder(c.kernel(), c.kernel())
                    .stride(c.stride(), c.stride())
                    .padding(c.padding(), c.padding())
                    .convolutionMode(ConvolutionMode.Truncate)
                    .nIn(in.channels())
                    .nOut(c.outputs())
                    .hasBias(c.bias())
                    .activation(Activation.IDENTITY)
                    .build();
        } else if (layer instanceof Layer.BatchNorm) {
            return new BatchNormalization.Builder()
                    .decay(Layer.BatchNorm.DECAY)
                    .nIn(in.channels())
                    .nOut(in.channels())
                    .eps(Layer.BatchNorm.EPSILON)
                    .useLogStd(false)
                    .activation(Activation.IDENTITY)
                    .build();
        } else if (layer instanceof Layer.MaxPool pool) {
            return pool(SubsamplingLayer.PoolingType.MAX, pool.size(), pool.stride());
        } else if (layer instanceof Layer.AveragePool pool) {
            return pool(SubsamplingLayer.PoolingType.AVG, pool.size(), pool.stride());
        } else if (layer instanceof Layer.Activation activation) {
            return new ActivationLayer.Builder().activation(function(activation)).build();
        }
        return null;
    }

    private static Activation function(Layer.Activation activation) {
        return switch (activation.function()) {
            case RELU -> Activation.RELU;
            case TANH -> Activation.TANH;
            case SIGMOID -> Activation.SIGMOID;
        };
    }

    private static SubsamplingLayer pool(SubsamplingLayer.PoolingType type, int size, int stride) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(size, size)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
    }

    /** Parameters in the project's order. */
    List<Variable> variables() {
        return variables;
    }

    /** The variable of a role that this layer has. */
    Variable variable(Parameter.Role role) {
        return variables.stream().filter(v -> v.parameter.role() == role).findFirst().orElseThrow();
    }

    INDArray forward(INDArray input, TrainingMode mode, LayerWorkspaceMgr workspaces) {
        layer.setInput(input, workspaces);
        return layer.activate(mode == TrainingMode.TRAIN, workspaces);
    }

    /** Derivative by the input; leaves the parameters' gradients in native memory. */
    INDArray backward(INDArray delta, LayerWorkspaceMgr workspaces) {
        return layer.backpropGradient(delta, workspaces).getSecond();
    }

    /** The same for an input, whatever the last one was. */
    INDArray backward(INDArray input, INDArray delta, LayerWorkspaceMgr workspaces) {
        layer.setInput(input, workspaces);
        return backward(delta, workspaces);
    }

    /** Sets all gradients in native memory to zero. */
    void clearGradient() {
        variables.forEach(v -> v.nativeGradient.assign(0));
    }

    /** Forgets the last pass. */
    void clear() {
        layer.clear();
    }
}
