// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;

/**
 * Noise on chosen weights:
 *
 * <pre>
 *   zero    w = 0
 *   gauss   w += N(0, draws s^2),   s the standard deviation (n - 1) of the tensor's other weights
 * </pre>
 *
 * s is 0 where there are fewer than two others. Deviations are taken anew whenever noise is laid.
 *
 * @param chosen that get noise, by name of the tensor
 * @param others that noise is measured by, by name of the tensor; the same names
 */
public record WeightsUnderNoise(
        NoiseKind kind, Map<String, Mask> chosen, Map<String, Mask> others) {
    public WeightsUnderNoise {
        chosen = Map.copyOf(chosen);
        others = Map.copyOf(others);
    }

    /**
     * Tensors with noise.
     *
     * @param parameters all of the network
     * @param deviation mean over the tensors of s; empty where the noise is not Gaussian
     */
    public record Laid(List<Tensor> parameters, OptionalDouble deviation) {}

    /**
     * Lays noise once; the tensors that are given stay as they are.
     *
     * @param draws how many draws are added up
     */
    public Laid onto(List<Tensor> parameters, int draws, RandomStream random) {
        List<Tensor> laid = new ArrayList<>();
        double sum = 0;
        int count = 0;
        for (Tensor tensor : parameters) {
            Mask mask = chosen.get(tensor.name());
            if (mask == null) {
                laid.add(tensor);
                continue;
            }
            Tensor copy = tensor.copy();
            float[] values = copy.values();
            if (kind == NoiseKind.ZERO) {
                for (int i = mask.nextKept(0); i >= 0; i = mask.nextKept(i + 1)) {
                    values[i] = 0;
                }
            } else {
                double deviation = deviation(values, others.get(tensor.name()));
                double scale = deviation * Math.sqrt(draws);
                for (int i = mask.nextKept(0); i >= 0; i = mask.nextKept(i + 1)) {
                    values[i] = (float) (values[i] + scale * random.nextGaussian());
                }
                sum += deviation;
                count++;
            }
            laid.add(copy);
        }
        return new Laid(
                laid,
                kind == NoiseKind.ZERO || count == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(sum / count));
    }

    private static double deviation(float[] values, Mask of) {
        int n = of.cardinality();
        if (n < 2) {
            return 0;
        }
        double sum = 0;
        for (int i = of.nextKept(0); i >= 0; i = of.nextKept(i + 1)) {
            sum += values[i];
        }
        double squares = 0;
        for (int i = of.nextKept(0); i >= 0; i = of.nextKept(i + 1)) {
            double off = values[i] - sum / n;
            squares += off * off;
        }
        return Math.sqrt(squares / (n - 1));
    }
}
