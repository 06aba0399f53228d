// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.io.Serializable;
import java.util.Set;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Amount;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.text.Text;

/**
 * Which weights of a network are chosen: a method ranks, an amount says how many stay. The seeds of
 * what the method draws are part of it, and no others.
 *
 * @param minPerLayer weights that each prunable layer keeps at least; 0 for no minimum
 * @param maskSeed of random scores
 * @param scoringSeed of the samples that scores are computed on
 * @param dropoutSeed of dropout while they are
 */
public record Choice(
        PruningMethod method,
        Amount amount,
        Recipe.Scope scope,
        Recipe.OutputLayer outputLayer,
        int minPerLayer,
        OptionalSeed maskSeed,
        OptionalSeed scoringSeed,
        OptionalSeed dropoutSeed)
        implements Serializable {

    /**
     * A choice by the seeds that its method draws from.
     *
     * @param drops whether the network has layers with dropout
     */
    public static Choice of(
            PruningMethod method,
            Amount amount,
            Recipe.Scope scope,
            Recipe.OutputLayer outputLayer,
            Seeds seeds,
            Drops drops) {
        Set<PruningMethod.Draw> draws = method.draws();
        return new Choice(
                method,
                amount,
                scope,
                outputLayer,
                0,
                draws.contains(PruningMethod.Draw.SCORES)
                        ? OptionalSeed.of(seeds.mask())
                        : OptionalSeed.NONE,
                draws.contains(PruningMethod.Draw.SAMPLES)
                        ? OptionalSeed.of(seeds.scoring())
                        : OptionalSeed.NONE,
                draws.contains(PruningMethod.Draw.DROPOUT) ? drops.seed(seeds) : OptionalSeed.NONE);
    }

    /** The same where each prunable layer keeps so many weights at least, or all it has. */
    public Choice keeping(int minimum) {
        return new Choice(
                method, amount, scope, outputLayer, minimum, maskSeed, scoringSeed, dropoutSeed);
    }

    /** Equal choices, equal text. */
    String canonicalText() {
        return method.canonicalText()
                + " "
                + amount.stageText()
                + " scope="
                + Text.word(scope)
                + " output="
                + Text.word(outputLayer)
                + (minPerLayer == 0 ? "" : " min-per-layer=" + minPerLayer)
                + maskSeed.in(" mask-seed=")
                + scoringSeed.in(" scoring-seed=")
                + dropoutSeed.in(" dropout-seed=");
    }
}
