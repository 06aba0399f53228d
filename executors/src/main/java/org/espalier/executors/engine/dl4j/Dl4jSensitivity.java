// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.espalier.executors.engine.BatchLoss;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Sensitivity;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums the second moments of {@link Sensitivity} over samples: one forward pass of a chunk of
 * samples, then one backward pass for each output, all samples at once, since in evaluation no
 * sample depends on another. For softmax the pass of output k starts from {@code dp_k/dy_j = p_k
 * ([j = k] - p_j)}.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class Dl4jSensitivity {
    private final Traversal traversal;
    private final Architecture architecture;
    private final Evidence.Output of;
    private final List<LayerMoments> layers = new ArrayList<>();

    Dl4jSensitivity(Traversal traversal, Architecture architecture, Evidence.Output of) {
        this.traversal = traversal;
        this.architecture = architecture;
        this.of =
                architecture.loss() == Architecture.Loss.SQUARED_ERROR
                        ? Evidence.Output.LOGITS
                        : of;
        for (int node : traversal.weightNodes()) {
            layers.add(LayerMoments.of(architecture.nodes().get(node), node, traversal));
        }
    }

    /** Adds samples, shape [count, size of a sample]. */
    void add(float[] batch, int count) {
        try (MemoryWorkspace arena = traversal.begin()) {
            INDArray last = traversal.forward(batch, count, TrainingMode.TEST, null);
            float[] outputs = NativeArrays.read(last);
            int size = outputs.length / count;
            for (LayerMoments layer : layers) {
                layer.begin(traversal.readInput(layer.node()), count, size);
            }
            float[] seed = new float[outputs.length];
            for (int k = 0; k < size; k++) {
                seed(outputs, count, k, seed);
                int output = k;
                try (MemoryWorkspace backward = traversal.beginBackward()) {
                    traversal.backward(
                            seed,
                            count,
                            (node, delta) -> visit(node, output, delta),
                            Traversal.Reach.WEIGHTS_ABOVE);
                }
            }
        }
        traversal.clear();
        layers.forEach(LayerMoments::end);
    }

    private void visit(int node, int output, INDArray delta) {
        for (LayerMoments layer : layers) {
            if (layer.node() == node) {
                layer.delta(output, NativeArrays.read(delta));
            }
        }
    }

    private void seed(float[] outputs, int count, int k, float[] seed) {
        int size = outputs.length / count;
        double[] p = new double[size];
        for (int n = 0; n < count; n++) {
            if (of == Evidence.Output.SOFTMAX) {
                BatchLoss.softmax(outputs, n * size, p);
            }
            for (int j = 0; j < size; j++) {
                double same = j == k ? 1 : 0;
                double slope = of == Evidence.Output.SOFTMAX ? p[k] * (same - p[j]) : same;
                seed[n * size + j] = (float) slope;
            }
        }
    }

    /** Means over {@code samples}, in layer order. */
    List<Sensitivity> means(int samples) {
        return layers.stream()
                .map(layer -> layer.mean(samples, architecture.nodes().get(layer.node()).name()))
                .toList();
    }
}
