// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Test;

class VectorNetworkTest {
    static final Optimizer ADAM =
            new Optimizer.Adam(
                    new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8"));

    @Test
    void learns() {
        Architecture mlp = Networks.mlp(20, 40, 5);
        Samples samples = Networks.images(1, Shape.flat(20), 5, 500);
        Network network = new VectorEngine().compile(mlp, 32);
        network.load(Networks.initial(2, mlp));
        network.train(ADAM, WeightDecay.NONE);

        double before = Networks.train(network, samples, 32, 1, 1e-3, 3);
        double after = Networks.train(network, samples, 32, 60, 1e-3, 4);

        assertThat(before).isGreaterThan(1.2);
        assertThat(after).isLessThan(0.5);
    }

    @Test
    void compressedAndMaskedFormsAgree() {
        Architecture mlp = Networks.mlp(50, 60, 30, 5);
        Samples samples = Networks.images(1, Shape.flat(50), 5, 100);
        Map<String, Mask> masks = Networks.masks(5, mlp, 0.2);
        Network compressed = new VectorEngine().compile(mlp, 32);
        Network dense = new VectorEngine().compile(mlp, 32);
        for (Network network : List.of(compressed, dense)) {
            network.load(Networks.initial(2, mlp));
        }
        compressed.mask(masks);
        List<Tensor> pruned = compressed.parameters();
        dense.load(pruned);
        int[] rows = Networks.rows(25);

        List<Tensor> a = compressed.gradient(samples, rows, 0, 25, null);
        List<Tensor> b = dense.gradient(samples, rows, 0, 25, null);

        for (int t = 0; t < a.size(); t++) {
            double distance = 0;
            double norm = 0;
            for (int i = 0; i < a.get(t).size(); i++) {
                distance += Math.pow(a.get(t).values()[i] - b.get(t).values()[i], 2);
                norm += Math.pow(b.get(t).values()[i], 2);
            }
            assertThat(Math.sqrt(distance / norm)).as(a.get(t).name()).isLessThan(1e-5);
        }
    }
}
