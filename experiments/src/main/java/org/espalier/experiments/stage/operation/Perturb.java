// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.results.text.Text;

/**
 * Lays noise over the weights that pruning would choose and leaves them in the network: noise
 * instead of removal (Bartoldson et al. 2020, The Generalization-Stability Tradeoff In Neural
 * Network Pruning, arXiv:1906.03728, their figure 5). Inputs are a network and the data that scores
 * are computed on.
 *
 * <pre>
 *   zero    w = 0
 *   gauss   w += N(0, draws s^2)
 * </pre>
 *
 * s is the standard deviation of the layer's weights that are neither pruned nor chosen, by this or
 * an earlier event [ours; the authors take it of the first filter that is not chosen]; 0 where
 * there are fewer than two.
 *
 * @param choice its amount is the weights that no event has chosen after this one
 * @param targets which of the chosen get noise
 * @param draws how often noise is laid, at least 1; as zeroing often is zeroing once, of Gaussian
 *     noise alone a part of the text
 * @param noiseSeed of Gaussian noise
 */
public record Perturb(
        NoiseKind kind,
        Choice choice,
        Targets targets,
        int draws,
        OptionalSeed noiseSeed,
        Arithmetic arithmetic)
        implements Operation {

    @Override
    public String canonicalText() {
        return Science.PERTURB.in(
                "perturb "
                        + Text.word(kind)
                        + " "
                        + choice.canonicalText()
                        + " targets="
                        + Text.word(targets)
                        + (kind == NoiseKind.GAUSS ? " draws=" + draws : "")
                        + noiseSeed.in(" noise-seed=")
                        + " numerics="
                        + arithmetic.numerics());
    }

    @Override
    public String verb() {
        return "perturb";
    }
}
