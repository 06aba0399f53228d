// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.espalier.experiments.recipe.Recipe;

/**
 * How much each weight matters. Higher scores are kept, unless the method's target is the large
 * ones. Ranking may be global: scores of all layers are compared with one another, so a method must
 * return them on one scale. A method is a record whose components are its settings.
 */
public interface PruningMethod extends Serializable {

    /** Name in sweep files and in the {@code method} column; never changes once published. */
    String id();

    /** All settings with their values in canonical spelling; part of a cell's identity. */
    SortedMap<String, String> settings();

    /** What it gives a score each. */
    default Unit unit() {
        return Unit.WEIGHT;
    }

    /** What is ranked, and pruned or kept as a whole. */
    enum Unit {
        /** Single weights. */
        WEIGHT
    }

    /** Which end of its scores is pruned. */
    default Target target() {
        return Target.SMALL;
    }

    /** Which scores are pruned. */
    enum Target {
        /** The lowest: what matters least. */
        SMALL,
        /** The highest: what matters most. */
        LARGE,
        /** The lowest of scores that say nothing of the weights. */
        RANDOM
    }

    /** Scores, and where the method has them bias shifts, for the network as it stands. */
    Ranking rank(Evidence evidence);

    /** What it must see of a network beside the weights; it asks {@link Evidence} for no more. */
    default List<Need> needs() {
        return List.of();
    }

    /** What is different on a kind of layer, one sentence; empty where nothing is. */
    default Optional<String> remark(LayerKind kind) {
        return Optional.empty();
    }

    /** What chance it uses; the seeds of these are part of its results' names, and no others. */
    default Set<Draw> draws() {
        return Set.of();
    }

    /** A kind of chance. */
    enum Draw {
        /** Scores drawn from the pruning stream. */
        SCORES,
        /** Training samples drawn by the scoring stream. */
        SAMPLES,
        /** Dropout, where the network has any: gradients are those of training. */
        DROPOUT
    }

    /** The method with settings that it takes from the recipe filled in; mostly itself. */
    default PruningMethod resolve(Recipe recipe) {
        return this;
    }

    /**
     * The method as it works on a network; mostly itself. Where a correction has changed what it
     * does on some networks, {@link #besideSettings} tells these apart.
     *
     * @param structure {@code Architecture.canonicalText()}
     */
    default PruningMethod on(String structure) {
        return this;
    }

    /** What the text has beside the settings; mostly nothing. */
    default String besideSettings() {
        return "";
    }

    /** What a reader of the plan and of the row must know of this method with these settings. */
    default List<String> notes() {
        return List.of();
    }

    /** Id and settings: {@code undecayed(weight-decay=0.0005)}. */
    default String canonicalText() {
        String settings =
                settings().isEmpty()
                        ? ""
                        : "("
                                + settings().toString().replaceAll("[{}]", "").replace(", ", ",")
                                + ")";
        return id() + settings + besideSettings();
    }

    /**
     * What a method says of the prunable weights; lists run over the prunable tensors in layer
     * order.
     *
     * @param scores shape [weights of the tensor] each; finite
     * @param shifts bias shifts db_ij, same shapes: pruning weight W_ij adds db_ij to bias i. Empty
     *     where the method moves no bias
     * @param target which end of the scores is pruned
     */
    record Ranking(List<float[]> scores, List<float[]> shifts, Target target) {
        public Ranking {
            scores = List.copyOf(scores);
            shifts = List.copyOf(shifts);
        }

        /** Scores of which the lowest are pruned. */
        public Ranking(List<float[]> scores, List<float[]> shifts) {
            this(scores, shifts, Target.SMALL);
        }

        /** Scores alone, of which the lowest are pruned. */
        public static Ranking of(List<float[]> scores) {
            return new Ranking(scores, List.of());
        }

        /** What orders weights, the highest to stay: the scores, or the same negated. */
        List<float[]> order() {
            if (target != Target.LARGE) {
                return scores;
            }
            return scores.stream()
                    .map(
                            of -> {
                                float[] negated = new float[of.length];
                                for (int i = 0; i < of.length; i++) {
                                    negated[i] = -of[i];
                                }
                                return negated;
                            })
                    .toList();
        }
    }
}
