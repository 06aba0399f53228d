// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.SparseProduct;
import org.espalier.executors.engine.vector.kernels.Start;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.pruning.Mask;

/**
 * A convolution, computed directly: for each run of positions a product of the kernels with the
 * rows of samples that its taps meet; nothing is unfolded. The weight gradient is a sum over
 * positions, row by row, and samples: with few outputs or in compressed form in 16 lanes, else as
 * an outer product.
 */
final class ConvolutionNode extends WeightNode {

    /**
     * Measured on Conv-4, batch 64: at 0.4 the compressed step is 1.3 times as fast, at 0.5 0.95.
     */
    private static final double OUTER_COMPRESSED_BELOW = 0.45;

    /** Measured on ResNet-20 and LeNet-5: at 0.5 1.1 and 1.3 times as fast, at 0.6 0.8 and 1.2. */
    private static final double LANES_COMPRESSED_BELOW = 0.55;

    /** Outputs from which on the outer product is the faster weight gradient. */
    private static final int OUTER_FROM = 64;

    /** Fewer channels do not fill a tile of the outer product. */
    private static final int TILE = 4;

    /** Channels from which on each tap alone fills the tiles of the lane sums. */
    private static final int BY_TAP_FROM = 16;

    /** Columns of a piece of a run in the compressed weight gradient: what the caches hold. */
    private static final int PIECE = 512;

    private final int outputs;
    private final int channels;
    private final int taps;
    private final Windows forward;
    private final Windows backward;
    private final Product[] forwardProducts;
    private final Product[] backwardProducts;
    private final int[][] tapPieces;

    /** Of one tap alone, from its weights and inputs on. */
    private final Product ofTap;

    private final int width;

    /** Weight gradients of one tap, by positions times samples in 16s; made when one is met. */
    private Product[] outerProducts = new Product[0];

    /** 0, 1, 2, ...: positions and samples. */
    private int[] count = new int[0];

    private float[] laneSums = new float[0];

    /** Gradients of one row of positions as [positions, samples, outputs]. */
    private Rows row;

    /** Weight gradients as [taps, channels, outputs]. */
    private Rows byOutput;

    ConvolutionNode(
            Layer.Convolution layer, Input input, Place output, Parameter weight, Parameter bias) {
        super(
                input,
                output,
                new Trained(weight, 1, weight.size()),
                bias == null ? null : Trained.vector(bias));
        outputs = layer.outputs();
        channels = input.place().shape().channels();
        taps = layer.kernel() * layer.kernel();
        forward = Windows.forward(layer, input.place().shape(), output.shape());
        backward = Windows.backward(layer, input.place().shape(), output.shape());
        int inputPitch = input.place().pitch();
        forwardProducts =
                forward.products(
                        outputs, output.pitch(), channels * taps, channels, taps, inputPitch);
        backwardProducts =
                backward.products(
                        channels, inputPitch, taps, outputs, channels * taps, output.pitch());
        width = output.shape().width();
        tapPieces = forward.ofEachTap(width);
        ofTap =
                new Product(
                        outputs,
                        output.pitch(),
                        channels * taps,
                        Memory.steps(channels, taps),
                        Memory.steps(channels, inputPitch));
    }

    /**
     * Lane sums are single samples' derivatives only where no lane has two of them; with a sample
     * for each lane they run over whole rows of positions, which is about twice as fast. Without
     * convolutions large batches are faster.
     */
    @Override
    public int samplesAtOnce(int capacity) {
        return Math.min(capacity, Kernels.LANES);
    }

    /** Whether the weight gradient is an outer product of inputs with rows of outputs. */
    private boolean isOuter() {
        return outputs >= OUTER_FROM && outputs % Kernels.LANES == 0 && channels >= TILE;
    }

    @Override
    void reserve(int capacity) {
        if (isOuter()) {
            count = Memory.steps(width * capacity, 1);
            outerProducts = new Product[count.length / Kernels.LANES + 1];
            row = Rows.of(Memory.floats((long) width * capacity * outputs), outputs);
            byOutput = Rows.of(Memory.floats(weight.parameter.size()), outputs);
        }
    }

    @Override
    double compressedBelow() {
        return isOuter() ? OUTER_COMPRESSED_BELOW : LANES_COMPRESSED_BELOW;
    }

    @Override
    Compressed compress(Mask mask) {
        return new Compressed(
                mask, outputs, channels, forward, input.place().pitch(), backward, output.pitch());
    }

    @Override
    void forward(Pass pass) {
        int started = 0;
        for (Windows.Run run : forward.runs) {
            fillWithStart(pass, started, run.to);
            started = run.to + run.length;
            Rows values = pass.valueRows;
            addProduct(pass, run, weight.matrix, weight.compressed, values, values, biases);
        }
        fillWithStart(pass, started, output.positions());
    }

    /** Positions that no window meets: nothing but the bias. */
    private void fillWithStart(Pass pass, int from, int to) {
        if (from < to) {
            startWith(biases, pass, from, to);
        }
    }

    @Override
    void addProduct(Pass pass, Rows matrix, Compressed form, Rows x, Rows z) {
        for (Windows.Run run : forward.runs) {
            addProduct(pass, run, matrix, form, x, z, Start.NONE);
        }
    }

    private void addProduct(
            Pass pass, Windows.Run run, Rows matrix, Compressed form, Rows x, Rows z, Start start) {
        int to = output.row() + run.to;
        int from = input.place().row() + run.from;
        if (form == null) {
            Product product = forwardProducts[run.taps.kind];
            pass.kernels.multiply(product, start, z, to, matrix, 0, x, from, run.length);
            return;
        }
        Start first = start;
        for (SparseProduct piece : form.forward[run.taps.kind]) {
            pass.kernels.multiplySparse(piece, first, z, to, matrix, x, from, run.length);
            first = Start.NONE;
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        Rows g = pass.gradientRows;
        int cleared = 0;
        for (Windows.Run run : backward.runs) {
            clearUnlessAdded(pass, input, cleared, run.to);
            cleared = run.to + run.length;
            Start start = input.added() ? Start.NONE : Start.ZERO;
            addTransposedProduct(pass, run, weight.matrix, weight.compressed, g, g, start);
        }
        clearUnlessAdded(pass, input, cleared, input.place().positions());
    }

    @Override
    void addTransposedProduct(Pass pass, Rows matrix, Compressed form, Rows dz, Rows dx) {
        for (Windows.Run run : backward.runs) {
            addTransposedProduct(pass, run, matrix, form, dz, dx, Start.NONE);
        }
    }

    private void addTransposedProduct(
            Pass pass,
            Windows.Run run,
            Rows matrix,
            Compressed form,
            Rows dz,
            Rows dx,
            Start start) {
        int to = input.place().gradientRow() + run.to;
        int from = output.gradientRow() + run.from;
        if (form == null) {
            Product product = backwardProducts[run.taps.kind];
            pass.kernels.multiply(product, start, dx, to, matrix, 0, dz, from, run.length);
            return;
        }
        Start first = start;
        for (SparseProduct piece : form.backward[run.taps.kind]) {
            pass.kernels.multiplySparse(piece, first, dx, to, matrix, dz, from, run.length);
            first = Start.NONE;
        }
    }

    @Override
    void denseGradient(Pass pass, Rows into) {
        if (isOuter()) {
            outerGradient(pass, into);
            return;
        }
        sumLanes(pass, 0, pass.stride);
        pass.kernels.fold(laneSums, 0, weight.denseLength(), into.array(), into.at());
    }

    /**
     * Row by row of positions the gradients are transposed, then multiplied with the inputs that
     * each tap met: per weight one sum over positions and samples in rising order.
     */
    private void outerGradient(Pass pass, Rows into) {
        Arrays.fill(byOutput.array(), 0);
        int stride = pass.stride;
        int transposed = -1;
        for (int[] piece : tapPieces) {
            int first = piece[0] / width * width;
            if (first != transposed) {
                transposeGradients(pass, first);
                transposed = first;
            }
            pass.kernels.multiply(
                    outerProduct(piece[2] * stride),
                    Start.NONE,
                    byOutput,
                    piece[3] * channels,
                    pass.valueRows,
                    input.place().row() + piece[1],
                    row,
                    (piece[0] - first) * stride,
                    1);
        }
        for (int t = 0; t < taps; t++) {
            for (int i = 0; i < channels; i++) {
                int from = byOutput.index(t * channels + i);
                for (int o = 0; o < outputs; o++) {
                    into.array()[into.index((o * channels + i) * taps + t)] =
                            byOutput.array()[from + o];
                }
            }
        }
    }

    /** Of the row of positions from {@code first} on. */
    private void transposeGradients(Pass pass, int first) {
        int stride = pass.stride;
        pass.kernels.transpose(
                pass.gradients,
                output.gradientAt(stride) + first * stride,
                output.pitch() * stride,
                outputs,
                row.array(),
                row.at(),
                outputs,
                width * stride,
                pass.square);
    }

    /** For so many positions times samples. */
    private Product outerProduct(int columns) {
        int n = columns / Kernels.LANES;
        if (outerProducts[n] == null) {
            int pitch = input.place().pitch();
            outerProducts[n] = new Product(channels, 1, pitch, count, count, columns);
        }
        return outerProducts[n];
    }

    /** Lane sums of all weights, [outputs, channels, taps, 16], over these samples. */
    private void sumLanes(Pass pass, int sample, int columns) {
        int floats = weight.denseLength() * Kernels.LANES;
        if (laneSums.length < floats) {
            laneSums = new float[floats];
        } else {
            Arrays.fill(laneSums, 0, floats, 0);
        }
        Rows d = pass.gradientRows;
        Rows x = pass.valueRows;
        if (sample > 0) {
            d = d.after(sample);
            x = x.after(sample);
        }
        if (channels < BY_TAP_FROM) {
            for (Windows.Run run : forward.runs) {
                Product product = forwardProducts[run.taps.kind];
                sumLanes(pass, product, 0, d, run.to, x, run.from, run.length, columns);
            }
        } else {
            for (int[] piece : tapPieces) {
                sumLanes(pass, ofTap, piece[3], d, piece[0], x, piece[1], piece[2], columns);
            }
        }
    }

    /** Of positions in a row, with weights from one on and what they read. */
    private void sumLanes(
            Pass pass,
            Product product,
            int first,
            Rows d,
            int to,
            Rows x,
            int from,
            int length,
            int columns) {
        int at = first * Kernels.LANES;
        int dFrom = output.gradientRow() + to;
        int xFrom = input.place().row() + from;
        if (columns == pass.stride) {
            pass.kernels.laneOuter(product, laneSums, at, d, dFrom, x, xFrom, length * columns);
            return;
        }
        for (int p = 0; p < length; p++) {
            pass.kernels.laneOuter(product, laneSums, at, d, dFrom + p, x, xFrom + p, columns);
        }
    }

    @Override
    void compressedGradient(Pass pass) {
        Compressed form = weight.compressed;
        int floats = form.slots * Kernels.LANES;
        if (laneSums.length < floats) {
            laneSums = new float[floats];
        } else {
            Arrays.fill(laneSums, 0, floats, 0);
        }
        int atOnce = Math.max(1, PIECE / pass.stride);
        for (Windows.Run run : forward.runs) {
            for (int p = 0; p < run.length; p += atOnce) {
                int d = output.gradientRow() + run.to + p;
                int x = input.place().row() + run.from + p;
                int length = Math.min(atOnce, run.length - p);
                for (SparseProduct piece : form.forward[run.taps.kind]) {
                    pass.kernels.laneProducts(
                            piece, laneSums, pass.gradientRows, d, pass.valueRows, x, length);
                }
            }
        }
        pass.kernels.fold(laneSums, 0, form.slots, weight.gradient, Memory.ORIGIN);
    }

    /**
     * For 16 samples at a time the lane sums are these samples' own derivatives; their squares and
     * products with the bias's are added up, each fold in double.
     */
    @Override
    void sense(Pass pass, SensitivitySums sums) {
        int stride = pass.stride;
        int dRow = output.pitch() * stride;
        int weights = channels * taps;
        float[] ofBias = new float[Kernels.LANES];
        for (int sample = 0; sample < stride; sample += Kernels.LANES) {
            sumLanes(pass, sample, Kernels.LANES);
            for (int o = 0; o < outputs; o++) {
                Arrays.fill(ofBias, 0);
                for (int p = 0; p < output.positions(); p++) {
                    int d = output.gradientAt(stride) + o * dRow + p * stride + sample;
                    pass.kernels.add(ofBias, 0, pass.gradients, d, Kernels.LANES);
                }
                for (float b : ofBias) {
                    sums.s0[o] += (double) b * b;
                }
                for (int w = o * weights; w < (o + 1) * weights; w++) {
                    double s1 = 0;
                    double s2 = 0;
                    for (int b = 0; b < Kernels.LANES; b++) {
                        double ofWeight = laneSums[w * Kernels.LANES + b];
                        s1 += ofWeight * ofBias[b];
                        s2 += ofWeight * ofWeight;
                    }
                    sums.s2[w] += s2;
                    if (sums.s1 != null) {
                        sums.s1[w] += s1;
                    }
                }
            }
        }
    }

    @Override
    void senseEnd(Pass pass, SensitivitySums sums) {
        // Every output was added when it was seen.
    }
}
