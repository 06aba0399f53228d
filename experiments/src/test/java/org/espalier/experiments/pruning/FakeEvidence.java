// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;

/** Evidence with given values, which remembers what it was asked for. */
final class FakeEvidence implements Evidence {
    private final List<Tensor> weights;
    private final List<Tensor> gradient;
    private final List<Sensitivity> sensitivity;
    private final RandomStream random;
    int askedSamples = -1;
    Output askedOutput;
    final List<Need> asked = new ArrayList<>();
    boolean drew;
    boolean biased = true;

    FakeEvidence(
            List<Tensor> weights,
            List<Tensor> gradient,
            List<Sensitivity> sensitivity,
            RandomStream random) {
        this.weights = weights;
        this.gradient = gradient;
        this.sensitivity = sensitivity;
        this.random = random;
    }

    /** One tensor w of one output, with its gradient. */
    static FakeEvidence of(float[] w, float[] g) {
        return new FakeEvidence(
                List.of(new Tensor("fc1.weight", new int[] {1, w.length}, w)),
                List.of(new Tensor("fc1.weight", new int[] {1, g.length}, g)),
                List.of(),
                new RandomStream(1));
    }

    @Override
    public List<Tensor> weights() {
        return weights;
    }

    @Override
    public List<Tensor> gradient(int samples, int batches) {
        askedSamples = samples;
        asked.add(new Need.Gradient(samples, batches));
        return gradient;
    }

    @Override
    public List<Sensitivity> sensitivity(int samples, Output of) {
        askedSamples = samples;
        askedOutput = of;
        asked.add(new Need.Sensitivity(samples, of));
        return sensitivity;
    }

    @Override
    public boolean hasBias(String layer) {
        return biased;
    }

    @Override
    public List<Tensor> fisherDiagonal(int samples) {
        asked.add(new Need.Fisher(samples));
        return gradient;
    }

    @Override
    public List<Tensor> hessianProduct(int samples, List<Tensor> direction) {
        asked.add(new Need.HessianVector(samples, 1));
        return gradient;
    }

    @Override
    public RandomStream random() {
        drew = true;
        return random;
    }
}
