// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.executors.engine.vector.VectorEngine;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector kernel against its scalar twin, bit for bit, on random sizes and offsets. */
class KernelsTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static Kernels simd;

    @BeforeAll
    static void needsVectors() throws ReflectiveOperationException {
        assumeThat(VectorEngine.available()).as("--add-modules jdk.incubator.vector").isTrue();
        simd =
                (Kernels)
                        Class.forName(
                                        "org.espalier.executors.engine.vector.kernels.simd.SimdKernels")
                                .getDeclaredConstructor()
                                .newInstance();
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 20);
    }

    /** What a kernel does to the first array; the others are read. */
    private interface Call {
        void on(Kernels kernels, float[] written, float[] also);
    }

    private static void same(float[] start, float[] alsoStart, Call call) {
        float[] expected = start.clone();
        float[] expectedAlso = alsoStart.clone();
        call.on(SCALAR, expected, expectedAlso);
        float[] actual = start.clone();
        float[] actualAlso = alsoStart.clone();
        call.on(simd, actual, actualAlso);

        assertThat(bits(actual)).isEqualTo(bits(expected));
        assertThat(bits(actualAlso)).isEqualTo(bits(expectedAlso));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static float[] normal(RandomStream random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static int[] picks(RandomStream random, int n, int bound) {
        return IntStream.range(0, n).map(i -> random.nextInt(bound)).toArray();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void multiplies(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 1 + random.nextInt(11);
        int columns = 16 * (1 + random.nextInt(9));
        int steps = 1 + random.nextInt(250);
        int wRow = steps + random.nextInt(5);
        float[] w = normal(random, 3 + rows * wRow, 1);
        float[] x = normal(random, 5 + 300 * columns, 1);
        int[] wStep = picks(random, steps, steps);
        float[] start = seed % 2 == 0 ? normal(random, 2 + 3 * rows, 1) : null;
        int[] xStep = picks(random, steps, 300);

        same(
                normal(random, 7 + rows * (columns + 16), 1),
                w,
                (k, out, also) ->
                        k.multiply(
                                out,
                                7,
                                columns + 16,
                                rows,
                                columns,
                                also,
                                3,
                                wRow,
                                wStep,
                                x,
                                5,
                                columns,
                                xStep,
                                steps,
                                start,
                                2,
                                3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void multipliesCompressed(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 1 + random.nextInt(11);
        int columns = 16 * (1 + random.nextInt(20));
        int[] segments = new int[3 * rows];
        int end = 0;
        for (int i = 0; i < segments.length; i++) {
            segments[i] = end;
            end += random.nextInt(20);
        }
        float[] values = normal(random, 2 + end + 1, 1);
        int[] order = picks(random, end + 1, end + 1);
        float[] x = normal(random, 5 + 100 * columns, 1);
        int[] xStep = picks(random, end + 1, 100);
        float[] start = seed % 2 == 0 ? normal(random, 2 + 3 * rows, 1) : null;

        same(
                normal(random, 7 + rows * columns, 1),
                values,
                (k, out, also) ->
                        k.multiplySparse(
                                out, 7, columns, rows, columns, also, 2, order, segments, 3, 0, 2,
                                x, 5, columns, xStep, start, 2, 3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsProductsInLanesAndFolds(int seed) {
        RandomStream random = new RandomStream(seed);
        int columns = 16 * (1 + random.nextInt(20));
        int to = 3 + random.nextInt(30);
        float[] d = normal(random, 1 + columns, 1);
        float[] x = normal(random, 4 + 50 * columns, 1);
        int[] xStep = picks(random, to, 50);

        same(
                normal(random, 9 + 48 * 16, 1),
                new float[48],
                (k, acc, out) -> {
                    k.laneProducts(acc, 9, 3, 3, to, d, 1, columns, x, 4, columns, xStep);
                    float[] folded = acc.clone();
                    k.fold(folded, 9, 48, out, 0);
                });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsProductsAndFoldsThem(int seed) {
        RandomStream random = new RandomStream(seed);
        int columns = seed <= 5 ? 64 : 16 * (1 + random.nextInt(20));
        int base = 16 * random.nextInt(3);
        int from = base + 4 * random.nextInt(3);
        int to = from + 4 * random.nextInt(9);
        float[] d = normal(random, 1 + columns, 1);
        float[] x = normal(random, 4 + 50 * columns, 1);
        int[] xStep = picks(random, to, 50);

        same(
                normal(random, 9 + 48 * 4, 1),
                new float[48],
                (k, q, out) -> {
                    k.quarterProducts(q, 9, base, from, to, d, 1, columns, x, 4, columns, xStep);
                    float[] folded = q.clone();
                    k.foldQuarters(folded, 9, 48, out, 0);
                });
    }

    /** The two ways to a sum: all lanes first, or four of them at once. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void foldsToTheSameSumsEitherWay(int seed) {
        RandomStream random = new RandomStream(seed);
        int columns = 16 * (1 + random.nextInt(20));
        float[] d = normal(random, columns, 1);
        float[] x = normal(random, 32 * columns, 1);
        int[] xStep = picks(random, 32, 32);
        float[] lanes = new float[32 * 16];
        simd.laneProducts(lanes, 0, 0, 0, 32, d, 0, columns, x, 0, columns, xStep);
        float[] sums = new float[32];
        simd.fold(lanes, 0, 32, sums, 0);

        float[] quarters = new float[32 * 4];
        simd.quarterProducts(quarters, 0, 0, 0, 32, d, 0, columns, x, 0, columns, xStep);
        float[] placed = new float[32];
        simd.foldQuarters(quarters, 0, 32, placed, 0);
        for (int n = 0; n < 32; n++) {
            assertThat(placed[n / 16 * 16 + n % 4 * 4 + n % 16 / 4]).isEqualTo(sums[n]);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsRows(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 1 + random.nextInt(40);
        int n = 16 * (1 + random.nextInt(100));
        float[] x = normal(random, 5 + rows * (n + 16), 1);
        float[] expected = new float[rows];
        SCALAR.sums(expected, 0, rows, x, 5, n + 16, n, new float[16]);
        float[] actual = new float[3 + 48];
        simd.sums(actual, 3, rows, x, 5, n + 16, n, new float[48 * 16]);

        assertThat(bits(Arrays.copyOfRange(actual, 3, 3 + rows))).isEqualTo(bits(expected));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsOuterProductsInLanes(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 1 + random.nextInt(9);
        int inputs = 1 + random.nextInt(9);
        int columns = 16 * (1 + random.nextInt(150));
        float[] d = normal(random, 1 + rows * columns, 1);
        float[] x = normal(random, 4 + 12 * columns, 1);
        int[] accStep = random.permutation(inputs);
        int[] xStep = picks(random, inputs, 12);

        same(
                normal(random, rows * inputs * 16, 1),
                d,
                (k, acc, also) ->
                        k.laneOuter(
                                acc,
                                0,
                                inputs * 16,
                                accStep,
                                also,
                                1,
                                columns,
                                rows,
                                x,
                                4,
                                columns,
                                xStep,
                                columns));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsChannels(int seed) {
        RandomStream random = new RandomStream(seed);
        int n = 16 * (1 + random.nextInt(200));
        float[] x = normal(random, 3 + n, 1);
        float[] d = normal(random, 5 + n, 1);
        float[] lanes = new float[16];

        assertThat(simd.sum(x, 3, n, lanes)).isEqualTo(SCALAR.sum(x, 3, n, lanes));
        assertThat(simd.squares(x, 3, n, 0.1f, lanes))
                .isEqualTo(SCALAR.squares(x, 3, n, 0.1f, lanes));
        assertThat(simd.dot(d, 5, x, 3, n, 0.1f, lanes))
                .isEqualTo(SCALAR.dot(d, 5, x, 3, n, 0.1f, lanes));
        same(d, x, (k, y, also) -> k.normalise(y, 5, also, 3, n, 0.3f, 1.7f, -0.2f));
        same(
                d,
                x,
                (k, y, also) ->
                        k.normaliseGradient(y, 5, y, 5, also, 3, n, 0.3f, 0.1f, 0.7f, 2.5f));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void actsElementByElement(int seed) {
        RandomStream random = new RandomStream(seed);
        int n = 16 * (1 + random.nextInt(20));
        float[] d = normal(random, 5 + n, 1);
        float[] x = normal(random, 3 + n, 3);
        float[] edges = {0, -0f, 1e-20f, -90, 90, 0.625f, -0.625f, 9.1f, 20, -20, Float.NaN};
        System.arraycopy(edges, 0, x, 3, edges.length);

        same(x, d, (k, y, also) -> k.relu(y, 3, n));
        same(x, d, (k, y, also) -> k.tanh(y, 3, n));
        same(x, d, (k, y, also) -> k.sigmoid(y, 3, n));
        same(d, x, (k, y, also) -> k.reluGradient(y, 5, also, 3, n));
        same(d, x, (k, y, also) -> k.tanhGradient(y, 5, also, 3, n));
        same(d, x, (k, y, also) -> k.sigmoidGradient(y, 5, also, 3, n));
        same(d, x, (k, y, also) -> k.add(y, 5, also, 3, n));
        same(d, x, (k, y, also) -> k.plus(y, 5, also, 3, d, 5, n));
        same(d, x, (k, y, also) -> k.times(y, 5, also, 3, d, 5, n));
        same(d, x, (k, y, also) -> k.addScaled(y, 5, also, 3, n, 0.3f));
        same(d, new float[5 + n], (k, best, which) -> k.larger(best, 5, which, 5, x, 3, n, 7));
        float[] which = new float[n];
        for (int i = 0; i < n; i++) {
            which[i] = random.nextInt(3);
        }
        same(d, which, (k, y, also) -> k.largerGradient(y, 5, also, 0, x, 3, n, 2));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void computesProbabilities(int seed) {
        RandomStream random = new RandomStream(seed);
        int classes = 1 + random.nextInt(12);
        int columns = 16 * (1 + random.nextInt(5));
        float[] z = normal(random, 5 + classes * columns, 20);

        same(
                new float[classes * columns],
                new float[2 * columns],
                (k, p, also) -> {
                    float[] totals = new float[columns];
                    float[] maxima = new float[columns];
                    k.softmax(p, 0, z, 5, classes, columns, maxima, totals);
                    System.arraycopy(maxima, 0, also, 0, columns);
                    System.arraycopy(totals, 0, also, columns, columns);
                });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void updates(int seed) {
        RandomStream random = new RandomStream(seed);
        int n = 16 * (1 + random.nextInt(20));
        float[] w = normal(random, 4 + n, 1);
        float[] g = normal(random, 4 + n, seed % 2 == 0 ? 1 : 1e-28);
        float[] m = normal(random, 4 + n, 1e-29);
        float[] v = normal(random, 4 + n, 1e-15);
        for (int i = 0; i < v.length; i++) {
            v[i] *= v[i];
        }
        float[] keep = new float[n];
        for (int i = 0; i < n; i++) {
            keep[i] = random.nextInt(2);
        }

        same(g, keep, (k, y, also) -> k.keep(y, 4, also, 0, n));
        same(g, w, (k, y, also) -> k.couple(y, also, 4, n, 0.01f));
        same(w, g, (k, y, also) -> k.shrink(y, 4, n, 0.01f));
        same(w, g, (k, y, also) -> k.sgd(y, also, 4, n, 0.01f));
        same(w, m, (k, y, also) -> k.nesterov(y, g, also, 4, n, 0.01f, 0.9f));
        float[] second = v.clone();
        same(
                w,
                m,
                (k, y, also) -> {
                    System.arraycopy(v, 0, second, 0, v.length);
                    k.adam(
                            y, g, also, second, 4, n, 0.9f, 0.1f, 0.999f, 0.001f, 0.003f, 1.7f,
                            1e-8f);
                    for (int i = 0; i < second.length; i++) {
                        y[i] += second[i];
                    }
                });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void movesData(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 16 * (1 + random.nextInt(4));
        int columns = 16 * (1 + random.nextInt(4));
        float[] src = normal(random, 3 + rows * (columns + 2), 1);

        same(
                new float[2 + columns * (rows + 1)],
                src,
                (k, dst, also) ->
                        k.transpose(
                                also,
                                3,
                                columns + 2,
                                rows,
                                dst,
                                2,
                                rows + 1,
                                columns,
                                new float[256]));
    }

    /** All 256 values, and a length that no vector divides. */
    @Test
    void decodesBytes() {
        byte[] bytes = new byte[256 + 6];
        for (int i = 0; i < 256; i++) {
            bytes[5 + i] = (byte) i;
        }

        same(new float[300], new float[1], (k, dst, also) -> k.decode(bytes, 5, dst, 3, 257));
    }

    /** By hand: 1 to 32 fold to 528 however they are paired; the order shows in the second case. */
    @Test
    void foldsByHalves() {
        float[] acc = new float[16 * 16];
        for (int l = 0; l < 16; l++) {
            acc[l] = l + 1;
        }
        // lanes 0 and 8 cancel first, so the 1 in lane 4 survives; in rising order it would not
        acc[16] = 1e8f;
        acc[16 + 8] = -1e8f;
        acc[16 + 4] = 1;
        float[] out = new float[16];

        simd.fold(acc, 0, 16, out, 0);

        assertThat(Arrays.copyOf(out, 3)).containsExactly(136, 1, 0);
    }
}
