// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.results.text.Text;

/**
 * Trains from one step of a phase to another; inputs are a network and the data. Steps count from
 * the start of the phase, which is where its learning rate starts. A training that goes on where
 * one of the same phase stopped gives the same network as one that was not interrupted, and {@code
 * Stage} gives it the same name.
 *
 * @param phase {@code dense} or {@code fine-tune}; a label of the curve, not part of the text
 * @param training optimiser, rates, decay and batches; its number of epochs does not count here
 * @param from where the network stands in the phase
 * @param to where it will; not before {@code from}
 * @param epoch length of an epoch on the data at hand; follows from the inputs, not part of the
 *     text
 * @param state whether the optimiser starts anew or goes on with the network's state
 * @param orderSeed of the order of samples
 * @param dropoutSeed of dropout masks; empty where no layer drops
 * @param noise that perturbed weights get meanwhile; null mostly
 */
public record Train(
        String phase,
        Training training,
        Step from,
        Step to,
        EpochLength epoch,
        Recipe.OptimizerState state,
        long orderSeed,
        OptionalSeed dropoutSeed,
        WeightNoise noise,
        Arithmetic arithmetic)
        implements Operation {
    /** Phase that the recipe's dense training describes, pruned or not. */
    public static final String DENSE = "dense";

    /** Phase that the recipe's fine-tuning describes. */
    public static final String FINE_TUNE = "fine-tune";

    public Train {
        from = from.simplest(epoch);
        to = to.simplest(epoch);
        if (from.compare(to, epoch) > 0) {
            throw new IllegalArgumentException(
                    "a training goes forward, got from " + from + " to " + to);
        }
    }

    /** A training without noise on weights. */
    public Train(
            String phase,
            Training training,
            Step from,
            Step to,
            EpochLength epoch,
            Recipe.OptimizerState state,
            long orderSeed,
            OptionalSeed dropoutSeed,
            Arithmetic arithmetic) {
        this(phase, training, from, to, epoch, state, orderSeed, dropoutSeed, null, arithmetic);
    }

    /** The same phase, trained between other steps. */
    public Train between(Step start, Step end) {
        return new Train(
                phase,
                training,
                start,
                end,
                epoch,
                state,
                orderSeed,
                dropoutSeed,
                noise,
                arithmetic);
    }

    /** The same training with noise on weights. */
    public Train with(WeightNoise other) {
        return new Train(
                phase, training, from, to, epoch, state, orderSeed, dropoutSeed, other, arithmetic);
    }

    /** The same training with the optimiser's state kept or anew. */
    public Train with(Recipe.OptimizerState other) {
        return new Train(
                phase, training, from, to, epoch, other, orderSeed, dropoutSeed, noise, arithmetic);
    }

    /**
     * Whether this goes on where the other stopped: the same phase and state, so that both together
     * are one longer training.
     */
    public boolean continues(Train before) {
        return state == Recipe.OptimizerState.KEPT
                && from.equals(before.to)
                && !from.equals(Step.ZERO)
                && settings().equals(before.settings())
                && epoch.equals(before.epoch);
    }

    /** Epochs trained, a part of one too. */
    public double epochs() {
        return (double) (to.iterations(epoch) - from.iterations(epoch)) / epoch.iterations();
    }

    /** Everything that determines bits but the steps and the state. */
    private String settings() {
        return training.canonicalText()
                + " order-seed="
                + orderSeed
                + dropoutSeed.in(" dropout-seed=")
                + (noise == null ? "" : noise.trainingText())
                + " numerics="
                + arithmetic.numerics();
    }

    @Override
    public String canonicalText() {
        String text = "train " + settings() + " state=" + Text.word(state);
        if (!from.equals(Step.ZERO)) {
            text += " from=" + from;
        }
        return Science.TRAIN.in(text + " to=" + to);
    }

    @Override
    public String verb() {
        return phase.equals(DENSE) ? "train" : phase;
    }
}
