// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Recipe;

/**
 * Undecayed pruning: gradient pruning with the pull of weight decay taken out.
 *
 * <pre>  s = |-w g + epsilon w^2|,   g = dL/dw of the data loss alone  </pre>
 *
 * Where training has come to rest under coupled decay, {@code g = -epsilon w}, so s is near {@code
 * 2 epsilon w^2}: the ranking of magnitude, with the data deciding between equals. At epsilon 0 it
 * is {@link Gradient}; as epsilon grows it becomes {@link Magnitude}. Under decoupled decay g does
 * not balance epsilon w, and the reasoning does not hold.
 *
 * <p>Source: Good et al. 2022, "Recall Distortion in Neural Network Pruning and the Undecayed
 * Pruning Algorithm", arXiv:2206.02976; epsilon is their weight decay. Of the two forms in the
 * authors' code, signed and absolute, this is the absolute one.
 *
 * @param weightDecay epsilon, not negative; {@code null} until {@link #resolve} takes it from the
 *     recipe's dense training
 * @param samples size of a mini-batch behind g, at least 1
 * @param batches mini-batches that g is averaged over, at least 1; theirs is 1
 */
record Undecayed(BigDecimal weightDecay, int samples, int batches) implements PruningMethod {
    static final String WEIGHT_DECAY = "weight-decay";

    Undecayed {
        if (weightDecay != null) {
            if (weightDecay.signum() < 0) {
                throw new IllegalArgumentException(
                        "weight-decay must not be negative, got " + weightDecay);
            }
            weightDecay = Decimal.canonical(weightDecay);
        }
        Settings.requireSamples(samples);
        Settings.requireBatches(batches);
    }

    @Override
    public String id() {
        return "undecayed";
    }

    @Override
    public SortedMap<String, String> settings() {
        return Settings.withBatches(
                Map.of(
                        WEIGHT_DECAY,
                        weightDecay == null ? "recipe" : Decimal.text(weightDecay),
                        Settings.SAMPLES,
                        Integer.toString(samples)),
                batches);
    }

    @Override
    public PruningMethod resolve(Recipe recipe) {
        return weightDecay == null
                ? new Undecayed(recipe.dense().weightDecay().coefficient(), samples, batches)
                : this;
    }

    @Override
    public List<String> notes() {
        return weightDecay != null && weightDecay.signum() == 0
                ? List.of("equals gradient: the weight decay of undecayed is 0")
                : List.of();
    }

    @Override
    public List<Need> needs() {
        return List.of(new Need.Gradient(samples, batches));
    }

    @Override
    public Set<Draw> draws() {
        return Set.of(Draw.SAMPLES, Draw.DROPOUT);
    }

    @Override
    public Ranking rank(Evidence evidence) {
        if (weightDecay == null) {
            throw new IllegalStateException(
                    "undecayed has no weight decay yet: resolve it against a recipe first");
        }
        double epsilon = weightDecay.doubleValue();
        List<Tensor> gradient = evidence.gradient(samples, batches);
        return Ranking.of(
                Elementwise.scores(
                        evidence.weights(), gradient, (w, g) -> Math.abs(epsilon * w * w - w * g)));
    }
}
