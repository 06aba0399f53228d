// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The training loop leaves nothing to the garbage collector. */
class AllocationTest {
    private static final int STEPS = 50;

    /** A step's result is a record of 32 bytes; anything that grows with the batch is far above. */
    private static final long MOST_BYTES_OF_A_STEP = 64;

    /** For the compiler, which works beside the steps. */
    private static final long MOST_NANOSECONDS = 15_000_000_000L;

    @ParameterizedTest(name = "density {0}")
    @ValueSource(doubles = {1, 0.5, 0.1})
    void stepsAllocateNothingOnceCompiled(double density) {
        requireNothingAllocated(Networks.mlp(40, 30, 20, 5), Shape.flat(40), density, 32);
    }

    @ParameterizedTest(name = "{0}, density {1}")
    @CsvSource({"lenet-5, 1", "lenet-5, 0.1", "resnet-20, 1", "resnet-20, 0.1"})
    void stepsOfConvolutionsAllocateNothingOnceCompiled(String name, double density) {
        Shape image = name.equals("lenet-5") ? new Shape(1, 20, 20) : new Shape(2, 8, 8);
        Architecture architecture =
                Architectures.create(name, image, 5, Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        requireNothingAllocated(architecture, image, density, 16);
    }

    private static void requireNothingAllocated(
            Architecture architecture, Shape shape, double density, int batch) {
        assumeThat(VectorEngine.available()).as("--add-modules jdk.incubator.vector").isTrue();
        Samples samples = Networks.images(1, shape, 5, 200);
        int[] rows = Networks.rows(200);
        RandomStream dropout = new RandomStream(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Network network = new VectorEngine().compile(architecture, batch)) {
            network.load(Networks.initial(2, architecture));
            network.mask(Networks.masks(3, architecture, density));
            network.train(VectorNetworkTest.ADAM, WeightDecay.NONE);

            long least = Long.MAX_VALUE;
            long start = System.nanoTime();
            while (least > MOST_BYTES_OF_A_STEP && System.nanoTime() - start < MOST_NANOSECONDS) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < STEPS; step++) {
                    int count = step % 2 == 0 ? batch : 7;
                    network.step(samples, rows, step % 160, count, 1e-3, dropout);
                }
                long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
                least = Math.min(least, bytes);
            }

            assertThat(least).as("bytes of a step").isLessThanOrEqualTo(MOST_BYTES_OF_A_STEP);
        }
    }
}
