// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.espalier.experiments.random.RandomStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hot kernels on the sizes of the first layer of a 784-300-100-10 network, batch 64. {@code
 * dense} is 30 million operations: 0.3 ms at 100 GFLOP/s.
 *
 * <pre>
 *   ./mvnw -Pjmh -pl executors -am test-compile dependency:build-classpath -Dmdep.outputFile=target/jmh
 *   java -cp "executors/target/test-classes:executors/target/classes:$(cat executors/target/jmh)" \
 *       org.openjdk.jmh.Main Kernels
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class KernelsBenchmark {
    private static final int INPUTS = 784;
    private static final int OUTPUTS = 300;
    private static final int BATCH = 64;

    /** Fraction of the weights that the compressed kernels have left. */
    @Param({"0.1", "0.02"})
    public double kept;

    private Kernels kernels;
    private final float[] x = Memory.floats(INPUTS * BATCH);
    private final float[] z = Memory.floats(OUTPUTS * BATCH);
    private final float[] w = Memory.floats(INPUTS * OUTPUTS);
    private final float[] g = Memory.floats(INPUTS * OUTPUTS);
    private final float[] m = Memory.floats(INPUTS * OUTPUTS);
    private final float[] v = Memory.floats(INPUTS * OUTPUTS);
    private final float[] square = new float[256];
    private final byte[] bytes = new byte[INPUTS * BATCH];
    private final Rows rowsOfX = Rows.of(x, BATCH);
    private final Rows rowsOfZ = Rows.of(z, BATCH);
    private final Rows matrix = Rows.ofFloats(w);
    private final Kernels.Adam adam = new Kernels.Adam(0.9f, 0.1f, 0.999f, 0.001f, 1e-8f);
    private final Product all =
            new Product(OUTPUTS, 1, INPUTS, Memory.steps(INPUTS, 1), Memory.steps(INPUTS, 1));
    private SparseProduct some;
    private float[] sums;

    /** Random values. */
    @Setup
    public void fill() throws ReflectiveOperationException {
        kernels =
                (Kernels)
                        Class.forName(
                                        "org.espalier.executors.engine.vector.kernels.simd.SimdKernels")
                                .getDeclaredConstructor()
                                .newInstance();
        RandomStream random = new RandomStream(1);
        for (float[] array : new float[][] {x, z, w, g}) {
            for (int i = 0; i < array.length; i++) {
                array[i] = random.nextFloat() - 0.5f;
            }
        }
        int row = (int) (kept * INPUTS) / 4 * 4; // gradients are computed by fours
        int[] places = new int[OUTPUTS * row];
        int[] segments = new int[2 * OUTPUTS];
        Arrays.setAll(segments, k -> (k + 1) / 2 * row); // where each row begins and ends
        Arrays.setAll(places, k -> random.nextInt(INPUTS));
        some = new SparseProduct(OUTPUTS, 1, places, places, segments, 2, 0, 1, 0);
        sums = new float[Memory.padded(row) * 4];
    }

    /** 15 million multiply-adds. */
    @Benchmark
    public float[] dense() {
        kernels.multiply(all, Start.NONE, rowsOfZ, 0, matrix, 0, rowsOfX, 0, 1);
        return z;
    }

    /** The forward product with the weights that are left. */
    @Benchmark
    public float[] sparse() {
        kernels.multiplySparse(some, Start.NONE, rowsOfZ, 0, matrix, rowsOfX, 0, 1);
        return z;
    }

    /** Their gradients. */
    @Benchmark
    public float[] sparseGradient() {
        for (int r = 0; r < OUTPUTS; r++) {
            int from = some.from(r);
            int to = some.to(r);
            kernels.quarterProducts(some, sums, -4 * from, from, to, rowsOfZ, r, rowsOfX, 0);
            kernels.foldQuarters(sums, 0, Memory.padded(to - from), g, Memory.ORIGIN);
        }
        return g;
    }

    /** Adam on all 235,200 weights. */
    @Benchmark
    public float[] adam() {
        kernels.adam(w, g, m, v, Memory.ORIGIN, INPUTS * OUTPUTS, adam, 1e-3f, 1f);
        return w;
    }

    /** Bytes of 64 samples to floats, sample by sample. */
    @Benchmark
    public float[] decode() {
        kernels.decode(bytes, 0, x, Memory.ORIGIN, bytes.length);
        return x;
    }

    /** 64 samples of 784 features to features by samples. */
    @Benchmark
    public float[] transpose() {
        kernels.transpose(x, Memory.ORIGIN, INPUTS, BATCH, m, Memory.ORIGIN, BATCH, INPUTS, square);
        return m;
    }
}
