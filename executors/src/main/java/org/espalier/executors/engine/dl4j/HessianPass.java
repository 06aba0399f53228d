// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.BatchLoss;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;
import org.nd4j.linalg.api.memory.MemoryWorkspace;

/**
 * Sums the products of the Hessian with a direction over chunks of samples: an ordinary pass of a
 * chunk, forward and backward, then the derivatives of its values along the direction forward, and
 * those of its deltas backward, layer by layer as {@link LayerTangent} says. A value that depends
 * on no parameter has no derivative: null.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class HessianPass {
    private final Traversal traversal;
    private final Architecture architecture;
    private final List<LayerTangent> layers = new ArrayList<>();

    HessianPass(Traversal traversal, Architecture architecture, List<Tensor> direction) {
        this.traversal = traversal;
        this.architecture = architecture;
        for (int i = 0; i < architecture.nodes().size(); i++) {
            layers.add(LayerTangent.of(architecture.nodes().get(i), i, traversal, direction));
        }
    }

    /** Adds samples, shape [count, size of a sample]. */
    void add(float[] batch, Targets targets, int[] rows, int from, int count) {
        int size = layers.size();
        float[][] deltas = new float[size][];
        float[] outputs;
        try (MemoryWorkspace arena = traversal.begin();
                MemoryWorkspace backward = traversal.beginBackward()) {
            outputs = NativeArrays.read(traversal.forward(batch, count, TrainingMode.TEST, null));
            float[] delta = new float[outputs.length];
            BatchLoss.of(targets, rows, from, count, outputs, delta);
            for (int i = 0; i < size; i++) {
                layers.get(i).begin(traversal.readInput(i), traversal.readOutput(i), count);
            }
            traversal.backward(
                    delta,
                    count,
                    (node, by) -> deltas[node] = NativeArrays.read(by),
                    Traversal.Reach.WEIGHTS_ABOVE);
        }
        traversal.clear();
        float[][] along = new float[size][];
        for (int i = 0; i < size; i++) {
            float[] in = ingoing(along, i);
            boolean moves = in != null || !layers.get(i).sums().isEmpty();
            along[i] = moves ? layers.get(i).forward(in) : null;
        }
        float[][] deltasAlong = new float[size][];
        deltasAlong[size - 1] = ofLoss(outputs, along[size - 1], count);
        for (int i = size - 1; i >= 0; i--) {
            if (along[i] != null && deltasAlong[i] != null) {
                float[] back = layers.get(i).backward(deltas[i], deltasAlong[i]);
                for (int input : traversal.inputs(i)) {
                    if (input >= 0 && along[input] != null) {
                        deltasAlong[input] = sum(deltasAlong[input], back);
                    }
                }
            }
        }
    }

    /** Of what enters a node; only a sum has several inputs. */
    private float[] ingoing(float[][] along, int node) {
        float[] in = null;
        for (int input : traversal.inputs(node)) {
            in = input < 0 ? in : sum(in, along[input]);
        }
        return in;
    }

    /** The one that is there, or a new array. */
    private static float[] sum(float[] a, float[] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /**
     * Derivatives of the gradient of the mean loss by the outputs y, with p their softmax:
     *
     * <pre>
     *   labels:  Rd_k = p_k (Ry_k - sum_j p_j Ry_j) / count      values:  Rd_k = 2 Ry_k / K / count
     * </pre>
     */
    private float[] ofLoss(float[] outputs, float[] along, int count) {
        if (along == null) {
            return null;
        }
        int size = outputs.length / count;
        float[] deltas = new float[outputs.length];
        double[] p = new double[size];
        for (int at = 0; at < deltas.length; at += size) {
            double mean = 0;
            BatchLoss.softmax(outputs, at, p);
            for (int k = 0; k < size; k++) {
                mean += p[k] * along[at + k];
            }
            for (int k = 0; k < size; k++) {
                double slope =
                        switch (architecture.loss()) {
                            case SOFTMAX_CROSS_ENTROPY -> p[k] * (along[at + k] - mean);
                            case SQUARED_ERROR -> 2.0 * along[at + k] / size;
                        };
                deltas[at + k] = (float) (slope / count);
            }
        }
        return deltas;
    }

    /** The product for the mean loss over all {@code samples}. */
    List<Tensor> means(int samples) {
        Map<String, double[]> sums = new HashMap<>();
        layers.forEach(layer -> sums.putAll(layer.sums()));
        return Tensors.means(architecture, sums, samples);
    }
}
