// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the largest weights.
 *
 * <pre>  s = |w|  </pre>
 *
 * Source: Han et al. 2015, "Learning both Weights and Connections for Efficient Neural Networks",
 * arXiv:1506.02626. MP of Good et al. 2022 (arXiv:2206.02976) where the ranking is global.
 */
record Magnitude() implements PruningMethod {
    @Override
    public String id() {
        return "magnitude";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>();
    }

    @Override
    public Ranking rank(Evidence evidence) {
        return Ranking.of(Elementwise.scores(evidence.weights(), Math::abs));
    }
}
