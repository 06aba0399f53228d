// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.BatchLoss;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.nd4j.linalg.api.memory.MemoryWorkspace;

/**
 * Sums over samples of the squared derivatives of each sample's own loss by every trained
 * parameter: one forward and one backward pass of a chunk of samples, since in evaluation no sample
 * depends on another. For a layer with weights they are s0 and s2 of its {@link LayerMoments}, with
 * the loss as the only output.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class FisherPass {
    private final Traversal traversal;
    private final Architecture architecture;
    private final Map<Integer, LayerMoments> moments = new HashMap<>();
    private final Map<Integer, NormalisationSquares> normalisations = new HashMap<>();
    private final Map<String, double[]> sums = new HashMap<>();

    FisherPass(Traversal traversal, Architecture architecture) {
        this.traversal = traversal;
        this.architecture = architecture;
        for (int node : traversal.weightNodes()) {
            LayerMoments layer = LayerMoments.of(architecture.nodes().get(node), node, traversal);
            moments.put(node, layer);
            for (NativeLayer.Variable variable : traversal.layer(node).variables()) {
                boolean weight = variable.parameter().role() == Parameter.Role.WEIGHT;
                sums.put(variable.parameter().name(), weight ? layer.s2 : layer.s0);
            }
        }
        for (int node : traversal.nodes(Layer.BatchNorm.class)) {
            NormalisationSquares layer = new NormalisationSquares(traversal.layer(node));
            normalisations.put(node, layer);
            NativeLayer of = traversal.layer(node);
            sums.put(of.variable(Parameter.Role.SCALE).parameter().name(), layer.ofScale);
            sums.put(of.variable(Parameter.Role.SHIFT).parameter().name(), layer.ofShift);
        }
    }

    /** Adds samples, shape [count, size of a sample]. */
    void add(float[] batch, Targets targets, int[] rows, int from, int count) {
        try (MemoryWorkspace arena = traversal.begin();
                MemoryWorkspace backward = traversal.beginBackward()) {
            float[] outputs =
                    NativeArrays.read(traversal.forward(batch, count, TrainingMode.TEST, null));
            float[] delta = new float[outputs.length];
            BatchLoss.of(targets, rows, from, count, outputs, delta);
            for (int i = 0; i < delta.length; i++) {
                delta[i] *= count; // of each sample's loss, not of the mean
            }
            moments.forEach((node, layer) -> layer.begin(traversal.readInput(node), count, 1));
            traversal.backward(
                    delta,
                    count,
                    (node, by) -> {
                        if (moments.containsKey(node)) {
                            moments.get(node).delta(0, NativeArrays.read(by));
                        } else if (normalisations.containsKey(node)) {
                            float[] x = traversal.readInput(node);
                            normalisations.get(node).add(x, NativeArrays.read(by), count);
                        }
                    },
                    Traversal.Reach.WEIGHTS_ABOVE);
        }
        traversal.clear();
        moments.values().forEach(LayerMoments::end);
    }

    /** Means over {@code samples} of all trained parameters. */
    List<Tensor> means(int samples) {
        return Tensors.means(architecture, sums, samples);
    }

    /** Sums of a normalisation with running statistics: its values do not mix samples. */
    private static final class NormalisationSquares {
        private final float[] mean;
        private final float[] variance;
        final double[] ofScale;
        final double[] ofShift;

        NormalisationSquares(NativeLayer layer) {
            mean = layer.variable(Parameter.Role.RUNNING_MEAN).values();
            variance = layer.variable(Parameter.Role.RUNNING_VARIANCE).values();
            ofScale = new double[mean.length];
            ofShift = new double[mean.length];
        }

        /** Values that enter and derivatives of what leaves, [count, channels, positions]. */
        void add(float[] x, float[] delta, int count) {
            int positions = x.length / count / mean.length;
            for (int row = 0; row < count * mean.length; row++) {
                int c = row % mean.length;
                double product = 0;
                double sum = 0;
                for (int i = row * positions; i < (row + 1) * positions; i++) {
                    product += (double) delta[i] * (x[i] - mean[c]);
                    sum += delta[i];
                }
                ofScale[c] += product * product / (variance[c] + Layer.BatchNorm.EPSILON);
                ofShift[c] += sum * sum;
            }
        }
    }
}
