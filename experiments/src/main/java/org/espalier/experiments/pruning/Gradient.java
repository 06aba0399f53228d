// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.espalier.experiments.network.Tensor;

/**
 * Keeps the weights whose removal changes the data loss most, to first order.
 *
 * <pre>  s = |w g|,   g = dL/dw  </pre>
 *
 * g is the gradient of the mean data loss over a mini-batch of the training set, without weight
 * decay, averaged over {@code batches} of them. GP of Good et al. 2022, "Recall Distortion in
 * Neural Network Pruning and the Undecayed Pruning Algorithm", arXiv:2206.02976, whose code uses
 * one batch of 128.
 *
 * @param samples size of a mini-batch, at least 1
 * @param batches mini-batches that are averaged over, at least 1; theirs is 1
 */
record Gradient(int samples, int batches) implements PruningMethod {
    Gradient {
        Settings.requireSamples(samples);
        Settings.requireBatches(batches);
    }

    @Override
    public String id() {
        return "gradient";
    }

    @Override
    public SortedMap<String, String> settings() {
        return Settings.withBatches(Map.of(Settings.SAMPLES, Integer.toString(samples)), batches);
    }

    @Override
    public List<Need> needs() {
        return List.of(new Need.Gradient(samples, batches));
    }

    @Override
    public Set<Draw> draws() {
        return Set.of(Draw.SAMPLES, Draw.DROPOUT);
    }

    @Override
    public Ranking rank(Evidence evidence) {
        List<Tensor> gradient = evidence.gradient(samples, batches);
        return Ranking.of(
                Elementwise.scores(evidence.weights(), gradient, (w, g) -> Math.abs(w * g)));
    }
}
