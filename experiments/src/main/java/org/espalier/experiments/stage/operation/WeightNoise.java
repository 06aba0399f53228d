// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.io.Serializable;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.Step;
import org.espalier.results.text.Text;

/**
 * Noise on the weights that a {@link Perturb} chose, for a window of batches. Batches are counted
 * as the authors of Bartoldson et al. 2020 (arXiv:1906.03728) count forward passes: t of the
 * evaluation after the event, then E of each epoch and twice t of its evaluations:
 *
 * <pre>  t | E 2t | E 2t | ...  </pre>
 *
 * Zeroed weights are zeroed before each training batch of the window; Gaussian noise is added
 * before each, and stays. What an evaluation's batches would add one by one is added before it at
 * once, as one draw of their summed variance [ours]: networks are measured as they are, whatever
 * the batches of the measuring.
 *
 * @param seed of Gaussian noise
 * @param batches length of the window, at least 0
 * @param evaluation t, batches of an evaluation, at least 1
 * @param since step of the event, the end of an epoch
 */
public record WeightNoise(
        NoiseKind kind, OptionalSeed seed, int batches, int evaluation, Step since)
        implements Serializable {
    public WeightNoise {
        if (batches < 0 || evaluation < 1 || since.unit() != Step.Unit.EPOCH) {
            throw new IllegalArgumentException(
                    Text.of(
                            "expected batches of at least 0, an evaluation of at least 1 and the end of an epoch, got %d, %d and %s",
                            batches, evaluation, since));
        }
    }

    /** Batches of the evaluation after the event that are in the window, at least one. */
    public int atEvent() {
        return Math.max(1, Math.min(batches, evaluation));
    }

    /** Training batches in the window. */
    public long trainingBatches(EpochLength epoch) {
        long after = batches - (long) evaluation;
        if (after <= 0) {
            return 0;
        }
        long round = epoch.iterations() + 2L * evaluation;
        return after / round * epoch.iterations() + Math.min(after % round, epoch.iterations());
    }

    /** The step after which no batch gets noise. */
    public Step end(EpochLength epoch) {
        return Step.iterations(Math.addExact(since.iterations(epoch), trainingBatches(epoch)))
                .simplest(epoch);
    }

    /** Batches of the evaluations at the end of an epoch that are in the window. */
    public int atEndOfEpoch(Step end, EpochLength epoch) {
        long epochs = end.wholeEpochs(epoch) - since.wholeEpochs(epoch);
        long before = evaluation + epochs * epoch.iterations() + (epochs - 1) * 2L * evaluation;
        return (int) Math.max(0, Math.min(batches - before, 2L * evaluation));
    }

    /** Of a training under it. */
    String trainingText() {
        return Text.of(
                " noise=%s batches=%d evaluation=%d since=%s%s",
                Text.word(kind), batches, evaluation, since, seed.in(" noise-seed="));
    }
}
