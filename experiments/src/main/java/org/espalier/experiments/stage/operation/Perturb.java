// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.results.text.Text;

/**
 * Lays noise over the weights that pruning would choose, once, and leaves them in the network:
 * noise instead of removal (Bartoldson et al. 2020, The Generalization-Stability Tradeoff In Neural
 * Network Pruning, arXiv:1906.03728, their figure 5). Inputs are a network and the data that scores
 * are computed on.
 *
 * @param choice ratio is the fraction of the prunable weights that get noise
 * @param noiseSeed of Gaussian noise
 */
public record Perturb(Kind kind, Choice choice, OptionalSeed noiseSeed, Arithmetic arithmetic)
        implements Operation {

    /** What happens to the chosen weights. */
    public enum Kind {
        /** {@code w = 0}. */
        ZERO,
        /**
         * {@code w += N(0, s^2)}, s the standard deviation of the layer's surviving weights that
         * are not chosen; 0 where there are fewer than two.
         */
        GAUSS
    }

    @Override
    public String canonicalText() {
        return Science.PERTURB.in(
                "perturb "
                        + Text.word(kind)
                        + " "
                        + choice.canonicalText()
                        + noiseSeed.in(" noise-seed=")
                        + " numerics="
                        + arithmetic.numerics());
    }

    @Override
    public String verb() {
        return "perturb";
    }
}
