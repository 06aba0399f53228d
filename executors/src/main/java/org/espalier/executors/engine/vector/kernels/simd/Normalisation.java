// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;

/** Sums over a channel in 16 lanes and blocks, and the two passes of batch normalisation. */
interface Normalisation extends Kernels {

    @Override
    default double sum(float[] x, int at, int n, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            int to = at + Math.min(n, from + BLOCK);
            for (int l = 0; l < LANES; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = at + from + l; i < to; i += LANES) {
                    a = a.add(FloatVector.fromArray(SPECIES, x, i));
                }
                a.intoArray(lanes, l);
            }
            sum += folded(lanes);
        }
        return sum;
    }

    /** Rows of no more than a block are one fold each, and so are folded together. */
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
        if (n > BLOCK) {
            for (int r = 0; r < rows; r++) {
                out[outAt + r] = (float) sum(x, xAt + r * xRow, n, scratch);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int l = 0; l < LANES; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = xAt + r * xRow + l; i < xAt + r * xRow + n; i += LANES) {
                    a = a.add(FloatVector.fromArray(SPECIES, x, i));
                }
                a.intoArray(scratch, r * LANES + l);
            }
        }
        fold(scratch, 0, (rows + LANES - 1) / LANES * LANES, out, outAt);
    }

    @Override
    default double squares(float[] x, int at, int n, float mean, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            int to = at + Math.min(n, from + BLOCK);
            for (int l = 0; l < LANES; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = at + from + l; i < to; i += LANES) {
                    FloatVector e = FloatVector.fromArray(SPECIES, x, i).sub(mean);
                    a = e.fma(e, a);
                }
                a.intoArray(lanes, l);
            }
            sum += folded(lanes);
        }
        return sum;
    }

    @Override
    default double dot(float[] d, int dAt, float[] x, int xAt, int n, float mean, float[] lanes) {
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            for (int l = 0; l < LANES; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = from + l; i < to; i += LANES) {
                    FloatVector e = FloatVector.fromArray(SPECIES, x, xAt + i).sub(mean);
                    a = e.fma(FloatVector.fromArray(SPECIES, d, dAt + i), a);
                }
                a.intoArray(lanes, l);
            }
            sum += folded(lanes);
        }
        return sum;
    }

    private static float folded(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    @Override
    default void normalise(
            float[] y, int yAt, float[] x, int xAt, int n, float mean, float factor, float shift) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        FloatVector s = FloatVector.broadcast(SPECIES, shift);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector e = FloatVector.fromArray(SPECIES, x, xAt + i).sub(mean);
            e.fma(f, s).intoArray(y, yAt + i);
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
        FloatVector minusSlope = FloatVector.broadcast(SPECIES, -slope);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector e = FloatVector.fromArray(SPECIES, x, xAt + i).sub(mean);
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + i).sub(offset);
            e.fma(minusSlope, g).mul(factor).intoArray(dx, dxAt + i);
        }
    }
}
