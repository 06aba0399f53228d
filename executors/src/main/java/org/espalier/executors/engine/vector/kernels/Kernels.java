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
 * <p><b>Memory.</b> An array comes with the index of its first element, or as {@link Rows}, whose
 * element c of row r is written {@code x(r)[c]}. Lengths along the batch are multiples of 16; what
 * lies beyond the last sample is computed like the rest and never looked at.
 */
public interface Kernels {

    /** Virtual lanes of a reduction; batches and rows are padded to a multiple of it. */
    int LANES = 16;

    /** Elements of a sum that are folded to one float before they are added in double. */
    int BLOCK = 1024;

    /** Magnitude below which an optimiser's moments become 0, before they turn denormal. */
    float TINY = 1e-30f;

    /** What computes, for a row's provenance. */
    String description();

    /**
     * Products of a matrix with rows of samples, added to what is there, or to a start of each
     * output. For r &lt; rows and c &lt; length rows of x, with s rising from 0:
     *
     * <pre>
     *   o = outFrom + r outStep
     *   out(o)[c] = start(r)                               where there is a start
     *   out(o)[c] = fma(w(wFrom + r wStep)[wSteps[s]], x(xFrom + xSteps[s])[c], out(o)[c])
     * </pre>
     *
     * @param length of the outputs in rows of x, which are a multiple of 16
     */
    void multiply(
            Product p,
            Start start,
            Rows out,
            int outFrom,
            Rows w,
            int wFrom,
            Rows x,
            int xFrom,
            int length);

    /**
     * The same with a compressed matrix, whose values are in the first row of w: for each r, with k
     * rising through [from(r), to(r)):
     *
     * <pre>
     *   o = outFrom + r outStep
     *   out(o)[c] = start(r)                               where there is a start
     *   out(o)[c] = fma(w(0)[order[k]], x(xFrom + shift + xSteps[k])[c], out(o)[c])
     * </pre>
     */
    void multiplySparse(
            SparseProduct p,
            Start start,
            Rows out,
            int outFrom,
            Rows w,
            Rows x,
            int xFrom,
            int length);

    /**
     * Lane sums of products of gradients with inputs: of {@link #multiply} the derivatives by each
     * weight, d the gradients of the outputs. For r &lt; rows and s &lt; steps, with a = accAt + 16
     * (r wStep + wSteps[s]) and c rising from 0 to columns,
     *
     * <pre>
     *   acc[a + c mod 16] = fma(d(dFrom + r outStep)[c], x(xFrom + xSteps[s])[c], acc[a + c mod 16])
     * </pre>
     *
     * @param p whose wSteps are all different
     * @param columns multiple of 16
     */
    void laneOuter(
            Product p, float[] acc, int accAt, Rows d, int dFrom, Rows x, int xFrom, int columns);

    /**
     * The same of {@link #multiplySparse}: for each r and k in [from(r), to(r)), with c rising from
     * 0 to length rows,
     *
     * <pre>
     *   acc[16 k + c mod 16] =
     *       fma(d(dFrom + r outStep)[c], x(xFrom + shift + xSteps[k])[c], acc[16 k + c mod 16])
     * </pre>
     *
     * @param d of rows as long as those of x, a multiple of 16
     */
    void laneProducts(
            SparseProduct p, float[] acc, Rows d, int dFrom, Rows x, int xFrom, int length);

    /**
     * These lane sums of one row of gradients, from 0 and folded by 8 and 4 at once: for k in
     * [from, to) and l &lt; 4, {@code q[at + 4 k + l]} is {@code (acc[l] + acc[l + 8]) + (acc[l +
     * 4] + acc[l + 12])} with the 16 lanes acc that k has from zeros when c rises from 0 to a row
     * of d:
     *
     * <pre>
     *   acc[c mod 16] = fma(d(dFrom)[c], x(xFrom + shift + xSteps[k])[c], acc[c mod 16])
     * </pre>
     *
     * @param at index at which k = 0 would be, which may lie before the array
     * @param from multiple of 4, like to
     * @param d of rows of a multiple of 16
     */
    void quarterProducts(
            SparseProduct p,
            float[] q,
            int at,
            int from,
            int to,
            Rows d,
            int dFrom,
            Rows x,
            int xFrom);

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
     * Folds lane sums: {@code out[k]} is the fold of {@code acc[16 k ... 16 k + 15]}; acc is
     * destroyed.
     *
     * @param count multiple of 16
     */
    void fold(float[] acc, int accAt, int count, float[] out, int outAt);

    /**
     * Sum in 16 lanes. Blocks of {@value #BLOCK} are folded to a float each, which are added in
     * double.
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
     * v, w)}.
     */
    void heavyBall(float[] w, float[] g, float[] v, int at, int n, float rate, float m);

    /**
     * {@code v = fma(m, v, g)}, 0 where its magnitude is below {@link #TINY}; {@code w = fma(-rate,
     * fma(m, v, g), w)}.
     */
    void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m);

    /**
     * Adam with its corrections folded into two numbers, {@code rate / (1 - beta1^t)} and {@code 1
     * / sqrt(1 - beta2^t)}:
     *
     * <pre>
     *   m = fma(beta1, m, rest1 g);      v = fma(beta2, v, rest2 g g)
     *   m, v = 0 where the magnitude is below TINY
     *   w = w - rate m / fma(sqrt(v), root, epsilon)
     * </pre>
     *
     * with (rest2 g) g, and (rate m) / ... in this order of operations.
     */
    void adam(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            int at,
            int n,
            Adam constants,
            float rate,
            float root);

    /**
     * What does not change from one update of Adam to the next.
     *
     * @param rest1 1 - beta1, rounded
     * @param rest2 1 - beta2, rounded
     */
    record Adam(float beta1, float rest1, float beta2, float rest2, float epsilon) {}
}
