// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.executors.engine.vector.kernels.Memory;

/**
 * Largest value, or mean, of square windows. Taps are taken row by row; of equal values the first
 * is the largest; a mean is the sum in this order, from 0, each value times the rounded reciprocal
 * of their number.
 */
final class PoolNode extends Node {

    /** What becomes of a window. */
    enum Kind {
        LARGEST,
        MEAN
    }

    private final Kind kind;
    private final int size;
    private final int step;
    private float[] which = new float[0];

    PoolNode(Kind kind, Input input, Place output, int size, int step) {
        super(input, output);
        this.kind = kind;
        this.size = size;
        this.step = step;
    }

    @Override
    void reserve(int capacity) {
        if (kind == Kind.LARGEST) {
            which = Memory.floats((long) output.rows() * capacity);
        }
    }

    /** Where the window of an output row starts in the input; below 0 if it is between channels. */
    private int windowOf(int row) {
        int p = row % output.pitch();
        if (p >= output.positions()) {
            return -1;
        }
        int top = p / output.shape().width() * step;
        int left = p % output.shape().width() * step;
        int c = row / output.pitch();
        return c * input.place().pitch() + top * input.place().shape().width() + left;
    }

    private int tapStep(int tap) {
        return tap / size * input.place().shape().width() + tap % size;
    }

    @Override
    void forward(Pass pass) {
        int stride = pass.stride;
        float[] v = pass.values;
        float share = 1f / (size * size);
        for (int row = 0; row < output.rows(); row++) {
            int window = windowOf(row);
            if (window < 0) {
                continue;
            }
            int y = output.at(stride) + row * stride;
            int first = input.place().at(stride) + window * stride;
            int w = Memory.ORIGIN + row * stride;
            if (kind == Kind.LARGEST) {
                System.arraycopy(v, first, v, y, stride);
                Arrays.fill(which, w, w + stride, 0);
            } else {
                Arrays.fill(v, y, y + stride, 0);
                pass.kernels.addScaled(v, y, v, first, stride, share);
            }
            for (int tap = 1; tap < size * size; tap++) {
                int x = first + tapStep(tap) * stride;
                if (kind == Kind.LARGEST) {
                    pass.kernels.larger(v, y, which, w, v, x, stride, tap);
                } else {
                    pass.kernels.addScaled(v, y, v, x, stride, share);
                }
            }
        }
    }

    /** A maximum's derivative is that of the value it took. */
    @Override
    public void forwardTangent(TangentPass<Pass> tangent) {
        Pass along = tangent.along();
        if (kind == Kind.MEAN) {
            forward(along);
            return;
        }
        int stride = along.stride;
        float[] v = along.values;
        for (int row = 0; row < output.rows(); row++) {
            int window = windowOf(row);
            if (window < 0) {
                continue;
            }
            int y = output.at(stride) + row * stride;
            int first = input.place().at(stride) + window * stride;
            int w = Memory.ORIGIN + row * stride;
            Arrays.fill(v, y, y + stride, 0);
            for (int tap = 0; tap < size * size; tap++) {
                int x = first + tapStep(tap) * stride;
                along.kernels.largerGradient(v, y, which, w, v, x, stride, tap);
            }
        }
    }

    @Override
    public void inputGradient(Pass pass) {
        if (!input.wanted()) {
            return;
        }
        clearUnlessAdded(pass, input);
        int stride = pass.stride;
        float[] g = pass.gradients;
        float share = 1f / (size * size);
        for (int row = 0; row < output.rows(); row++) {
            int window = windowOf(row);
            if (window < 0) {
                continue;
            }
            int d = output.gradientAt(stride) + row * stride;
            int first = input.place().gradientAt(stride) + window * stride;
            int w = Memory.ORIGIN + row * stride;
            for (int tap = 0; tap < size * size; tap++) {
                int dx = first + tapStep(tap) * stride;
                if (kind == Kind.LARGEST) {
                    pass.kernels.largerGradient(g, dx, which, w, g, d, stride, tap);
                } else {
                    pass.kernels.addScaled(g, dx, g, d, stride, share);
                }
            }
        }
    }
}
