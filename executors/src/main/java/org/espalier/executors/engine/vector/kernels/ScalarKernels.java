// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import java.util.Arrays;
import org.espalier.executors.data.Features;

/**
 * The kernels in their plainest form: what the vector ones are held to, bit for bit, and what runs
 * where there are no vectors. {@link Math#fma} is slow on machines without the instruction.
 */
public final class ScalarKernels implements Kernels {

    private static final int BLOCK = 1024;

    @Override
    public String description() {
        return "scalar";
    }

    @Override
    public void multiply(
            float[] out,
            int outAt,
            int outRow,
            int rows,
            int columns,
            float[] w,
            int wAt,
            int wRow,
            int[] wStep,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int steps,
            float[] start,
            int startAt,
            int startStep) {
        for (int r = 0; r < rows; r++) {
            int to = outAt + r * outRow;
            if (start != null) {
                Arrays.fill(out, to, to + columns, start[startAt + r * startStep]);
            }
            for (int s = 0; s < steps; s++) {
                axpy(out, to, columns, w[wAt + r * wRow + wStep[s]], x, xAt + xStep[s] * xRow);
            }
        }
    }

    @Override
    public void multiplySparse(
            float[] out,
            int outAt,
            int outRow,
            int rows,
            int columns,
            float[] values,
            int valuesAt,
            int[] order,
            int[] segments,
            int segmentRow,
            int first,
            int last,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            float[] start,
            int startAt,
            int startStep) {
        for (int r = 0; r < rows; r++) {
            int to = outAt + r * outRow;
            if (start != null) {
                Arrays.fill(out, to, to + columns, start[startAt + r * startStep]);
            }
            int end = segments[r * segmentRow + last];
            for (int k = segments[r * segmentRow + first]; k < end; k++) {
                float value = values[valuesAt + order[k]];
                axpy(out, to, columns, value, x, xAt + xStep[k] * xRow);
            }
        }
    }

    private static void axpy(float[] out, int outAt, int n, float w, float[] x, int xAt) {
        for (int c = 0; c < n; c++) {
            out[outAt + c] = Math.fma(w, x[xAt + c], out[outAt + c]);
        }
    }

    @Override
    public void laneProducts(
            float[] acc,
            int accAt,
            int base,
            int from,
            int to,
            float[] d,
            int dAt,
            int columns,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep) {
        for (int k = from; k < to; k++) {
            int lanes = accAt + (k - base) * LANES;
            laneProduct(acc, lanes, d, dAt, x, xAt + xStep[k] * xRow, columns);
        }
    }

    @Override
    public void quarterProducts(
            float[] q,
            int qAt,
            int base,
            int from,
            int to,
            float[] d,
            int dAt,
            int columns,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep) {
        float[] lanes = new float[LANES];
        for (int k = from; k < to; k++) {
            Arrays.fill(lanes, 0);
            laneProduct(lanes, 0, d, dAt, x, xAt + xStep[k] * xRow, columns);
            for (int l = 0; l < 4; l++) {
                q[qAt + 4 * (k - base) + l] =
                        (lanes[l] + lanes[l + 8]) + (lanes[l + 4] + lanes[l + 12]);
            }
        }
    }

    @Override
    public void foldQuarters(float[] q, int qAt, int count, float[] out, int outAt) {
        for (int n = 0; n < count; n++) {
            int s = qAt + 4 * n;
            out[outAt + Kernels.slot(n)] = (q[s] + q[s + 2]) + (q[s + 1] + q[s + 3]);
        }
    }

    @Override
    public void laneOuter(
            float[] acc,
            int accAt,
            int accRow,
            int[] accStep,
            float[] d,
            int dAt,
            int dRow,
            int rows,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int columns) {
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < xStep.length; i++) {
                int lanes = accAt + r * accRow + accStep[i] * LANES;
                laneProduct(acc, lanes, d, dAt + r * dRow, x, xAt + xStep[i] * xRow, columns);
            }
        }
    }

    private static void laneProduct(
            float[] acc, int at, float[] d, int dAt, float[] x, int xAt, int n) {
        for (int c = 0; c < n; c++) {
            int lane = at + c % LANES;
            acc[lane] = Math.fma(d[dAt + c], x[xAt + c], acc[lane]);
        }
    }

    @Override
    public void fold(float[] acc, int accAt, int count, float[] out, int outAt) {
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
    public double sum(float[] x, int at, int n, float[] lanes) {
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
    public void sums(
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
    public double squares(float[] x, int at, int n, float mean, float[] lanes) {
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
    public double dot(float[] d, int dAt, float[] x, int xAt, int n, float mean, float[] lanes) {
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
    public void normalise(
            float[] y, int yAt, float[] x, int xAt, int n, float mean, float factor, float shift) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = Math.fma(x[xAt + i] - mean, factor, shift);
        }
    }

    @Override
    public void normaliseGradient(
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

    @Override
    public void relu(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = x[i] < 0 ? 0 : x[i];
        }
    }

    @Override
    public void reluGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            d[dAt + i] = y[yAt + i] > 0 ? d[dAt + i] : 0;
        }
    }

    @Override
    public void tanh(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = Functions.tanh(x[i]);
        }
    }

    @Override
    public void tanhGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            float square = y[yAt + i] * y[yAt + i];
            d[dAt + i] = Math.fma(-square, d[dAt + i], d[dAt + i]);
        }
    }

    @Override
    public void sigmoid(float[] x, int at, int n) {
        for (int i = at; i < at + n; i++) {
            x[i] = 1f / (1f + Functions.exp(-x[i]));
        }
    }

    @Override
    public void sigmoidGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            float value = y[yAt + i];
            d[dAt + i] = d[dAt + i] * (value * (1f - value));
        }
    }

    @Override
    public void add(float[] y, int yAt, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void plus(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = x[xAt + i] + z[zAt + i];
        }
    }

    @Override
    public void times(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = x[xAt + i] * z[zAt + i];
        }
    }

    @Override
    public void addScaled(float[] y, int yAt, float[] x, int xAt, int n, float factor) {
        axpy(y, yAt, n, factor, x, xAt);
    }

    @Override
    public void larger(
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
    public void largerGradient(
            float[] dx, int dxAt, float[] which, int whichAt, float[] d, int dAt, int n, int tap) {
        for (int i = 0; i < n; i++) {
            dx[dxAt + i] += which[whichAt + i] == tap ? d[dAt + i] : 0;
        }
    }

    @Override
    public void softmax(
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
    public void transpose(
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
    public void decode(byte[] src, int srcAt, float[] dst, int dstAt, int n) {
        for (int i = 0; i < n; i++) {
            dst[dstAt + i] = Features.Bytes.value(src[srcAt + i]);
        }
    }

    @Override
    public void keep(float[] g, int gAt, float[] keep, int keepAt, int n) {
        for (int i = 0; i < n; i++) {
            g[gAt + i] = keep[keepAt + i] == 0 ? 0 : g[gAt + i];
        }
    }

    @Override
    public void couple(float[] g, float[] w, int at, int n, float c) {
        for (int i = at; i < at + n; i++) {
            g[i] = Math.fma(c, w[i], g[i]);
        }
    }

    @Override
    public void shrink(float[] w, int at, int n, float c) {
        for (int i = at; i < at + n; i++) {
            w[i] = Math.fma(-c, w[i], w[i]);
        }
    }

    @Override
    public void sgd(float[] w, float[] g, int at, int n, float rate) {
        for (int i = at; i < at + n; i++) {
            w[i] = Math.fma(-rate, g[i], w[i]);
        }
    }

    @Override
    public void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        for (int i = at; i < at + n; i++) {
            v[i] = cleared(Math.fma(m, v[i], g[i]));
            w[i] = Math.fma(-rate, Math.fma(m, v[i], g[i]), w[i]);
        }
    }

    @Override
    public void adam(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            int at,
            int n,
            float beta1,
            float rest1,
            float beta2,
            float rest2,
            float rate,
            float root,
            float epsilon) {
        for (int i = at; i < at + n; i++) {
            m[i] = cleared(Math.fma(beta1, m[i], rest1 * g[i]));
            v[i] = cleared(Math.fma(beta2, v[i], rest2 * g[i] * g[i]));
            w[i] -= rate * m[i] / Math.fma((float) Math.sqrt(v[i]), root, epsilon);
        }
    }

    private static float cleared(float moment) {
        return Math.abs(moment) < TINY ? 0 : moment;
    }
}
