// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;

/**
 * Scores drawn at random: every weight is as likely to stay as any other.
 *
 * <pre>  s ~ U[0, 1)  </pre>
 *
 * Drawn in layer order, row-major, from the cell's pruning stream. Good et al. 2022
 * (arXiv:2206.02976) keep each weight by a draw of its own, so that their sparsity holds only on
 * average; here exactly the number asked for stays.
 */
record Uniform() implements PruningMethod {
    @Override
    public String id() {
        return "random";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>();
    }

    @Override
    public Target target() {
        return Target.RANDOM;
    }

    @Override
    public Set<Draw> draws() {
        return Set.of(Draw.SCORES);
    }

    @Override
    public Ranking rank(Evidence evidence) {
        RandomStream random = evidence.random();
        List<float[]> scores = new ArrayList<>();
        for (Tensor tensor : evidence.weights()) {
            float[] drawn = new float[tensor.size()];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = random.nextFloat();
            }
            scores.add(drawn);
        }
        return Ranking.of(scores);
    }
}
