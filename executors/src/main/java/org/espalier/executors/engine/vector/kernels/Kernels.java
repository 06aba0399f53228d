// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * All floating-point loops of the engine. Each method states its arithmetic and the order of it;
 * every implementation has exactly these bits. Stateless.
 *
 * <p><b>Order.</b> {@code fma(a, b, c)} is a b + c rounded once. A sum over samples runs in {@value
 * #LANES} virtual lanes, whatever the width of the machine: element i goes to lane i mod 16, each
 * lane adds in rising order, and the lanes are folded by halves: lane l takes lane l + 8, then l +
 * 4, l + 2, l + 1. All other arithmetic stays within a lane.
 *
 * <p><b>Memory.</b> An array comes with the index of its first element. Lengths along the batch are
 * multiples of 16; what lies beyond the last sample is computed like the rest and never looked at.
 */
public interface Kernels {

    /** Virtual lanes of a reduction; batches and rows are padded to a multiple of it. */
    int LANES = 16;

    /** Magnitude below which an optimiser's moments become 0, before they turn denormal. */
    float TINY = 1e-30f;

    /** A start of rows at 0, with step 0. */
    float[] ZERO = {0};

    /** What computes, for a row's provenance. */
    String description();

    /**
     * Products of a matrix with rows of samples, added to what is there, or to a start of each row.
     * For r &lt; rows and c &lt; columns, with s rising from 0:
     *
     * <pre>
     *   out[r outRow + c] = start[r startStep]             where there is a start
     *   out[r outRow + c] = fma(w[r wRow + wStep[s]], x[xStep[s] xRow + c], out[r outRow + c])
     * </pre>
     *
     * @param columns multiple of 16
     * @param steps at least 1
     * @param start null to add to what is there
     */
    void multiply(
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
            int startStep);

    /**
     * The same with a compressed matrix: for each row r, with k rising through {@code [segments[r
     * segmentRow + first], segments[r segmentRow + last])}:
     *
     * <pre>
     *   out[r outRow + c] = start[r startStep]             where there is a start
     *   out[r outRow + c] = fma(values[order[k]], x[xStep[k] xRow + c], out[r outRow + c])
     * </pre>
     *
     * @param columns multiple of 16
     * @param start null to add to what is there
     */
    void multiplySparse(
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
            int startStep);

    /**
     * Lane sums of products of one row of gradients with the inputs of its surviving weights: for k
     * in [from, to), with c rising from 0 to columns,
     *
     * <pre>
     *   acc[16 (k - base) + c mod 16] = fma(d[c], x[xStep[k] xRow + c], acc[16 (k - base) + c mod 16])
     * </pre>
     *
     * @param columns multiple of 16
     */
    void laneProducts(
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
            int[] xStep);

    /**
     * The same lane sums, from 0 and folded by 8 and 4 at once: for k in [from, to) and l &lt; 4,
     * {@code q[4 (k - base) + l]} is {@code (acc[l] + acc[l + 8]) + (acc[l + 4] + acc[l + 12])}
     * with the 16 lanes acc that {@link #laneProducts} gives k from zeros.
     *
     * @param from multiple of 4, like base and to
     * @param columns multiple of 16
     */
    void quarterProducts(
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
            int[] xStep);

    /**
     * Folds these sums by 2 and 1: {@code out[slot(n)] = (s[0] + s[2]) + (s[1] + s[3])} with s =
     * {@code q[4 n ... 4 n + 3]}; q is destroyed.
     *
     * @param count multiple of 16
     */
    void foldQuarters(float[] q, int qAt, int count, float[] out, int outAt);

    /**
     * Where {@link #foldQuarters} leaves sum n: with n = 16 g + 4 m + e, m and e &lt; 4, at 16 g +
     * 4 e + m.
     */
    static int slot(int n) {
        return n / 16 * 16 + n % 4 * 4 + n % 16 / 4;
    }

    /**
     * Lane sums of products of every row of gradients with every row of inputs: for r &lt; rows and
     * each i, with a = r accRow + 16 accStep[i] and c rising from 0 to columns,
     *
     * <pre>
     *   acc[a + c mod 16] = fma(d[r dRow + c], x[xStep[i] xRow + c], acc[a + c mod 16])
     * </pre>
     *
     * @param accStep as many as xStep, all different
     * @param columns multiple of 16
     */
    void laneOuter(
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
            int columns);

    /**
     * Folds lane sums: {@code out[k]} is the fold of {@code acc[16 k ... 16 k + 15]}; acc is
     * destroyed.
     *
     * @param count multiple of 16
     */
    void fold(float[] acc, int accAt, int count, float[] out, int outAt);

    /**
     * Sum in 16 lanes. Blocks of 1024 are folded to a float each, which are added in double.
     *
     * @param n multiple of 16
     * @param lanes scratch of 16
     */
    double sum(float[] x, int at, int n, float[] lanes);

    /**
     * Sums of rows, rounded: {@code out[r]} is {@link #sum} of {@code x[r xRow ... r xRow + n -
     * 1]}.
     *
     * @param n multiple of 16
     * @param scratch of 16 times the rows, these rounded up to 16; beyond the rows out is written
     *     too
     */
    void sums(
            float[] out, int outAt, int rows, float[] x, int xAt, int xRow, int n, float[] scratch);

    /** Sum of {@code fma(e, e, lane)}, e = x - mean, in the order of {@link #sum}. */
    double squares(float[] x, int at, int n, float mean, float[] lanes);

    /** Sum of {@code fma(d, x - mean, lane)} in the order of {@link #sum}. */
    double dot(float[] d, int dAt, float[] x, int xAt, int n, float mean, float[] lanes);

    /** {@code y = fma(x - mean, factor, shift)}. */
    void normalise(
            float[] y, int yAt, float[] x, int xAt, int n, float mean, float factor, float shift);

    /** {@code dx = factor fma(-slope, x - mean, d - offset)}. */
    void normaliseGradient(
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
            float factor);

    /** {@code x = x < 0 ? 0 : x}; NaN stays, so that a diverged training shows. */
    void relu(float[] x, int at, int n);

    /** {@code d = y > 0 ? d : 0}. */
    void reluGradient(float[] d, int dAt, float[] y, int yAt, int n);

    /** {@code x = tanh(x)} by {@link Functions#tanh}. */
    void tanh(float[] x, int at, int n);

    /** {@code d = fma(-y y, d, d)} with y y rounded. */
    void tanhGradient(float[] d, int dAt, float[] y, int yAt, int n);

    /** {@code x = 1 / (1 + exp(-x))} by {@link Functions#exp}. */
    void sigmoid(float[] x, int at, int n);

    /** {@code d = d (y (1 - y))}. */
    void sigmoidGradient(float[] d, int dAt, float[] y, int yAt, int n);

    /** {@code y = y + x}. */
    void add(float[] y, int yAt, float[] x, int xAt, int n);

    /** {@code y = x + z}. */
    void plus(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n);

    /** {@code y = x z}. */
    void times(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n);

    /** {@code y = fma(x, factor, y)}. */
    void addScaled(float[] y, int yAt, float[] x, int xAt, int n, float factor);

    /**
     * One element of a pooling window against the largest before it: where {@code x > best} or x is
     * NaN, best becomes x and which becomes {@code tap}.
     */
    void larger(
            float[] best,
            int bestAt,
            float[] which,
            int whichAt,
            float[] x,
            int xAt,
            int n,
            int tap);

    /** {@code dx = dx + (which == tap ? d : 0)}. */
    void largerGradient(
            float[] dx, int dxAt, float[] which, int whichAt, float[] d, int dAt, int n, int tap);

    /**
     * Class probabilities of samples in columns: m the maximum over the rows, p = exp(z - m) by
     * {@link Functions#exp}, total = the sum of p over rising rows, p = p / total.
     *
     * @param p shape [classes, columns]
     * @param maxima shape [columns]
     * @param totals shape [columns]
     */
    void softmax(
            float[] p,
            int pAt,
            float[] z,
            int zAt,
            int classes,
            int columns,
            float[] maxima,
            float[] totals);

    /** dst, of shape [columns, rows], is src, of shape [rows, columns], transposed; both in 16s. */
    void transpose(
            float[] src,
            int srcAt,
            int srcRow,
            int rows,
            float[] dst,
            int dstAt,
            int dstRow,
            int columns,
            float[] scratch);

    /** {@code dst = (unsigned) src / 255}, rounded once. */
    void decode(byte[] src, int srcAt, float[] dst, int dstAt, int n);

    /** {@code g = keep == 0 ? 0 : g}. */
    void keep(float[] g, int gAt, float[] keep, int keepAt, int n);

    /** {@code g = fma(c, w, g)}: decay as part of the gradient. */
    void couple(float[] g, float[] w, int at, int n, float c);

    /** {@code w = fma(-c, w, w)}: decay beside the update. */
    void shrink(float[] w, int at, int n, float c);

    /** {@code w = fma(-rate, g, w)}. */
    void sgd(float[] w, float[] g, int at, int n, float rate);

    /**
     * {@code v = fma(m, v, g)}, 0 where its magnitude is below {@link #TINY}; {@code w = fma(-rate,
     * fma(m, v, g), w)}.
     */
    void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m);

    /**
     * Adam with its corrections folded into two numbers, {@code rate / (1 - b1^t)} and {@code 1 /
     * sqrt(1 - b2^t)}:
     *
     * <pre>
     *   m = fma(b1, m, (1 - b1) g);      v = fma(b2, v, (1 - b2) g g)
     *   m, v = 0 where the magnitude is below TINY
     *   w = w - rate m / fma(sqrt(v), root, epsilon)
     * </pre>
     *
     * with ((1 - b2) g) g, and (rate m) / ... in this order of operations.
     */
    void adam(
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
            float epsilon);
}
