// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.espalier.experiments.network.Tensor;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;

/**
 * What one pruning does to a network, as decided by {@link Pruner}.
 *
 * @param masks by name of the weight tensor, in layer order; every weight tensor has one, and those
 *     that are not prunable keep all
 * @param layers for each prunable layer in layer order: its weights, how many of them should be
 *     pruned by now, and how many are. Under a global ranking no layer is asked for a number, and
 *     the two are equal
 * @param prunable n, prunable weights of the network
 * @param asked how many of them should be pruned by now: n less those the ratio keeps
 * @param pruned how many are; more than asked only where the masks before had pruned more
 * @param touched for each prunable layer: newly pruned weights, those left, and the norm of the
 *     shifts of its biases
 * @param sparsityAsked {@code 1 - k / n} before k is rounded, in [0, 1)
 * @param compressionAchieved all trained parameters over those that remain, at least 1
 * @param scores what the ranking looked like
 * @param shifts what to add to the biases, by name of the bias tensor: {@code b_i += sum_j db_ij}
 *     over the newly pruned weights of row i. Empty where the method moves no bias
 * @param compensationNorm Euclidean norm of all shifts; empty where the method moves no bias
 * @param notes findings for the row, one sentence each
 */
public record Pruning(
        Map<String, Mask> masks,
        List<LayerSparsity> layers,
        int prunable,
        int asked,
        int pruned,
        List<LayerEvent> touched,
        double sparsityAsked,
        double compressionAchieved,
        ScoreSummary scores,
        Map<String, float[]> shifts,
        OptionalDouble compensationNorm,
        List<String> notes) {
    public Pruning {
        masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
        shifts = Collections.unmodifiableMap(new LinkedHashMap<>(shifts));
        layers = List.copyOf(layers);
        touched = List.copyOf(touched);
        notes = List.copyOf(notes);
    }

    /** Pruned weights over prunable weights, in [0, 1]. */
    public double sparsityAchieved() {
        return (double) pruned / prunable;
    }

    /** The parameters with pruned weights at zero and biases shifted; the given ones stay. */
    public List<Tensor> applyTo(List<Tensor> parameters) {
        return parameters.stream().map(this::applyTo).toList();
    }

    private Tensor applyTo(Tensor parameter) {
        Tensor changed = parameter.copy();
        float[] values = changed.values();
        if (masks.containsKey(parameter.name())) {
            masks.get(parameter.name()).apply(values);
        }
        float[] shift = shifts.get(parameter.name());
        if (shift != null) {
            for (int i = 0; i < values.length; i++) {
                values[i] += shift[i];
            }
        }
        return changed;
    }
}
