// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import org.espalier.executors.data.Features;

/** What happens to each element by itself or with its neighbours in a column, and moves of data. */
interface ScalarElements extends Kernels {

    @Override
    default void relu(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = x[i] < 0 ? 0 : x[i];
        }
    }

    @Override
    default void reluGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            d[dAt + i] = y[yAt + i] > 0 ? d[dAt + i] : 0;
        }
    }

    @Override
    default void tanh(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = Functions.tanh(x[i]);
        }
    }

    @Override
    default void tanhGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            float square = y[yAt + i] * y[yAt + i];
            d[dAt + i] = Math.fma(-square, d[dAt + i], d[dAt + i]);
        }
    }

    @Override
    default void sigmoid(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = 1f / (1f + Functions.exp(-x[i]));
        }
    }

    @Override
    default void sigmoidGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            float value = y[yAt + i];
            d[dAt + i] = d[dAt + i] * (value * (1f - value));
        }
    }

    @Override
    default void add(float[] y, int yAt, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    default void plus(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = x[xAt + i] + z[zAt + i];
        }
    }

    @Override
    default void times(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = x[xAt + i] * z[zAt + i];
        }
    }

    @Override
    default void larger(
            float[] best,
            int bestAt,
            float[] which,
            int whichAt,
            float[] x,
            int xAt,
            int n,
            int tap) {
        for (int i = 0; i < n; i++) {
            if (x[xAt + i] > best[bestAt + i] || x[xAt + i] != x[xAt + i]) {
                best[bestAt + i] = x[xAt + i];
                which[whichAt + i] = tap;
            }
        }
    }

    @Override
    default void largerGradient(
            float[] dx, int dxAt, float[] which, int whichAt, float[] d, int dAt, int n, int tap) {
        for (int i = 0; i < n; i++) {
            dx[dxAt + i] += which[whichAt + i] == tap ? d[dAt + i] : 0;
        }
    }

    @Override
    default void softmax(
            float[] p,
            int pAt,
            float[] z,
            int zAt,
            int classes,
            int columns,
            float[] maxima,
            float[] totals) {
        for (int c = 0; c < columns; c++) {
            float max = z[zAt + c];
            for (int k = 1; k < classes; k++) {
                float value = z[zAt + k * columns + c];
                max = value > max ? value : max;
            }
            float total = 0;
            for (int k = 0; k < classes; k++) {
                float value = Functions.exp(z[zAt + k * columns + c] - max);
                p[pAt + k * columns + c] = value;
                total += value;
            }
            for (int k = 0; k < classes; k++) {
                p[pAt + k * columns + c] /= total;
            }
            maxima[c] = max;
            totals[c] = total;
        }
    }

    @Override
    default void transpose(
            float[] src,
            int srcAt,
            int srcRow,
            int rows,
            float[] dst,
            int dstAt,
            int dstRow,
            int columns,
            float[] scratch) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                dst[dstAt + c * dstRow + r] = src[srcAt + r * srcRow + c];
            }
        }
    }

    @Override
    default void decode(byte[] src, int srcAt, float[] dst, int dstAt, int n) {
        for (int i = 0; i < n; i++) {
            dst[dstAt + i] = Features.Bytes.value(src[srcAt + i]);
        }
    }
}
