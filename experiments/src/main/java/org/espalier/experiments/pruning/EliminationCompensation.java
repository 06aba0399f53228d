// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.network.Tensor;
import org.espalier.results.text.Text;

/**
 * Keeps the weights whose removal changes the outputs most even after the bias beside them has been
 * moved as well as it can be. The importance of weight W_ij is the smallest mean squared change of
 * the outputs y_k, to first order, over all shifts db of bias b_i; the shift is where it is taken:
 *
 * <pre>
 *   I_ij  = min_db E_x sum_k (dy_k/dW_ij W_ij - dy_k/db_i db)^2
 *         = W_ij^2 (S2_ij - S1_ij^2 / S0_i)
 *   db_ij = W_ij S1_ij / S0_i
 * </pre>
 *
 * with the second moments S0, S1, S2 of {@link Sensitivity}. For a dense layer that is weight
 * squared, times the outputs' sensitivity to the unit, times the variance of the input that is
 * weighted by it. A unit that no output reacts to, {@code S0 = 0}, has I = 0 and db = 0; an I below
 * 0 by rounding counts as 0.
 *
 * <p>A layer without bias has nothing to shift, so that the change is the whole one, {@code I_ij =
 * W_ij^2 S2_ij} and {@code db_ij = 0}: that of the formula above would count the gain of a shift
 * that is never made. The paper treats no such layers; this is ours. Nor is the shift laid on the
 * batch normalisation behind the layer: in training it takes the mean out of what comes in, so that
 * going on with training would make up for the weight a second time.
 *
 * <p>Source: Ballini et al. 2026, arXiv:2602.20467. There the scalar form prints the denominator as
 * {@code E[dy/db]^2}; the minimum is at {@code E[(dy/db)^2]}, as their vector form has it and as is
 * computed here. The paper does not say whether y is before or after the softmax, nor how many
 * samples make the mean.
 *
 * @param compensation whether the biases are moved; the ranking is the same without
 * @param samples training samples of the mean, at least 1
 * @param output which outputs y are
 * @param biases whether the network at hand has layers without bias
 */
record EliminationCompensation(
        Compensation compensation, int samples, Evidence.Output output, Biases biases)
        implements PruningMethod {
    static final String COMPENSATION = "compensation";
    static final String OUTPUT = "output";

    /** Whether pruned weights move the bias beside them. */
    enum Compensation {
        ON,
        OFF
    }

    /**
     * Which layers have a bias. Those without were scored with the gain of a shift once: networks
     * that have some are told apart in the method's text.
     */
    enum Biases {
        ALL,
        SOME_MISSING
    }

    EliminationCompensation {
        Settings.requireSamples(samples);
    }

    @Override
    public String id() {
        return "elimination-compensation";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(
                Map.of(
                        COMPENSATION,
                        compensation.name().toLowerCase(Locale.ROOT),
                        Settings.SAMPLES,
                        Integer.toString(samples),
                        OUTPUT,
                        output.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public List<Need> needs() {
        return List.of(new Need.Sensitivity(samples, output));
    }

    @Override
    public Optional<String> remark(LayerKind kind) {
        return kind == LayerKind.CONVOLUTION_WITHOUT_BIAS
                ? Optional.of("there is no bias to shift, so the score is W^2 S2")
                : Optional.empty();
    }

    @Override
    public PruningMethod on(String structure) {
        return LayerKind.anyIn(structure, LayerKind.CONVOLUTION_WITHOUT_BIAS)
                ? new EliminationCompensation(compensation, samples, output, Biases.SOME_MISSING)
                : this;
    }

    @Override
    public String besideSettings() {
        return biases == Biases.SOME_MISSING ? "[without-bias=unshifted]" : "";
    }

    @Override
    public Set<Draw> draws() {
        return Set.of(Draw.SAMPLES);
    }

    @Override
    public Ranking rank(Evidence evidence) {
        List<Tensor> weights = evidence.weights();
        List<Sensitivity> sensitivities = evidence.sensitivity(samples, output);
        Elementwise.requireCount("sensitivities", weights, sensitivities.size());
        List<float[]> scores = new ArrayList<>();
        List<float[]> shifts = new ArrayList<>();
        for (int t = 0; t < weights.size(); t++) {
            Sensitivity sensitivity = sensitivities.get(t);
            float[] w = weights.get(t).values();
            if (sensitivity.s1().length != w.length) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%s has %d weights but a sensitivity of %d",
                                weights.get(t).name(), w.length, sensitivity.s1().length));
            }
            boolean biased = evidence.hasBias(sensitivity.layer());
            float[] importance = new float[w.length];
            float[] shift = new float[w.length];
            for (int i = 0; i < w.length; i++) {
                double s0 = sensitivity.s0()[i / sensitivity.inputs()];
                double s1 = sensitivity.s1()[i];
                double mean = s0 == 0 || !biased ? 0 : s1 / s0;
                double spread = s0 == 0 ? 0 : Math.max(0, sensitivity.s2()[i] - s1 * mean);
                importance[i] = (float) (spread * w[i] * w[i]);
                shift[i] = (float) (w[i] * mean);
            }
            scores.add(importance);
            shifts.add(shift);
        }
        return compensation == Compensation.ON ? new Ranking(scores, shifts) : Ranking.of(scores);
    }
}
