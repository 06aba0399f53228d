// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import java.util.Arrays;

/** Sums over samples, and what batch normalisation does with them. */
interface ScalarSums extends Kernels {

    @Override
    default void foldQuarters(float[] q, int qAt, int count, float[] out, int outAt) {
        for (int n = 0; n < count; n++) {
            int s = qAt + 4 * n;
            out[outAt + Kernels.slot(n)] = (q[s] + q[s + 2]) + (q[s + 1] + q[s + 3]);
        }
    }

    @Override
    default void fold(float[] acc, int accAt, int count, float[] out, int outAt) {
        for (int k = 0; k < count; k++) {
            out[outAt + k] = folded(acc, accAt + k * LANES);
        }
    }

    private static float folded(float[] acc, int at) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                acc[at + l] += acc[at + l + half];
            }
        }
        return acc[at];
    }

    @Override
    default double sum(float[] x, int at, int n, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(n, from + BLOCK); i++) {
                lanes[i % LANES] += x[at + i];
            }
            sum += folded(lanes, 0);
        }
        return sum;
    }

    @Override
    default void sums(
            float[] out,
            int outAt,
            int rows,
            float[] x,
            int xAt,
            int xRow,
            int n,
            float[] scratch) {
        for (int r = 0; r < rows; r++) {
            out[outAt + r] = (float) sum(x, xAt + r * xRow, n, scratch);
        }
    }

    @Override
    default double squares(float[] x, int at, int n, float mean, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(n, from + BLOCK); i++) {
                float e = x[at + i] - mean;
                lanes[i % LANES] = Math.fma(e, e, lanes[i % LANES]);
            }
            sum += folded(lanes, 0);
        }
        return sum;
    }

    @Override
    default double dot(float[] d, int dAt, float[] x, int xAt, int n, float mean, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(n, from + BLOCK); i++) {
                lanes[i % LANES] = Math.fma(d[dAt + i], x[xAt + i] - mean, lanes[i % LANES]);
            }
            sum += folded(lanes, 0);
        }
        return sum;
    }

    @Override
    default void normalise(
            float[] y, int yAt, float[] x, int xAt, int n, float mean, float factor, float shift) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = Math.fma(x[xAt + i] - mean, factor, shift);
        }
    }

    @Override
    default void normaliseGradient(
            float[] dx,
            int dxAt,
            float[] d,
            int dAt,
            float[] x,
            int xAt,
            int n,
            float mean,
            float offset,
            float slope,
            float factor) {
        for (int i = 0; i < n; i++) {
            float centred = x[xAt + i] - mean;
            dx[dxAt + i] = factor * Math.fma(-slope, centred, d[dAt + i] - offset);
        }
    }
}
