// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.math.BigDecimal;
import org.espalier.executors.data.Samples;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/** Small trainings whose bits an engine's golden test records. Never edited, only added to. */
public final class GoldenTrunks {
    private static final int BATCH = 32;
    private static final int SAMPLES = 80;

    private GoldenTrunks() {}

    private static Layer.Convolution convolution(int outputs) {
        return new Layer.Convolution(outputs, 5, 1, 0, true);
    }

    /** 784-60-30-10 with Adam, nine steps of which every third is short. */
    public static float[] mlp(Engine engine) {
        Architecture architecture =
                new ContractCases.Net("golden-mlp", new Shape(1, 28, 28))
                        .then("fc1", new Layer.Dense(60))
                        .relu("relu1")
                        .then("fc2", new Layer.Dense(30))
                        .relu("relu2")
                        .then("fc3", new Layer.Dense(10))
                        .classifier();
        Optimizer adam =
                new Optimizer.Adam(
                        new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8"));
        return train(engine, architecture, adam, 0.001);
    }

    /** LeNet-5 with Nesterov momentum, nine steps of which every third is short. */
    public static float[] lenet5(Engine engine) {
        Architecture architecture =
                new ContractCases.Net("golden-lenet-5", new Shape(1, 28, 28))
                        .then("conv1", convolution(6))
                        .relu("relu1")
                        .then("pool1", new Layer.MaxPool(2, 2))
                        .then("conv2", convolution(16))
                        .relu("relu2")
                        .then("pool2", new Layer.MaxPool(2, 2))
                        .then("fc1", new Layer.Dense(120))
                        .relu("relu3")
                        .then("fc2", new Layer.Dense(84))
                        .relu("relu4")
                        .then("fc3", new Layer.Dense(10))
                        .classifier();
        return train(engine, architecture, new Optimizer.Nesterov(new BigDecimal("0.9")), 0.01);
    }

    /** All parameters after the training, one after another. */
    private static float[] train(
            Engine engine, Architecture architecture, Optimizer optimizer, double rate) {
        Samples samples = ContractCases.samples(architecture, SAMPLES, 2);
        WeightDecay decay = new WeightDecay(new BigDecimal("0.001"), WeightDecay.Kind.COUPLED);
        try (Network network = engine.compile(architecture, BATCH)) {
            network.load(ContractCases.parameters(architecture, 1));
            network.train(optimizer, decay);
            for (int epoch = 0; epoch < 3; epoch++) {
                int[] rows = new RandomStream(epoch).permutation(SAMPLES);
                for (int from = 0; from < SAMPLES; from += BATCH) {
                    int count = Math.min(BATCH, SAMPLES - from);
                    network.step(samples, rows, from, count, rate, new RandomStream(from));
                }
            }
            int size = network.parameters().stream().mapToInt(Tensor::size).sum();
            float[] all = new float[size];
            int at = 0;
            for (Tensor tensor : network.parameters()) {
                System.arraycopy(tensor.values(), 0, all, at, tensor.size());
                at += tensor.size();
            }
            return all;
        }
    }
}
