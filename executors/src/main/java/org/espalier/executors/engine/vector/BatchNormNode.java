// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.espalier.executors.engine.vector.curvature.SquaredGradients;
import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;

/**
 * Batch normalisation of each channel over samples and positions. With N values, mean m and biased
 * variance v of them, {@code inverse = 1 / sqrt(v + epsilon)}, and the gradients d of the output:
 *
 * <pre>
 *   y = scale inverse (x - m) + shift
 *   d_shift = sum d;  d_scale = inverse q,  q = sum d (x - m)
 *   d_x = scale inverse (d - sum d / N - (x - m) inverse^2 q / N)
 * </pre>
 *
 * Sums are in double from {@link Kernels#sum} and its relatives; these take the mean rounded to
 * float, and what it lost by that is put back into the sums, the shift and the offset in double.
 * Where N is 1 there is no unbiased estimate and the running variance stays.
 */
final class BatchNormNode extends Node {
    private final Trained scale;
    private final Trained shift;
    private final Trained runningMean;
    private final Trained runningVariance;
    private final float[] mean;

    /** The rounded mean minus the mean. */
    private final double[] rounding;

    private final double[] inverse;

    BatchNormNode(Input input, Place output, List<Parameter> parameters) {
        super(input, output);
        scale = Trained.vector(parameters.get(0));
        shift = Trained.vector(parameters.get(1));
        runningMean = Trained.vector(parameters.get(2));
        runningVariance = Trained.vector(parameters.get(3));
        mean = new float[output.shape().channels()];
        rounding = new double[output.shape().channels()];
        inverse = new double[output.shape().channels()];
    }

    @Override
    List<Trained> parameters() {
        return List.of(scale, shift, runningMean, runningVariance);
    }

    @Override
    void forward(Pass pass) {
        int n = output.positions() * pass.stride;
        for (int c = 0; c < mean.length; c++) {
            int x = input.place().channelAt(c, pass.stride);
            if (pass.mode == Pass.Mode.EVALUATION) {
                mean[c] = runningMean.value[Memory.ORIGIN + c];
                rounding[c] = 0;
                inverse[c] = inverse(runningVariance.value[Memory.ORIGIN + c]);
            } else {
                measure(pass, c, x, n);
            }
            float factor = factor(c);
            pass.kernels.normalise(
                    pass.values,
                    output.channelAt(c, pass.stride),
                    pass.values,
                    x,
                    n,
                    mean[c],
                    factor,
                    shift.value[Memory.ORIGIN + c]);
        }
    }

    private float factor(int c) {
        return (float) (scale.value[Memory.ORIGIN + c] * inverse[c]);
    }

    private static double inverse(double variance) {
        return 1 / Math.sqrt(variance + Layer.BatchNorm.EPSILON);
    }

    /** What lies beyond the last sample is first 0, then the mean, and so adds nothing. */
    private void measure(Pass pass, int c, int x, int n) {
        double count = (double) output.positions() * pass.count;
        pass.fillPadding(pass.values, x, output.positions(), 0);
        double average = pass.kernels.sum(pass.values, x, n, pass.lanes) / count;
        mean[c] = (float) average;
        pass.fillPadding(pass.values, x, output.positions(), mean[c]);
        rounding[c] = mean[c] - average;
        double squares =
                pass.kernels.squares(pass.values, x, n, mean[c], pass.lanes)
                        - count * rounding[c] * rounding[c];
        inverse[c] = inverse(squares / count);
        if (pass.mode == Pass.Mode.TRAINING) {
            move(runningMean, c, average);
            if (count > 1) {
                move(runningVariance, c, squares / (count - 1));
            }
        }
    }

    private static void move(Trained statistic, int c, double seen) {
        double old = statistic.value[Memory.ORIGIN + c];
        double decay = Layer.BatchNorm.DECAY;
        statistic.value[Memory.ORIGIN + c] = (float) (decay * old + (1 - decay) * seen);
    }

    /** {@code Ry = inverse (Rscale (x - m) + scale Rx) + Rshift}. */
    @Override
    public void forwardTangent(TangentPass<Pass> tangent) {
        Pass pass = tangent.pass();
        float[] along = tangent.along().values;
        int n = output.positions() * pass.stride;
        for (int c = 0; c < mean.length; c++) {
            int x = input.place().channelAt(c, pass.stride);
            int y = output.channelAt(c, pass.stride);
            float bent =
                    (float) (tangent.direction(scale.parameter)[Memory.ORIGIN + c] * inverse[c]);
            float moved = tangent.direction(shift.parameter)[Memory.ORIGIN + c];
            pass.kernels.normalise(along, y, pass.values, x, n, mean[c], bent, moved);
            if (input.wanted()) {
                pass.kernels.addScaled(along, y, along, x, n, factor(c));
            }
        }
    }

    /**
     * {@code Rd_scale = inverse sum (Rd (x - m) + d Rx)}, {@code Rd_shift = sum Rd}, {@code Rd_x =
     * inverse (Rscale d + scale Rd)}.
     */
    @Override
    public void backwardTangent(TangentPass<Pass> tangent) {
        Pass pass = tangent.pass();
        Pass along = tangent.along();
        int n = output.positions() * pass.stride;
        float[] ofScale = new float[mean.length];
        float[] ofShift = new float[mean.length];
        float[] g = along.gradients;
        if (input.wanted()) {
            clearUnlessAdded(along, input);
        }
        for (int c = 0; c < mean.length; c++) {
            int x = input.place().channelAt(c, pass.stride);
            int d = output.gradientOfChannelAt(c, pass.stride);
            double product = pass.kernels.dot(g, d, pass.values, x, n, mean[c], pass.lanes);
            if (input.wanted()) {
                product += pass.kernels.dot(pass.gradients, d, along.values, x, n, 0, pass.lanes);
                float bent =
                        (float)
                                (tangent.direction(scale.parameter)[Memory.ORIGIN + c]
                                        * inverse[c]);
                int dx = input.place().gradientOfChannelAt(c, pass.stride);
                pass.kernels.addScaled(g, dx, g, d, n, factor(c));
                pass.kernels.addScaled(g, dx, pass.gradients, d, n, bent);
            }
            ofScale[c] = (float) (product * inverse[c]);
            ofShift[c] = (float) pass.kernels.sum(g, d, n, pass.lanes);
        }
        tangent.add(scale.parameter, ofScale);
        tangent.add(shift.parameter, ofShift);
    }

    @Override
    public void addSquares(Pass pass, SquaredGradients<Pass> squares) {
        double[] ofScale = squares.of(scale.parameter);
        double[] ofShift = squares.of(shift.parameter);
        double[] products = new double[pass.count];
        double[] sums = new double[pass.count];
        for (int c = 0; c < mean.length; c++) {
            Arrays.fill(products, 0);
            Arrays.fill(sums, 0);
            for (int p = 0; p < output.positions(); p++) {
                int x = input.place().channelAt(c, pass.stride) + p * pass.stride;
                int d = output.gradientOfChannelAt(c, pass.stride) + p * pass.stride;
                for (int b = 0; b < pass.count; b++) {
                    double delta = pass.gradients[d + b];
                    sums[b] += delta;
                    products[b] += delta * (pass.values[x + b] - mean[c]);
                }
            }
            for (int b = 0; b < pass.count; b++) {
                ofScale[c] += products[b] * products[b] * inverse[c] * inverse[c];
                ofShift[c] += sums[b] * sums[b];
            }
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        int n = output.positions() * pass.stride;
        double count = (double) output.positions() * pass.count;
        float[] g = pass.gradients;
        for (int c = 0; c < mean.length; c++) {
            int x = input.place().channelAt(c, pass.stride);
            int d = output.gradientOfChannelAt(c, pass.stride);
            float offset = 0;
            float slope = 0;
            if (pass.mode != Pass.Mode.EVALUATION) {
                double sum = pass.kernels.sum(g, d, n, pass.lanes);
                double product =
                        pass.kernels.dot(g, d, pass.values, x, n, mean[c], pass.lanes)
                                + rounding[c] * sum;
                shift.gradient[Memory.ORIGIN + c] = (float) sum;
                scale.gradient[Memory.ORIGIN + c] = (float) (product * inverse[c]);
                double exactSlope = product * inverse[c] * inverse[c] / count;
                slope = (float) exactSlope;
                offset = (float) (sum / count + exactSlope * rounding[c]);
            }
            if (input.wanted()) {
                float factor = factor(c);
                int dx = input.place().gradientOfChannelAt(c, pass.stride);
                int to = input.added() ? d : dx;
                pass.kernels.normaliseGradient(
                        g, to, g, d, pass.values, x, n, mean[c], offset, slope, factor);
                pass.fillPadding(g, to, output.positions(), 0);
                if (input.added()) {
                    pass.kernels.add(g, dx, g, d, n);
                }
            }
        }
    }
}
