// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import org.espalier.executors.engine.vector.kernels.Kernels;

/** The kernels in vectors of this JVM's width; made by name where the module is present. */
public final class SimdKernels implements Kernels {

    @Override
    public String description() {
        return Lanes.SPECIES.vectorBitSize() + " bit";
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
        Products.multiply(
                out, outAt, outRow, rows, columns, w, wAt, wRow, wStep, x, xAt, xRow, xStep, steps,
                start, startAt, startStep);
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
        SparseProducts.multiply(
                out,
                outAt,
                outRow,
                rows,
                columns,
                values,
                valuesAt,
                order,
                segments,
                segmentRow,
                first,
                last,
                x,
                xAt,
                xRow,
                xStep,
                start,
                startAt,
                startStep);
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
        LaneSums.products(acc, accAt, base, from, to, d, dAt, columns, x, xAt, xRow, xStep);
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
        SparseGradients.quarters(q, qAt, base, from, to, d, dAt, columns, x, xAt, xRow, xStep);
    }

    @Override
    public void foldQuarters(float[] q, int qAt, int count, float[] out, int outAt) {
        Folds.quarters(q, qAt, count, out, outAt);
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
        LaneSums.outer(
                acc, accAt, accRow, accStep, d, dAt, dRow, rows, x, xAt, xRow, xStep, columns);
    }

    @Override
    public void fold(float[] acc, int accAt, int count, float[] out, int outAt) {
        Folds.fold(acc, accAt, count, out, outAt);
    }

    @Override
    public double sum(float[] x, int at, int n, float[] lanes) {
        return Normalisation.sum(x, at, n, lanes);
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
        Normalisation.sums(out, outAt, rows, x, xAt, xRow, n, scratch);
    }

    @Override
    public double squares(float[] x, int at, int n, float mean, float[] lanes) {
        return Normalisation.squares(x, at, n, mean, lanes);
    }

    @Override
    public double dot(float[] d, int dAt, float[] x, int xAt, int n, float mean, float[] lanes) {
        return Normalisation.dot(d, dAt, x, xAt, n, mean, lanes);
    }

    @Override
    public void normalise(
            float[] y, int yAt, float[] x, int xAt, int n, float mean, float factor, float shift) {
        Normalisation.normalise(y, yAt, x, xAt, n, mean, factor, shift);
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
        Normalisation.normaliseGradient(dx, dxAt, d, dAt, x, xAt, n, mean, offset, slope, factor);
    }

    @Override
    public void relu(float[] x, int at, int n) {
        Elementwise.relu(x, at, n);
    }

    @Override
    public void reluGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        Elementwise.reluGradient(d, dAt, y, yAt, n);
    }

    @Override
    public void tanh(float[] x, int at, int n) {
        Elementwise.tanh(x, at, n);
    }

    @Override
    public void tanhGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        Elementwise.tanhGradient(d, dAt, y, yAt, n);
    }

    @Override
    public void sigmoid(float[] x, int at, int n) {
        Elementwise.sigmoid(x, at, n);
    }

    @Override
    public void sigmoidGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        Elementwise.sigmoidGradient(d, dAt, y, yAt, n);
    }

    @Override
    public void add(float[] y, int yAt, float[] x, int xAt, int n) {
        Elementwise.add(y, yAt, x, xAt, n);
    }

    @Override
    public void plus(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        Elementwise.plus(y, yAt, x, xAt, z, zAt, n);
    }

    @Override
    public void times(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        Elementwise.times(y, yAt, x, xAt, z, zAt, n);
    }

    @Override
    public void addScaled(float[] y, int yAt, float[] x, int xAt, int n, float factor) {
        Elementwise.addScaled(y, yAt, x, xAt, n, factor);
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
        Elementwise.larger(best, bestAt, which, whichAt, x, xAt, n, tap);
    }

    @Override
    public void largerGradient(
            float[] dx, int dxAt, float[] which, int whichAt, float[] d, int dAt, int n, int tap) {
        Elementwise.largerGradient(dx, dxAt, which, whichAt, d, dAt, n, tap);
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
        Elementwise.softmax(p, pAt, z, zAt, classes, columns, maxima, totals);
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
        Folds.transpose(src, srcAt, srcRow, rows, dst, dstAt, dstRow, columns, scratch);
    }

    @Override
    public void decode(byte[] src, int srcAt, float[] dst, int dstAt, int n) {
        Bytes.decode(src, srcAt, dst, dstAt, n);
    }

    @Override
    public void keep(float[] g, int gAt, float[] keep, int keepAt, int n) {
        Updates.keep(g, gAt, keep, keepAt, n);
    }

    @Override
    public void couple(float[] g, float[] w, int at, int n, float c) {
        Updates.couple(g, w, at, n, c);
    }

    @Override
    public void shrink(float[] w, int at, int n, float c) {
        Updates.shrink(w, at, n, c);
    }

    @Override
    public void sgd(float[] w, float[] g, int at, int n, float rate) {
        Updates.sgd(w, g, at, n, rate);
    }

    @Override
    public void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        Updates.nesterov(w, g, v, at, n, rate, m);
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
        Updates.adam(w, g, m, v, at, n, beta1, rest1, beta2, rest2, rate, root, epsilon);
    }
}
