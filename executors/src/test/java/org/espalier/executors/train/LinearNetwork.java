// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/**
 * Gives each sample's features as its outputs, and writes down what it is asked for. A step's loss
 * is 1 for each sample, unless it is told otherwise.
 */
final class LinearNetwork implements Network {
    final List<List<Integer>> steps = new ArrayList<>();
    final List<Double> rates = new ArrayList<>();
    final List<Integer> passes = new ArrayList<>();
    final List<Float> firstDropouts = new ArrayList<>();
    double lossOfSample = 1;
    private final Architecture architecture;

    LinearNetwork(Samples samples, Loss loss) {
        int outputs = samples.features().shape().size();
        architecture =
                new Architecture(
                        "linear",
                        samples.features().shape(),
                        List.of(
                                new Architecture.Node(
                                        "fc1",
                                        new Layer.Dense(outputs),
                                        List.of(Architecture.INPUT))),
                        loss);
    }

    /** Floats as features of that many values each. */
    static Features features(int size, float... values) {
        return new Features.Floats(org.espalier.experiments.network.Shape.flat(size), values);
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    /** One number: how many steps there were. */
    @Override
    public List<Tensor> parameters() {
        return List.of(new Tensor("steps", new int[] {1}, new float[] {steps.size()}));
    }

    @Override
    public BatchResult step(
            Samples samples,
            int[] rows,
            int from,
            int count,
            double learningRate,
            RandomStream dropout) {
        steps.add(Arrays.stream(rows, from, from + count).boxed().toList());
        rates.add(learningRate);
        firstDropouts.add(dropout.nextFloat());
        return new BatchResult(lossOfSample * count, count - 1);
    }

    @Override
    public void outputs(Samples samples, int[] rows, int from, int count, float[] into) {
        passes.add(count);
        int size = samples.features().shape().size();
        for (int n = 0; n < count; n++) {
            samples.features().copy(rows[from + n], into, n * size);
        }
    }

    @Override
    public void load(List<Tensor> parameters) {
        throw new AssertionError();
    }

    @Override
    public void mask(Map<String, Mask> masks) {
        throw new AssertionError();
    }

    @Override
    public void train(Optimizer optimizer, WeightDecay decay) {
        throw new AssertionError();
    }

    @Override
    public List<Tensor> optimizerState() {
        throw new AssertionError();
    }

    @Override
    public void loadOptimizerState(List<Tensor> state) {
        throw new AssertionError();
    }

    @Override
    public List<Tensor> gradient(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        throw new AssertionError();
    }

    @Override
    public List<Sensitivity> sensitivity(
            Samples samples, int[] rows, int from, int count, Evidence.Output of) {
        throw new AssertionError();
    }

    @Override
    public List<Tensor> fisherDiagonal(Samples samples, int[] rows, int from, int count) {
        throw new AssertionError();
    }

    @Override
    public List<Tensor> hessianProduct(
            Samples samples, int[] rows, int from, int count, List<Tensor> direction) {
        throw new AssertionError();
    }

    @Override
    public void close() {}
}
