// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Network;
import org.espalier.executors.engine.Tensors;
import org.espalier.executors.engine.dl4j.Dl4jEngine;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same trunk pruned on either engine: masks differ only where a score lies within 1e-4 of the
 * threshold.
 */
class EnginesAgreeTest {
    private static final double NEAR = 1e-4;
    private static final Architecture MLP = Networks.mlp(60, 40, 20, 5);
    private static final Samples SAMPLES = Networks.images(1, Shape.flat(60), 5, 256);

    private static List<Tensor> trunk() {
        try (Network network = new VectorEngine().compile(MLP, 32)) {
            network.load(Networks.initial(2, MLP));
            network.train(VectorNetworkTest.ADAM, WeightDecay.NONE);
            Networks.train(network, SAMPLES, 32, 3, 1e-3, 3);
            return network.parameters();
        }
    }

    /** |w dL/dw| of all weights on one batch, layer by layer. */
    private static float[] scores(Engine engine, List<Tensor> trunk) {
        try (Network network = engine.compile(MLP, 64)) {
            network.load(trunk);
            List<Tensor> gradient = network.gradient(SAMPLES, Networks.rows(128), 0, 128, null);
            int size = MLP.weights().stream().mapToInt(Parameter::size).sum();
            float[] scores = new float[size];
            int at = 0;
            for (Parameter weight : MLP.weights()) {
                float[] w = Tensors.named(trunk, weight.name()).values();
                float[] g = Tensors.named(gradient, weight.name()).values();
                for (int i = 0; i < w.length; i++) {
                    scores[at++] = Math.abs(w[i] * g[i]);
                }
            }
            return scores;
        }
    }

    @ParameterizedTest(name = "density {0}")
    @ValueSource(doubles = {0.5, 0.1, 0.02})
    void masksDifferOnlyAtTheThreshold(double density) {
        List<Tensor> trunk = trunk();
        float[] ours = scores(new VectorEngine(), trunk);
        float[] theirs = scores(new Dl4jEngine(), trunk);
        int keep = (int) Math.round(density * ours.length);

        Mask a = Mask.dense(ours.length).narrowTo(keep, ours);
        Mask b = Mask.dense(theirs.length).narrowTo(keep, theirs);

        double threshold =
                IntStream.range(0, ours.length)
                        .filter(a::keeps)
                        .mapToDouble(i -> ours[i])
                        .min()
                        .orElseThrow();
        assertThat(threshold).isPositive();
        for (int i = 0; i < ours.length; i++) {
            if (a.keeps(i) != b.keeps(i)) {
                assertThat(Math.abs(ours[i] - threshold) / threshold)
                        .as("weight %d, score %s, threshold %s", i, ours[i], threshold)
                        .isLessThan(NEAR);
            }
        }
    }
}
