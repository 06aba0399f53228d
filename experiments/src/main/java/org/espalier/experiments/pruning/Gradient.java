// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.network.Tensor;

/**
 * Keeps the weights whose removal changes the data loss most, to first order.
 *
 * <pre>  s = |w g|,   g = dL/dw  </pre>
 *
 * g is the gradient of the mean data loss over one mini-batch of the training set, without weight
 * decay. GP of Good et al. 2022, "Recall Distortion in Neural Network Pruning and the Undecayed
 * Pruning Algorithm", arXiv:2206.02976, whose code uses one batch of 128.
 *
 * @param samples size of the mini-batch, at least 1
 */
record Gradient(int samples) implements PruningMethod {
    Gradient {
        Settings.requireSamples(samples);
    }

    @Override
    public String id() {
        return "gradient";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of(Settings.SAMPLES, Integer.toString(samples)));
    }

    @Override
    public List<Need> needs() {
        return List.of(new Need.Gradient(samples, 1));
    }

    @Override
    public Set<Draw> draws() {
        return Set.of(Draw.SAMPLES, Draw.DROPOUT);
    }

    @Override
    public Ranking rank(Evidence evidence) {
        List<Tensor> gradient = evidence.gradient(samples);
        return Ranking.of(
                Elementwise.scores(evidence.weights(), gradient, (w, g) -> Math.abs(w * g)));
    }
}
