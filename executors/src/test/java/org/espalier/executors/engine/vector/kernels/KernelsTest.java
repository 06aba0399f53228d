// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
        int row = 16 * (1 + random.nextInt(5));
        int length = 1 + random.nextInt(3);
        int outStep = length + random.nextInt(2);
        int steps = 1 + random.nextInt(250);
        int wRow = steps + random.nextInt(5);
        float[] w = normal(random, 3 + (2 + 2 * rows) * wRow, 1);
        Rows x = new Rows(normal(random, 5 + (304 + length) * row, 1), 5, row);
        int[] wSteps = picks(random, steps, steps);
        Start start = start(random, seed, rows);
        int[] xSteps = picks(random, steps, 300);
        Product p = new Product(rows, outStep, 2, wSteps, xSteps);

        same(
                normal(random, 7 + (3 + rows * outStep) * row, 1),
                w,
                (k, out, also) ->
                        k.multiply(
                                p,
                                start,
                                new Rows(out, 7, row),
                                3,
                                new Rows(also, 3, wRow),
                                1,
                                x,
                                4,
                                length));
    }

    private static Start start(RandomStream random, int seed, int rows) {
        return seed % 2 == 0 ? new Start(normal(random, 2 + 3 * rows, 1), 2, 3) : Start.NONE;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void multipliesCompressed(int seed) {
        RandomStream random = new RandomStream(seed);
        int rows = 1 + random.nextInt(11);
        int row = 16 * (1 + random.nextInt(6));
        int length = 1 + random.nextInt(3);
        int outStep = length + random.nextInt(2);
        int[] segments = new int[3 * rows];
        int end = 0;
        for (int i = 0; i < segments.length; i++) {
            segments[i] = end;
            end += random.nextInt(20);
        }
        float[] values = normal(random, 2 + end + 1, 1);
        int[] order = picks(random, end + 1, end + 1);
        Rows x = new Rows(normal(random, 5 + (104 + length) * row, 1), 5, row);
        int[] xSteps = picks(random, end + 1, 100);
        Start start = start(random, seed, rows);
        SparseProduct p = new SparseProduct(rows, outStep, order, xSteps, segments, 3, 0, 2, -1);

        same(
                normal(random, 7 + (3 + rows * outStep) * row, 1),
                values,
                (k, out, also) ->
                        k.multiplySparse(
                                p,
                                start,
                                new Rows(out, 7, row),
                                3,
                                new Rows(also, 2, 1),
                                x,
                                4,
                                length));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsProductsInLanesAndFolds(int seed) {
        RandomStream random = new RandomStream(seed);
        int row = 16 * (1 + random.nextInt(8));
        int length = 1 + random.nextInt(3);
        int[] segments = {3, 3 + random.nextInt(14), 20, 20 + random.nextInt(14)};
        Rows d = new Rows(normal(random, 1 + (4 + length) * row, 1), 1, row);
        Rows x = new Rows(normal(random, 4 + (52 + length) * row, 1), 4, row);
        int[] xSteps = picks(random, 34, 50);
        SparseProduct p = new SparseProduct(2, 3, new int[34], xSteps, segments, 2, 0, 1, -1);

        same(
                normal(random, 48 * 16, 1),
                new float[48],
                (k, acc, out) -> {
                    k.laneProducts(p, acc, d, 1, x, 2, length);
                    float[] folded = acc.clone();
                    k.fold(folded, 0, 48, out, 0);
                });
    }

    /** Of a row of weights from 0 to {@code to}. */
    private static SparseProduct oneRow(int[] xSteps, int to, int shift) {
        return new SparseProduct(1, 1, new int[to], xSteps, new int[] {0, to}, 2, 0, 1, shift);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sumsProductsAndFoldsThem(int seed) {
        RandomStream random = new RandomStream(seed);
        int columns = seed <= 5 ? 64 : 16 * (1 + random.nextInt(20));
        int base = 16 * random.nextInt(3);
        int from = base + 4 * random.nextInt(3);
        int to = from + 4 * random.nextInt(9);
        Rows d = new Rows(normal(random, 1 + 2 * columns, 1), 1, columns);
        Rows x = new Rows(normal(random, 4 + 53 * columns, 1), 4, columns);
        SparseProduct p = oneRow(picks(random, to, 50), to, -1);

        same(
                normal(random, 9 + 48 * 4, 1),
                new float[48],
                (k, q, out) -> {
                    k.quarterProducts(p, q, 9 - 4 * base, from, to, d, 1, x, 3);
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
        Rows d = new Rows(normal(random, columns, 1), 0, columns);
        Rows x = new Rows(normal(random, 32 * columns, 1), 0, columns);
        SparseProduct p = oneRow(picks(random, 32, 32), 32, 0);
        float[] lanes = new float[32 * 16];
        simd.laneProducts(p, lanes, d, 0, x, 0, 1);
        float[] sums = new float[32];
        simd.fold(lanes, 0, 32, sums, 0);

        float[] quarters = new float[32 * 4];
        simd.quarterProducts(p, quarters, 0, 0, 32, d, 0, x, 0);
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
        int outStep = 1 + random.nextInt(2);
        float[] d = normal(random, 1 + (1 + rows * outStep) * columns, 1);
        Rows x = new Rows(normal(random, 4 + 14 * columns, 1), 4, columns);
        int[] wSteps = random.permutation(inputs);
        int[] xSteps = picks(random, inputs, 12);
        Product p = new Product(rows, outStep, inputs, wSteps, xSteps);

        same(
                normal(random, 32 + rows * inputs * 16, 1),
                d,
                (k, acc, also) ->
                        k.laneOuter(p, acc, 32, new Rows(also, 1, columns), 1, x, 2, columns));
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
        same(w, m, (k, y, also) -> k.heavyBall(y, g, also, 4, n, 0.01f, 0.9f));
        same(w, m, (k, y, also) -> k.nesterov(y, g, also, 4, n, 0.01f, 0.9f));
        Kernels.Adam adam = new Kernels.Adam(0.9f, 0.1f, 0.999f, 0.001f, 1e-8f);
        float[] second = v.clone();
        same(
                w,
                m,
                (k, y, also) -> {
                    System.arraycopy(v, 0, second, 0, v.length);
                    k.adam(y, g, also, second, 4, n, adam, 0.003f, 1.7f);
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

    @Test
    void recordsNeedWhatTheyName() {
        assertThatThrownBy(() -> new Product(2, 1, 3, new int[3], new int[3], 4))
                .hasMessage("2 outputs, 4 steps of 3 weights and 3 inputs");
        assertThatThrownBy(
                        () ->
                                new SparseProduct(
                                        2, 1, new int[0], new int[0], new int[5], 3, 0, 2, 0))
                .hasMessage("segments 0 to 2 of 3 in each of 2 rows of 5");
        assertThatThrownBy(() -> new Rows(new float[3], 0, 0))
                .hasMessage("rows of 0 floats from index 0");
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
