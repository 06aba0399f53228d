// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The training loop leaves nothing to the garbage collector. */
class AllocationTest {
    private static final int STEPS = 200;

    /** A step's result is a record of 32 bytes; anything that grows with the batch is far above. */
    private static final long MOST_BYTES_OF_A_STEP = 64;

    private static final int MOST_ROUNDS = 100;

    @ParameterizedTest(name = "density {0}")
    @ValueSource(doubles = {1, 0.5, 0.1})
    void stepsAllocateNothingOnceCompiled(double density) {
        assumeThat(VectorEngine.available()).as("--add-modules jdk.incubator.vector").isTrue();
        Architecture mlp = Networks.mlp(40, 30, 20, 5);
        Samples samples = Networks.images(1, Shape.flat(40), 5, 200);
        int[] rows = Networks.rows(200);
        RandomStream dropout = new RandomStream(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Network network = new VectorEngine().compile(mlp, 32)) {
            network.load(Networks.initial(2, mlp));
            network.mask(Networks.masks(3, mlp, density));
            network.train(VectorNetworkTest.ADAM, WeightDecay.NONE);

            long least = Long.MAX_VALUE;
            for (int round = 0; round < MOST_ROUNDS && least > MOST_BYTES_OF_A_STEP; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < STEPS; step++) {
                    network.step(samples, rows, step % 160, step % 2 == 0 ? 32 : 7, 1e-3, dropout);
                }
                long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
                least = Math.min(least, bytes);
            }

            assertThat(least).as("bytes of a step").isLessThanOrEqualTo(MOST_BYTES_OF_A_STEP);
        }
    }
}
