// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.SparseProduct;

/**
 * Sums of products over samples and positions in 16 virtual lanes. Below 512 bit a group of lanes
 * is done at a time; a lane never sees another's elements, so the bits are the same.
 */
interface LaneSums extends Kernels {

    /** Columns of a piece: with 4 rows of gradients 16 KiB that stay in the first-level cache. */
    int PIECE = 1024;

    @Override
    default void laneProducts(
            SparseProduct p, float[] acc, Rows d, int dFrom, Rows x, int xFrom, int length) {
        int columns = length * d.row();
        int inputs = x.index(xFrom + p.shift());
        for (int r = 0; r < p.rows(); r++) {
            int from = p.from(r);
            int to = p.to(r);
            int gradients = d.index(dFrom + r * p.outStep());
            for (int lanes = 0; lanes < LANES; lanes += WIDTH) {
                int dAt = gradients + lanes;
                int xAt = inputs + lanes;
                int k = from;
                for (; k + 4 <= to; k += 4) {
                    products4(p, k, acc, lanes + k * LANES, d, dAt, x, xAt, columns);
                }
                if (k + 2 <= to) {
                    products2(p, k, acc, lanes + k * LANES, d, dAt, x, xAt, columns);
                    k += 2;
                }
                if (k < to) {
                    int row = xAt + p.xSteps()[k] * x.row();
                    product1(acc, lanes + k * LANES, d, dAt, x, row, columns);
                }
            }
        }
    }

    private static void products4(
            SparseProduct p,
            int k,
            float[] acc,
            int at,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt,
            int columns) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int x0 = xAt + xStep[k] * xRow;
        int x1 = xAt + xStep[k + 1] * xRow;
        int x2 = xAt + xStep[k + 2] * xRow;
        int x3 = xAt + xStep[k + 3] * xRow;
        FloatVector a0 = FloatVector.fromArray(SPECIES, acc, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, acc, at + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, acc, at + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, acc, at + 3 * LANES);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + c);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + c).fma(g, a0);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + c).fma(g, a1);
            a2 = FloatVector.fromArray(SPECIES, x, x2 + c).fma(g, a2);
            a3 = FloatVector.fromArray(SPECIES, x, x3 + c).fma(g, a3);
        }
        a0.intoArray(acc, at);
        a1.intoArray(acc, at + LANES);
        a2.intoArray(acc, at + 2 * LANES);
        a3.intoArray(acc, at + 3 * LANES);
    }

    private static void products2(
            SparseProduct p,
            int k,
            float[] acc,
            int at,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt,
            int columns) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int x0 = xAt + xStep[k] * xRow;
        int x1 = xAt + xStep[k + 1] * xRow;
        FloatVector a0 = FloatVector.fromArray(SPECIES, acc, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, acc, at + LANES);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + c);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + c).fma(g, a0);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + c).fma(g, a1);
        }
        a0.intoArray(acc, at);
        a1.intoArray(acc, at + LANES);
    }

    private static void product1(
            float[] acc, int at, Rows dRows, int dAt, Rows xRows, int xAt, int columns) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        FloatVector a = FloatVector.fromArray(SPECIES, acc, at);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, d, dAt + c);
            a = FloatVector.fromArray(SPECIES, x, xAt + c).fma(d0, a);
        }
        a.intoArray(acc, at);
    }

    @Override
    default void laneOuter(
            Product p, float[] acc, int accAt, Rows d, int dFrom, Rows x, int xFrom, int columns) {
        int accRow = p.wStep() * LANES;
        int dRow = p.outStep() * d.row();
        for (int from = 0; from < columns; from += PIECE) {
            int n = Math.min(PIECE, columns - from);
            for (int lanes = 0; lanes < LANES; lanes += WIDTH) {
                int at = accAt + lanes;
                int dr = d.index(dFrom) + from + lanes;
                int xi = x.index(xFrom) + from + lanes;
                int r = 0;
                for (; r + 4 <= p.rows(); r += 4) {
                    rows4(p, acc, at, d, dr, x, xi, n);
                    at += 4 * accRow;
                    dr += 4 * dRow;
                }
                for (; r < p.rows(); r++) {
                    row(p, acc, at, d, dr, x, xi, n);
                    at += accRow;
                    dr += dRow;
                }
            }
        }
    }

    private static void rows4(
            Product p, float[] acc, int at, Rows d, int dAt, Rows x, int xAt, int n) {
        int s = 0;
        for (; s + 4 <= p.steps(); s += 4) {
            outer4x4(p, s, acc, at, d, dAt, x, xAt, n);
        }
        for (; s < p.steps(); s++) {
            int row = xAt + p.xSteps()[s] * x.row();
            outer4x1(p, acc, at + p.wSteps()[s] * LANES, d, dAt, x, row, n);
        }
    }

    private static void row(
            Product p, float[] acc, int at, Rows d, int dAt, Rows x, int xAt, int n) {
        int s = 0;
        for (; s + 4 <= p.steps(); s += 4) {
            outer1x4(p, s, acc, at, d, dAt, x, xAt, n);
        }
        for (; s < p.steps(); s++) {
            int row = xAt + p.xSteps()[s] * x.row();
            product1(acc, at + p.wSteps()[s] * LANES, d, dAt, x, row, n);
        }
    }

    private static void outer4x4(
            Product p,
            int i,
            float[] acc,
            int at0,
            Rows dRows,
            int d0,
            Rows xRows,
            int xAt,
            int n) {
        int accRow = p.wStep() * LANES;
        int dRow = p.outStep() * dRows.row();
        int[] accStep = p.wSteps();
        float[] d = dRows.array();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int at1 = at0 + accRow;
        int at2 = at1 + accRow;
        int at3 = at2 + accRow;
        int s0 = accStep[i] * LANES;
        int s1 = accStep[i + 1] * LANES;
        int s2 = accStep[i + 2] * LANES;
        int s3 = accStep[i + 3] * LANES;
        int d1 = d0 + dRow;
        int d2 = d1 + dRow;
        int d3 = d2 + dRow;
        int x0 = xAt + xStep[i] * xRow;
        int x1 = xAt + xStep[i + 1] * xRow;
        int x2 = xAt + xStep[i + 2] * xRow;
        int x3 = xAt + xStep[i + 3] * xRow;
        FloatVector a00 = FloatVector.fromArray(SPECIES, acc, at0 + s0);
        FloatVector a01 = FloatVector.fromArray(SPECIES, acc, at0 + s1);
        FloatVector a02 = FloatVector.fromArray(SPECIES, acc, at0 + s2);
        FloatVector a03 = FloatVector.fromArray(SPECIES, acc, at0 + s3);
        FloatVector a10 = FloatVector.fromArray(SPECIES, acc, at1 + s0);
        FloatVector a11 = FloatVector.fromArray(SPECIES, acc, at1 + s1);
        FloatVector a12 = FloatVector.fromArray(SPECIES, acc, at1 + s2);
        FloatVector a13 = FloatVector.fromArray(SPECIES, acc, at1 + s3);
        FloatVector a20 = FloatVector.fromArray(SPECIES, acc, at2 + s0);
        FloatVector a21 = FloatVector.fromArray(SPECIES, acc, at2 + s1);
        FloatVector a22 = FloatVector.fromArray(SPECIES, acc, at2 + s2);
        FloatVector a23 = FloatVector.fromArray(SPECIES, acc, at2 + s3);
        FloatVector a30 = FloatVector.fromArray(SPECIES, acc, at3 + s0);
        FloatVector a31 = FloatVector.fromArray(SPECIES, acc, at3 + s1);
        FloatVector a32 = FloatVector.fromArray(SPECIES, acc, at3 + s2);
        FloatVector a33 = FloatVector.fromArray(SPECIES, acc, at3 + s3);
        for (int c = 0; c < n; c += LANES) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, x0 + c);
            FloatVector v1 = FloatVector.fromArray(SPECIES, x, x1 + c);
            FloatVector v2 = FloatVector.fromArray(SPECIES, x, x2 + c);
            FloatVector v3 = FloatVector.fromArray(SPECIES, x, x3 + c);
            FloatVector g0 = FloatVector.fromArray(SPECIES, d, d0 + c);
            a00 = v0.fma(g0, a00);
            a01 = v1.fma(g0, a01);
            a02 = v2.fma(g0, a02);
            a03 = v3.fma(g0, a03);
            FloatVector g1 = FloatVector.fromArray(SPECIES, d, d1 + c);
            a10 = v0.fma(g1, a10);
            a11 = v1.fma(g1, a11);
            a12 = v2.fma(g1, a12);
            a13 = v3.fma(g1, a13);
            FloatVector g2 = FloatVector.fromArray(SPECIES, d, d2 + c);
            a20 = v0.fma(g2, a20);
            a21 = v1.fma(g2, a21);
            a22 = v2.fma(g2, a22);
            a23 = v3.fma(g2, a23);
            FloatVector g3 = FloatVector.fromArray(SPECIES, d, d3 + c);
            a30 = v0.fma(g3, a30);
            a31 = v1.fma(g3, a31);
            a32 = v2.fma(g3, a32);
            a33 = v3.fma(g3, a33);
        }
        a00.intoArray(acc, at0 + s0);
        a01.intoArray(acc, at0 + s1);
        a02.intoArray(acc, at0 + s2);
        a03.intoArray(acc, at0 + s3);
        a10.intoArray(acc, at1 + s0);
        a11.intoArray(acc, at1 + s1);
        a12.intoArray(acc, at1 + s2);
        a13.intoArray(acc, at1 + s3);
        a20.intoArray(acc, at2 + s0);
        a21.intoArray(acc, at2 + s1);
        a22.intoArray(acc, at2 + s2);
        a23.intoArray(acc, at2 + s3);
        a30.intoArray(acc, at3 + s0);
        a31.intoArray(acc, at3 + s1);
        a32.intoArray(acc, at3 + s2);
        a33.intoArray(acc, at3 + s3);
    }

    private static void outer1x4(
            Product p,
            int i,
            float[] acc,
            int at,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt,
            int n) {
        int[] accStep = p.wSteps();
        float[] d = dRows.array();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int at0 = at + accStep[i] * LANES;
        int at1 = at + accStep[i + 1] * LANES;
        int at2 = at + accStep[i + 2] * LANES;
        int at3 = at + accStep[i + 3] * LANES;
        int x0 = xAt + xStep[i] * xRow;
        int x1 = xAt + xStep[i + 1] * xRow;
        int x2 = xAt + xStep[i + 2] * xRow;
        int x3 = xAt + xStep[i + 3] * xRow;
        FloatVector a0 = FloatVector.fromArray(SPECIES, acc, at0);
        FloatVector a1 = FloatVector.fromArray(SPECIES, acc, at1);
        FloatVector a2 = FloatVector.fromArray(SPECIES, acc, at2);
        FloatVector a3 = FloatVector.fromArray(SPECIES, acc, at3);
        for (int c = 0; c < n; c += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + c);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + c).fma(g, a0);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + c).fma(g, a1);
            a2 = FloatVector.fromArray(SPECIES, x, x2 + c).fma(g, a2);
            a3 = FloatVector.fromArray(SPECIES, x, x3 + c).fma(g, a3);
        }
        a0.intoArray(acc, at0);
        a1.intoArray(acc, at1);
        a2.intoArray(acc, at2);
        a3.intoArray(acc, at3);
    }

    private static void outer4x1(
            Product p, float[] acc, int at, Rows dRows, int dAt, Rows xRows, int xAt, int n) {
        int accRow = p.wStep() * LANES;
        int dRow = p.outStep() * dRows.row();
        float[] d = dRows.array();
        float[] x = xRows.array();
        FloatVector a0 = FloatVector.fromArray(SPECIES, acc, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, acc, at + accRow);
        FloatVector a2 = FloatVector.fromArray(SPECIES, acc, at + 2 * accRow);
        FloatVector a3 = FloatVector.fromArray(SPECIES, acc, at + 3 * accRow);
        for (int c = 0; c < n; c += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + c);
            a0 = FloatVector.fromArray(SPECIES, d, dAt + c).fma(v, a0);
            a1 = FloatVector.fromArray(SPECIES, d, dAt + dRow + c).fma(v, a1);
            a2 = FloatVector.fromArray(SPECIES, d, dAt + 2 * dRow + c).fma(v, a2);
            a3 = FloatVector.fromArray(SPECIES, d, dAt + 3 * dRow + c).fma(v, a3);
        }
        a0.intoArray(acc, at);
        a1.intoArray(acc, at + accRow);
        a2.intoArray(acc, at + 2 * accRow);
        a3.intoArray(acc, at + 3 * accRow);
    }
}
