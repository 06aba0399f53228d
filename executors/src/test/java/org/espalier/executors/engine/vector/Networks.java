// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Network;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Architecture.Node;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;

/** Small networks, data, weights and masks for tests; everything from a key. */
final class Networks {
    private Networks() {}

    /** Layers one after the other, named by their kind and position. */
    static Architecture chain(String name, Shape input, Loss loss, Layer... layers) {
        List<Node> nodes = new ArrayList<>();
        String last = Architecture.INPUT;
        for (int i = 0; i < layers.length; i++) {
            String layer = layers[i].getClass().getSimpleName().toLowerCase() + i;
            nodes.add(new Node(layer, layers[i], List.of(last)));
            last = layer;
        }
        return new Architecture(name, input, nodes, loss);
    }

    static Architecture mlp(int inputs, int... widths) {
        List<Layer> layers = new ArrayList<>();
        for (int width : widths) {
            if (!layers.isEmpty()) {
                layers.add(new Layer.Activation(Layer.Activation.Function.RELU));
            }
            layers.add(new Layer.Dense(width));
        }
        return chain(
                "mlp",
                Shape.flat(inputs),
                Loss.SOFTMAX_CROSS_ENTROPY,
                layers.toArray(Layer[]::new));
    }

    /** Random bytes, and labels that a linear rule of the first pixels gives. */
    static Samples images(long key, Shape shape, int classes, int count) {
        RandomStream random = new RandomStream(key);
        byte[] bytes = new byte[count * shape.size()];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            int best = 0;
            for (int i = 0; i < shape.size(); i++) {
                bytes[n * shape.size() + i] = (byte) random.nextInt(256);
                if (i < classes
                        && (bytes[n * shape.size() + i] & 255)
                                > (bytes[n * shape.size() + best] & 255)) {
                    best = i;
                }
            }
            labels[n] = best;
        }
        return new Samples(new Features.Bytes(shape, bytes), new Targets.Labels(classes, labels));
    }

    /** Normal inputs, and sums of their sines. */
    static Samples curves(long key, int inputs, int outputs, int count) {
        RandomStream random = new RandomStream(key);
        float[] x = new float[count * inputs];
        float[] y = new float[count * outputs];
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < inputs; i++) {
                x[n * inputs + i] = (float) random.nextGaussian();
                y[n * outputs + i % outputs] += (float) StrictMath.sin(x[n * inputs + i]);
            }
        }
        return new Samples(
                new Features.Floats(Shape.flat(inputs), x), new Targets.Values(outputs, y));
    }

    /** He's initial weights; scales and running variances 1, the rest 0. */
    static List<Tensor> initial(long key, Architecture architecture) {
        RandomStream random = new RandomStream(key);
        List<Tensor> tensors = new ArrayList<>();
        for (Parameter p : architecture.parameters()) {
            float[] values = new float[p.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] =
                        switch (p.role()) {
                            case WEIGHT ->
                                    (float) (random.nextGaussian() * Math.sqrt(2.0 / p.fanIn()));
                            case SCALE, RUNNING_VARIANCE -> 1;
                            case BIAS, SHIFT, RUNNING_MEAN -> 0;
                        };
            }
            tensors.add(new Tensor(p.name(), p.dimensions(), values));
        }
        return tensors;
    }

    /** Each weight tensor keeps a random fraction. */
    static Map<String, Mask> masks(long key, Architecture architecture, double density) {
        RandomStream random = new RandomStream(key);
        Map<String, Mask> masks = new HashMap<>();
        for (Parameter p : architecture.weights()) {
            float[] scores = new float[p.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextFloat();
            }
            int keep = (int) Math.round(density * p.size());
            masks.put(p.name(), Mask.dense(p.size()).narrowTo(keep, scores));
        }
        return masks;
    }

    static int[] rows(int count) {
        return Memory.steps(count, 1);
    }

    /** Epochs in the order of a stream, the short last batch too; the mean loss of the last. */
    static double train(
            Network network, Samples samples, int batch, int epochs, double rate, long key) {
        double loss = 0;
        RandomStream dropout = new RandomStream(key + 1);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = new RandomStream(key + 100 + epoch).permutation(samples.count());
            loss = 0;
            for (int from = 0; from < order.length; from += batch) {
                int count = Math.min(batch, order.length - from);
                loss += network.step(samples, order, from, count, rate, dropout).lossSum();
            }
        }
        return loss / samples.count();
    }
}
