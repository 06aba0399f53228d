// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
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
    private final int[][] forwardWeights;
    private final int[][] forwardInputs;
    private final int[][] backwardWeights;
    private final int[][] backwardOutputs;
    private final int[][] tapPieces;

    /** Of one tap: the weight, and the row of the input, of each channel. */
    private final int[] channelWeights;

    private final int[] channelInputs;
    private final int width;
    private int[] count = new int[0];
    private float[] laneSums = new float[0];

    /** Gradients of one row of positions as [positions, samples, outputs]. */
    private float[] row = new float[0];

    /** Weight gradients as [taps, channels, outputs]. */
    private float[] byOutput = new float[0];

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
        forwardWeights = forward.steps(channels, taps, true);
        forwardInputs = forward.steps(channels, input.place().pitch(), false);
        backwardWeights = backward.steps(outputs, channels * taps, true);
        backwardOutputs = backward.steps(outputs, output.pitch(), false);
        width = output.shape().width();
        tapPieces = forward.ofEachTap(width);
        channelWeights = Memory.steps(channels, taps);
        channelInputs = Memory.steps(channels, input.place().pitch());
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
            row = Memory.floats((long) width * capacity * outputs);
            byOutput = Memory.floats(weight.parameter.size());
        }
    }

    @Override
    double compressedBelow() {
        return isOuter() ? OUTER_COMPRESSED_BELOW : LANES_COMPRESSED_BELOW;
    }

    @Override
    Compressed compress(Mask mask) {
        return new Compressed(
                mask,
                outputs,
                channels,
                forward.usual,
                input.place().pitch(),
                backward.usual,
                output.pitch());
    }

    @Override
    void forward(Pass pass) {
        int started = 0;
        for (Windows.Run run : forward.runs) {
            fillWithStart(pass, started, run.to);
            started = run.to + run.length;
            addProduct(
                    pass, run, weight.value, weight.compressed, pass.values, pass.values, biases);
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
    void addProduct(Pass pass, float[] matrix, Compressed form, float[] x, float[] z) {
        for (Windows.Run run : forward.runs) {
            addProduct(pass, run, matrix, form, x, z, Start.NONE);
        }
    }

    private void addProduct(
            Pass pass,
            Windows.Run run,
            float[] matrix,
            Compressed form,
            float[] x,
            float[] z,
            Start start) {
        int stride = pass.stride;
        int zRow = output.pitch() * stride;
        int zAt = output.at(stride) + run.to * stride;
        int xAt = input.place().at(stride) + run.from * stride;
        int columns = run.length * stride;
        if (form == null) {
            int[] steps = forwardWeights[run.taps.kind];
            pass.kernels.multiply(
                    z,
                    zAt,
                    zRow,
                    outputs,
                    columns,
                    matrix,
                    Memory.ORIGIN,
                    channels * taps,
                    steps,
                    x,
                    xAt,
                    stride,
                    forwardInputs[run.taps.kind],
                    steps.length,
                    start.values(),
                    start.at(),
                    start.step());
            return;
        }
        Start first = start;
        for (int[] piece : run.taps.pieces) {
            pass.kernels.multiplySparse(
                    z,
                    zAt,
                    zRow,
                    outputs,
                    columns,
                    matrix,
                    Memory.ORIGIN,
                    form.order,
                    form.segments,
                    taps + 1,
                    piece[0],
                    piece[1],
                    x,
                    xAt + piece[2] * stride,
                    stride,
                    form.steps,
                    first.values(),
                    first.at(),
                    first.step());
            first = Start.NONE;
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        float[] g = pass.gradients;
        int cleared = 0;
        for (Windows.Run run : backward.runs) {
            clearUnlessAdded(pass, input, cleared, run.to);
            cleared = run.to + run.length;
            Start start = input.added() ? Start.NONE : Start.ZERO;
            addTransposedProduct(pass, run, weight.value, weight.compressed, g, g, start);
        }
        clearUnlessAdded(pass, input, cleared, input.place().positions());
    }

    @Override
    void addTransposedProduct(Pass pass, float[] matrix, Compressed form, float[] dz, float[] dx) {
        for (Windows.Run run : backward.runs) {
            addTransposedProduct(pass, run, matrix, form, dz, dx, Start.NONE);
        }
    }

    private void addTransposedProduct(
            Pass pass,
            Windows.Run run,
            float[] matrix,
            Compressed form,
            float[] dz,
            float[] dx,
            Start start) {
        int stride = pass.stride;
        int xRow = input.place().pitch() * stride;
        int dxAt = input.place().gradientAt(stride) + run.to * stride;
        int dzAt = output.gradientAt(stride) + run.from * stride;
        int columns = run.length * stride;
        if (form == null) {
            int[] steps = backwardWeights[run.taps.kind];
            pass.kernels.multiply(
                    dx,
                    dxAt,
                    xRow,
                    channels,
                    columns,
                    matrix,
                    Memory.ORIGIN,
                    taps,
                    steps,
                    dz,
                    dzAt,
                    stride,
                    backwardOutputs[run.taps.kind],
                    steps.length,
                    start.values(),
                    start.at(),
                    start.step());
            return;
        }
        Start first = start;
        for (int[] piece : run.taps.pieces) {
            pass.kernels.multiplySparse(
                    dx,
                    dxAt,
                    xRow,
                    channels,
                    columns,
                    matrix,
                    Memory.ORIGIN,
                    form.backOrder,
                    form.backSegments,
                    taps + 1,
                    piece[0],
                    piece[1],
                    dz,
                    dzAt + piece[2] * stride,
                    stride,
                    form.backSteps,
                    first.values(),
                    first.at(),
                    first.step());
            first = Start.NONE;
        }
    }

    @Override
    void denseGradient(Pass pass, float[] into) {
        if (isOuter()) {
            outerGradient(pass, into);
            return;
        }
        sumLanes(pass, 0, pass.stride);
        pass.kernels.fold(laneSums, 0, weight.denseLength(), into, Memory.ORIGIN);
    }

    /**
     * Row by row of positions the gradients are transposed, then multiplied with the inputs that
     * each tap met: per weight one sum over positions and samples in rising order.
     */
    private void outerGradient(Pass pass, float[] into) {
        Arrays.fill(byOutput, 0);
        int stride = pass.stride;
        int dRow = output.pitch() * stride;
        int xRow = input.place().pitch() * stride;
        int transposed = -1;
        for (int[] piece : tapPieces) {
            int first = piece[0] / width * width;
            if (first != transposed) {
                int d = output.gradientAt(stride) + first * stride;
                pass.kernels.transpose(
                        pass.gradients,
                        d,
                        dRow,
                        outputs,
                        row,
                        Memory.ORIGIN,
                        outputs,
                        width * stride,
                        pass.square);
                transposed = first;
            }
            int x = input.place().at(stride) + piece[1] * stride;
            int d = Memory.ORIGIN + (piece[0] - first) * stride * outputs;
            pass.kernels.multiply(
                    byOutput,
                    Memory.ORIGIN + piece[3] * channels * outputs,
                    outputs,
                    channels,
                    outputs,
                    pass.values,
                    x,
                    xRow,
                    count,
                    row,
                    d,
                    outputs,
                    count,
                    piece[2] * stride,
                    null,
                    0,
                    0);
        }
        for (int t = 0; t < taps; t++) {
            for (int i = 0; i < channels; i++) {
                int from = Memory.ORIGIN + (t * channels + i) * outputs;
                for (int o = 0; o < outputs; o++) {
                    into[Memory.ORIGIN + (o * channels + i) * taps + t] = byOutput[from + o];
                }
            }
        }
    }

    /** Lane sums of all weights, [outputs, channels, taps, 16], over these samples. */
    private void sumLanes(Pass pass, int sample, int columns) {
        int floats = weight.denseLength() * Kernels.LANES;
        if (laneSums.length < floats) {
            laneSums = new float[floats];
        } else {
            Arrays.fill(laneSums, 0, floats, 0);
        }
        if (channels < BY_TAP_FROM) {
            for (Windows.Run run : forward.runs) {
                int[] weights = forwardWeights[run.taps.kind];
                int[] inputs = forwardInputs[run.taps.kind];
                sumLanes(pass, run.to, run.from, run.length, 0, weights, inputs, sample, columns);
            }
        } else {
            for (int[] piece : tapPieces) {
                sumLanes(
                        pass,
                        piece[0],
                        piece[1],
                        piece[2],
                        piece[3],
                        channelWeights,
                        channelInputs,
                        sample,
                        columns);
            }
        }
    }

    /** Of positions in a row, with weights from one on and what they read. */
    private void sumLanes(
            Pass pass,
            int to,
            int from,
            int length,
            int first,
            int[] weights,
            int[] inputs,
            int sample,
            int columns) {
        int stride = pass.stride;
        boolean inOnePiece = columns == stride;
        for (int p = 0; p < (inOnePiece ? 1 : length); p++) {
            pass.kernels.laneOuter(
                    laneSums,
                    first * Kernels.LANES,
                    channels * taps * Kernels.LANES,
                    weights,
                    pass.gradients,
                    output.gradientAt(stride) + (to + p) * stride + sample,
                    output.pitch() * stride,
                    outputs,
                    pass.values,
                    input.place().at(stride) + (from + p) * stride + sample,
                    stride,
                    inputs,
                    inOnePiece ? length * stride : columns);
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
        int stride = pass.stride;
        for (Windows.Run run : forward.runs) {
            int columns = run.length * stride;
            for (int from = 0; from < columns; from += PIECE) {
                int d = output.gradientAt(stride) + run.to * stride + from;
                int x = input.place().at(stride) + run.from * stride + from;
                sumLanesOfSurvivors(pass, form, run, d, x, Math.min(PIECE, columns - from));
            }
        }
        pass.kernels.fold(laneSums, 0, form.slots, weight.gradient, Memory.ORIGIN);
    }

    private void sumLanesOfSurvivors(
            Pass pass, Compressed form, Windows.Run run, int d, int x, int columns) {
        int stride = pass.stride;
        for (int o = 0; o < outputs; o++) {
            for (int[] piece : run.taps.pieces) {
                int first = form.segments[o * (taps + 1) + piece[0]];
                int last = form.segments[o * (taps + 1) + piece[1]];
                pass.kernels.laneProducts(
                        laneSums,
                        0,
                        0,
                        first,
                        last,
                        pass.gradients,
                        d + o * output.pitch() * stride,
                        columns,
                        pass.values,
                        x + piece[2] * stride,
                        stride,
                        form.steps);
            }
        }
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
