// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A dense layer or a convolution, z = W x + b. All products are those of two layers of DL4J beside
 * the network's own: one with its weights and no bias, one with the direction's weights V and
 * biases.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class WeightTangent extends LayerTangent {
    private final Traversal traversal;
    private final NativeLayer weights;
    private final NativeLayer direction;
    private final boolean dense;
    private final Shape inputShape;
    private final Shape outputShape;
    private final Map<String, double[]> sums = new HashMap<>();
    private float[] in;

    WeightTangent(Architecture.Node node, int index, Traversal traversal, List<Tensor> directions) {
        this.traversal = traversal;
        dense = node.layer() instanceof Layer.Dense;
        inputShape = traversal.inputShape(index);
        outputShape = traversal.shape(index);
        weights = NativeLayer.of(node, inputShape);
        direction = NativeLayer.of(node, inputShape);
        for (NativeLayer.Variable variable : direction.variables()) {
            String name = variable.parameter().name();
            set(variable, Tensors.named(directions, name).values());
            sums.put(name, new double[variable.values().length]);
        }
        Parameter.Role weight = Parameter.Role.WEIGHT;
        set(weights.variable(weight), traversal.layer(index).variable(weight).values());
    }

    private static void set(NativeLayer.Variable variable, float[] values) {
        System.arraycopy(values, 0, variable.values(), 0, values.length);
        variable.push();
    }

    /** {@code Rz = V x + Rb + W Rx}. */
    @Override
    float[] forward(float[] ofInput) {
        in = ofInput;
        float[] out = product(direction, x);
        return in == null ? out : sum(out, product(weights, in));
    }

    /** {@code RdW = Rdz x^T + dz Rx^T}, {@code Rdb = sum Rdz}, {@code Rdx = W^T Rdz + V^T dz}. */
    @Override
    float[] backward(float[] delta, float[] along) {
        float[] back = transposedProduct(weights, x, along);
        weights.variables().forEach(this::add);
        if (in == null) {
            return null;
        }
        transposedProduct(weights, in, delta);
        add(weights.variable(Parameter.Role.WEIGHT));
        return sum(back, transposedProduct(direction, x, delta));
    }

    private void add(NativeLayer.Variable variable) {
        variable.pullGradient();
        double[] sum = sums.get(variable.parameter().name());
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (double) count * variable.gradient()[i];
        }
    }

    private static float[] sum(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i];
        }
        return a;
    }

    private float[] product(NativeLayer layer, float[] input) {
        try (MemoryWorkspace arena = traversal.begin();
                MemoryWorkspace work = traversal.beginWork()) {
            INDArray values = array(input, inputShape);
            return NativeArrays.read(
                    layer.forward(values, TrainingMode.TRAIN, traversal.workspaces()));
        }
    }

    /** The product with the delta; leaves that of delta and input as the layer's gradient. */
    private float[] transposedProduct(NativeLayer layer, float[] input, float[] delta) {
        try (MemoryWorkspace arena = traversal.begin();
                MemoryWorkspace back = traversal.beginBackward();
                MemoryWorkspace work = traversal.beginWork()) {
            INDArray values = array(input, inputShape);
            INDArray by = array(delta, outputShape);
            return NativeArrays.read(layer.backward(values, by, traversal.workspaces()));
        }
    }

    private INDArray array(float[] values, Shape shape) {
        long[] extents =
                dense
                        ? new long[] {count, shape.size()}
                        : new long[] {count, shape.channels(), shape.height(), shape.width()};
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, extents, 'c');
        NativeArrays.write(values, array);
        return array;
    }

    @Override
    Map<String, double[]> sums() {
        return sums;
    }
}
