// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.results.CellRow.LayerEvent;

/** Masks laid over tensors, and what rows tell of them. */
final class Masks {
    private Masks() {}

    /** Copies of the parameters, pruned weights at zero. */
    static List<Tensor> applied(List<Tensor> parameters, Map<String, Mask> masks) {
        return parameters.stream().map(t -> applied(t, masks.get(t.name()))).toList();
    }

    /** Copies of an optimiser's state, that of pruned weights at zero. */
    static List<Tensor> appliedToOptimizer(List<Tensor> state, Map<String, Mask> masks) {
        return state.stream()
                .map(t -> applied(t, masks.get(t.name().substring(t.name().indexOf('/') + 1))))
                .toList();
    }

    private static Tensor applied(Tensor tensor, Mask mask) {
        Tensor copy = tensor.copy();
        if (mask != null) {
            mask.apply(copy.values());
        }
        return copy;
    }

    /** Weights that are neither pruned nor were ever chosen for noise. */
    static Map<String, Mask> untargeted(NetworkState state) {
        Map<String, Mask> free = new HashMap<>(state.masks());
        state.targeted()
                .forEach(
                        (name, targets) ->
                                free.merge(
                                        name,
                                        Mask.dense(targets.size()).without(targets),
                                        (kept, rest) -> kept.without(targets)));
        return free;
    }

    /** What is in either. */
    static Map<String, Mask> union(Map<String, Mask> first, Map<String, Mask> second) {
        Map<String, Mask> union = new HashMap<>(first);
        second.forEach(
                (name, mask) ->
                        union.merge(
                                name,
                                mask,
                                (a, b) -> {
                                    Mask all = Mask.dense(a.size());
                                    return all.without(all.without(a).without(b));
                                }));
        return union;
    }

    /** Every layer with weights, its survivors being what an event touched. */
    static List<LayerEvent> surviving(Architecture architecture, NetworkState state) {
        return architecture.weights().stream()
                .map(
                        p -> {
                            Mask mask = state.masks().get(p.name());
                            long left = mask == null ? p.size() : mask.cardinality();
                            return new LayerEvent(p.layer(), left, left, null, null, null);
                        })
                .toList();
    }

    /** SHA-256 of all masks of weight tensors in layer order, a tensor without one being whole. */
    static String sha256(Architecture architecture, Map<String, Mask> masks) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Parameter parameter : architecture.weights()) {
                Mask mask = masks.getOrDefault(parameter.name(), Mask.dense(parameter.size()));
                digest.update(mask.bytes());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
