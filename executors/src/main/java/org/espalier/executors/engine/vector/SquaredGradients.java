// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.Tensors;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;

/**
 * Sums over samples of the squared derivatives of each sample's own loss by every trained
 * parameter, all samples of a batch in one backward pass: in evaluation mode no sample's loss
 * depends on another. For a layer with weights they are s0 and s2 of its {@link SensitivitySums},
 * taken of the loss instead of the outputs.
 */
final class SquaredGradients {
    private final Node[] nodes;
    private final Map<WeightNode, SensitivitySums> ofLayers = new LinkedHashMap<>();
    private final Map<String, double[]> sums = new HashMap<>();

    SquaredGradients(Node[] nodes) {
        this.nodes = nodes;
        for (Node node : nodes) {
            if (node instanceof WeightNode w) {
                SensitivitySums layer =
                        SensitivitySums.ofSquares(
                                w.output.shape().channels(), w.weight.parameter.size());
                ofLayers.put(w, layer);
                sums.put(w.weight.parameter.name(), layer.s2);
                if (w.bias != null) {
                    sums.put(w.bias.parameter.name(), layer.s0);
                }
            } else {
                for (Trained p : node.parameters()) {
                    sums.put(p.parameter.name(), new double[p.parameter.size()]);
                }
            }
        }
    }

    /**
     * Samples that a batch should have. A convolution's lane sums are single samples' derivatives
     * only where no lane has two of them; with a sample for each lane they run over whole rows of
     * positions, which is about twice as fast. Without convolutions large batches are faster.
     */
    int samplesAtOnce(int capacity) {
        boolean lanes = Arrays.stream(nodes).anyMatch(ConvolutionNode.class::isInstance);
        return lanes ? Kernels.LANES : capacity;
    }

    /** Adds a batch whose values are computed, and each sample's loss gradient at the output. */
    void add(Pass pass) {
        for (int n = nodes.length - 1; n >= 0; n--) {
            if (nodes[n] instanceof WeightNode w) {
                w.sense(pass, ofLayers.get(w));
                w.senseEnd(pass, ofLayers.get(w));
            } else if (nodes[n] instanceof BatchNormNode norm) {
                List<Trained> p = norm.parameters();
                norm.addSquares(
                        pass,
                        sums.get(p.get(0).parameter.name()),
                        sums.get(p.get(1).parameter.name()));
            }
            nodes[n].inputGradient(pass);
        }
    }

    /** Means over all {@code count} samples. */
    List<Tensor> means(Architecture architecture, int count) {
        return Tensors.means(architecture, sums, count);
    }
}
