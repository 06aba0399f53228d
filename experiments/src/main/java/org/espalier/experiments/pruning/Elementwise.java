// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.espalier.experiments.network.Tensor;
import org.espalier.results.text.Text;

/** Scores that look at one weight at a time: computed in double, rounded once to float. */
final class Elementwise {
    private Elementwise() {}

    static List<float[]> scores(List<Tensor> weights, DoubleUnaryOperator score) {
        return scores(weights, weights, (w, same) -> score.applyAsDouble(w));
    }

    /** {@code score(w, g)} for each weight w and the value g at its place in another tensor. */
    static List<float[]> scores(
            List<Tensor> weights, List<Tensor> gradient, DoubleBinaryOperator score) {
        requireCount("gradients", weights, gradient.size());
        List<float[]> scores = new ArrayList<>();
        for (int t = 0; t < weights.size(); t++) {
            float[] w = weights.get(t).values();
            float[] g = gradient.get(t).values();
            if (w.length != g.length) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%s has %d weights but a gradient of %d",
                                weights.get(t).name(), w.length, g.length));
            }
            float[] s = new float[w.length];
            for (int i = 0; i < s.length; i++) {
                s[i] = (float) score.applyAsDouble(w[i], g[i]);
            }
            scores.add(s);
        }
        return scores;
    }

    static void requireCount(String what, List<Tensor> weights, int count) {
        if (weights.size() != count) {
            throw new IllegalArgumentException(
                    Text.of(
                            "expected %d %s, one for each prunable tensor, got %d",
                            weights.size(), what, count));
        }
    }
}
