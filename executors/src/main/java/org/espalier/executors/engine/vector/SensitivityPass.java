// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Sensitivity;

/**
 * Sums the second moments of {@link Sensitivity}: a backward pass for each output of the network.
 */
final class SensitivityPass {
    private final Node[] nodes;
    private final Loss loss;
    private final Evidence.Output of;
    private final Map<WeightNode, SensitivitySums> sums = new LinkedHashMap<>();

    SensitivityPass(Node[] nodes, Loss loss, Evidence.Output of) {
        this.nodes = nodes;
        this.loss = loss;
        this.of = of;
        for (Node node : nodes) {
            if (node instanceof WeightNode w) {
                int outputs = w.output.shape().channels();
                sums.put(w, new SensitivitySums(outputs, w.weight.parameter.size()));
            }
        }
    }

    /** Adds a batch whose values are computed, for this many outputs of the network. */
    void add(Pass pass, int outputs) {
        boolean softmax = of == Evidence.Output.SOFTMAX;
        float[] p = softmax ? loss.probabilities(pass) : null;
        for (int k = 0; k < outputs; k++) {
            if (softmax) {
                loss.seedProbability(pass, k, p);
            } else {
                loss.seedLogit(pass, k);
            }
            for (int n = nodes.length - 1; n >= 0; n--) {
                if (nodes[n] instanceof WeightNode w) {
                    w.sense(pass, sums.get(w));
                }
                nodes[n].inputGradient(pass);
            }
        }
        sums.forEach((w, s) -> w.senseEnd(pass, s));
    }

    /** Means over all {@code count} samples, in layer order. */
    List<Sensitivity> means(int count) {
        List<Sensitivity> means = new ArrayList<>();
        sums.forEach((w, s) -> means.add(s.mean(w.weight.parameter.layer(), count)));
        return means;
    }
}
