// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.curvature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;

/**
 * Sums over samples of the squared derivatives of each sample's own loss by every trained
 * parameter, all samples of a batch in one backward pass: in evaluation mode no sample's loss
 * depends on another.
 *
 * @param <P> a batch with its values and gradients
 */
public final class SquaredGradients<P> {
    private final List<? extends Curved<P>> nodes;
    private final Map<String, double[]> sums = new HashMap<>();

    /**
     * Nothing added yet.
     *
     * @param nodes in the order of the forward pass
     * @param trained parameters
     */
    public SquaredGradients(List<? extends Curved<P>> nodes, List<Parameter> trained) {
        this.nodes = List.copyOf(nodes);
        for (Parameter p : trained) {
            sums.put(p.name(), new double[p.size()]);
        }
    }

    /** Samples that a batch should have, at most {@code capacity}: what suits every node. */
    public int samplesAtOnce(int capacity) {
        return nodes.stream().mapToInt(n -> n.samplesAtOnce(capacity)).min().orElse(capacity);
    }

    /** The sums of a parameter, row-major, to be added to. */
    public double[] of(Parameter parameter) {
        return sums.get(parameter.name());
    }

    /** Adds a batch whose values are computed, and each sample's loss gradient at the output. */
    public void add(P pass) {
        for (int n = nodes.size() - 1; n >= 0; n--) {
            nodes.get(n).addSquares(pass, this);
            nodes.get(n).inputGradient(pass);
        }
    }

    /** Means over all {@code count} samples. */
    public List<Tensor> means(Architecture architecture, int count) {
        return Tensors.means(architecture, sums, count);
    }
}
