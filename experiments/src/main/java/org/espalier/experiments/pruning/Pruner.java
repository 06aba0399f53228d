// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.recipe.Amount;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.text.Text;

/**
 * Turns a method's scores into masks. Of n prunable weights exactly the k that are asked for stay,
 * those with the highest scores, or the lowest where the method's target is large; of equal scores
 * the one that comes first in layer order, row by row. Biases and normalisation are never pruned.
 */
public final class Pruner {
    private final Architecture architecture;
    private final Recipe.Scope scope;
    private final List<Parameter> prunable;
    private final int count;
    private final int minPerLayer;

    /** Without a minimum for each layer. */
    public Pruner(Architecture architecture, Recipe.Scope scope, Recipe.OutputLayer outputLayer) {
        this(architecture, scope, outputLayer, 0);
    }

    /**
     * @param outputLayer with {@code KEEP} the last layer that has weights is not prunable, and its
     *     weights count with the parameters that cannot be pruned
     * @param minPerLayer weights that each prunable layer keeps at least under a global ranking,
     *     those of highest scores; a layer that has fewer keeps what it has
     * @throws IllegalArgumentException if no weight is prunable
     */
    public Pruner(
            Architecture architecture,
            Recipe.Scope scope,
            Recipe.OutputLayer outputLayer,
            int minPerLayer) {
        this.architecture = architecture;
        this.scope = scope;
        this.minPerLayer = minPerLayer;
        List<Parameter> weights = architecture.weights();
        int kept = outputLayer == Recipe.OutputLayer.KEEP ? 1 : 0;
        if (weights.size() <= kept) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s has no prunable weights: %d of its layers have weights, and the recipe keeps the output layer",
                            architecture.name(), weights.size()));
        }
        prunable = weights.subList(0, weights.size() - kept);
        count = prunable.stream().mapToInt(Parameter::size).reduce(0, Math::addExact);
    }

    /** The tensors that evidence and rankings run over, in layer order. */
    public List<Parameter> prunable() {
        return prunable;
    }

    /** Weights that stay whatever is asked for: the minimum of each layer, or all it has. */
    public int minimum() {
        return prunable.stream().mapToInt(p -> Math.min(minPerLayer, p.size())).sum();
    }

    /** Prunes a network of which nothing is pruned yet. */
    public Pruning prune(PruningMethod.Ranking ranking, Amount amount) {
        return prune(ranking, amount, Map.of());
    }

    /**
     * Prunes further, until the amount is reached: weights that are pruned stay so.
     *
     * @param before masks so far, by name of the tensor; a tensor without one has all its weights
     * @throws IllegalArgumentException if the ranking or a mask does not fit the network, or the
     *     amount is one that cannot be reached
     * @throws UnrankableScoreException if the score of a weight that is not pruned yet, or the
     *     shift of one that is now, is not finite
     */
    public Pruning prune(PruningMethod.Ranking ranking, Amount amount, Map<String, Mask> before) {
        List<Mask> old = masksOf(before);
        requireFits("scores", ranking.scores());
        if (!ranking.shifts().isEmpty()) {
            requireFits("shifts", ranking.shifts());
        }
        requireRankable(ranking.scores(), old);

        List<float[]> order = ranking.order();
        long all = architecture.parameterCount();
        List<Mask> narrowed =
                scope == Recipe.Scope.GLOBAL
                        ? narrowTogether(old, order, amount.kept(count, all))
                        : narrowEach(old, order, amount, all);
        int asked = 0;
        int pruned = 0;
        List<LayerSparsity> layers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (int t = 0; t < prunable.size(); t++) {
            Parameter parameter = prunable.get(t);
            int size = parameter.size();
            int gone = size - narrowed.get(t).cardinality();
            int wanted =
                    scope == Recipe.Scope.GLOBAL ? gone : size - amount.keptOf(t, size, count, all);
            layers.add(new LayerSparsity(parameter.layer(), size, wanted, gone));
            asked += wanted;
            pruned += gone;
            if (gone == size) {
                notes.add(
                        Text.of(
                                "all %d prunable weights of layer %s are pruned",
                                size, parameter.layer()));
            }
        }
        if (scope == Recipe.Scope.GLOBAL) {
            asked = count - amount.kept(count, all);
        }
        ScoreSummary summary = ScoreSummary.of(ranking, old, narrowed);
        BiasShifts shifts = BiasShifts.of(architecture, prunable, ranking.shifts(), old, narrowed);
        notes.addAll(shifts.notes());
        return new Pruning(
                byName(narrowed, before),
                layers,
                count,
                asked,
                pruned,
                touched(old, narrowed, shifts),
                amount.sparsity(count, all),
                (double) all / (all - pruned),
                scope == Recipe.Scope.GLOBAL ? summary : summary.withoutThreshold(),
                shifts.byBias(),
                shifts.norm(),
                notes);
    }

    private List<LayerEvent> touched(List<Mask> old, List<Mask> narrowed, BiasShifts shifts) {
        List<LayerEvent> touched = new ArrayList<>();
        for (int t = 0; t < prunable.size(); t++) {
            long left = narrowed.get(t).cardinality();
            touched.add(
                    new LayerEvent(
                            prunable.get(t).layer(),
                            old.get(t).cardinality() - left,
                            left,
                            null,
                            null,
                            shifts.normOf(prunable.get(t))));
        }
        return touched;
    }

    private List<Mask> masksOf(Map<String, Mask> before) {
        List<String> known = architecture.weights().stream().map(Parameter::name).toList();
        for (String name : before.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        Text.of(
                                "mask of unknown weights %s; %s has %s",
                                name, architecture.name(), String.join(", ", known)));
            }
        }
        for (Parameter parameter : architecture.weights()) {
            Mask mask = before.get(parameter.name());
            if (mask != null && mask.size() != parameter.size()) {
                throw new IllegalArgumentException(
                        Text.of(
                                "mask of %s: expected %d weights, got %d",
                                parameter.name(), parameter.size(), mask.size()));
            }
        }
        return prunable.stream()
                .map(p -> before.getOrDefault(p.name(), Mask.dense(p.size())))
                .toList();
    }

    private Map<String, Mask> byName(List<Mask> narrowed, Map<String, Mask> before) {
        Map<String, Mask> masks = new LinkedHashMap<>();
        for (Parameter parameter : architecture.weights()) {
            String name = parameter.name();
            masks.put(name, before.getOrDefault(name, Mask.dense(parameter.size())));
        }
        for (int t = 0; t < narrowed.size(); t++) {
            masks.put(prunable.get(t).name(), narrowed.get(t));
        }
        return masks;
    }

    private void requireFits(String what, List<float[]> values) {
        if (values.size() != prunable.size()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s: expected %s for %d tensors, got %d",
                            architecture.name(), what, prunable.size(), values.size()));
        }
        for (int t = 0; t < values.size(); t++) {
            if (values.get(t).length != prunable.get(t).size()) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%s of %s: expected %d, got %d",
                                what,
                                prunable.get(t).name(),
                                prunable.get(t).size(),
                                values.get(t).length));
            }
        }
    }

    private void requireRankable(List<float[]> scores, List<Mask> masks) {
        for (int t = 0; t < masks.size(); t++) {
            Mask mask = masks.get(t);
            float[] of = scores.get(t);
            for (int i = mask.nextKept(0); i >= 0; i = mask.nextKept(i + 1)) {
                if (!Float.isFinite(of[i])) {
                    throw new UnrankableScoreException("score", prunable.get(t).name(), i, of[i]);
                }
            }
        }
    }

    private List<Mask> narrowTogether(List<Mask> old, List<float[]> scores, int keep) {
        float[] joined = new float[count];
        int at = 0;
        for (float[] of : scores) {
            System.arraycopy(of, 0, joined, at, of.length);
            at += of.length;
        }
        Mask whole = Mask.concatenate(old);
        Mask open = minPerLayer == 0 ? whole : whole.without(Mask.concatenate(fixed(old, scores)));
        int stay = Math.min(keep, whole.cardinality());
        int ranked = stay - (whole.cardinality() - open.cardinality());
        if (ranked < 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "min-per-layer %d keeps %d weights at least, more than the %d to be kept",
                            minPerLayer, stay - ranked, stay));
        }
        Mask narrowed = whole.without(open.without(open.narrowTo(ranked, joined)));
        List<Mask> masks = new ArrayList<>();
        int from = 0;
        for (Mask mask : old) {
            masks.add(narrowed.slice(from, from + mask.size()));
            from += mask.size();
        }
        return masks;
    }

    /** The weights of each layer that its minimum keeps, out of those that are left. */
    private List<Mask> fixed(List<Mask> old, List<float[]> scores) {
        List<Mask> fixed = new ArrayList<>();
        for (int t = 0; t < old.size(); t++) {
            Mask mask = old.get(t);
            fixed.add(mask.narrowTo(Math.min(minPerLayer, mask.cardinality()), scores.get(t)));
        }
        return fixed;
    }

    private List<Mask> narrowEach(List<Mask> old, List<float[]> scores, Amount amount, long all) {
        List<Mask> masks = new ArrayList<>();
        for (int t = 0; t < old.size(); t++) {
            Mask mask = old.get(t);
            int keep = Math.min(amount.keptOf(t, mask.size(), count, all), mask.cardinality());
            masks.add(mask.narrowTo(keep, scores.get(t)));
        }
        return masks;
    }
}
