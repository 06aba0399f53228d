// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.Kernels.LANES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Sums of products over samples and positions in 16 virtual lanes. Below 512 bit a group of lanes
 * is done at a time; a lane never sees another's elements, so the bits are the same.
 */
final class LaneSums {
    private LaneSums() {}

    /** Columns of a block: with 4 rows of gradients 16 KiB that stay in the first-level cache. */
    private static final int BLOCK = 1024;

    static void products(
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
        for (int lanes = 0; lanes < LANES; lanes += WIDTH) {
            int at = accAt - base * LANES + lanes;
            int k = from;
            for (; k + 4 <= to; k += 4) {
                products4(
                        acc,
                        at + k * LANES,
                        k,
                        d,
                        dAt + lanes,
                        columns,
                        x,
                        xAt + lanes,
                        xRow,
                        xStep);
            }
            if (k + 2 <= to) {
                products2(
                        acc,
                        at + k * LANES,
                        k,
                        d,
                        dAt + lanes,
                        columns,
                        x,
                        xAt + lanes,
                        xRow,
                        xStep);
                k += 2;
            }
            if (k < to) {
                int row = xAt + xStep[k] * xRow + lanes;
                product1(acc, at + k * LANES, d, dAt + lanes, columns, x, row);
            }
        }
    }

    private static void products4(
            float[] acc,
            int at,
            int k,
            float[] d,
            int dAt,
            int columns,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep) {
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
            float[] acc,
            int at,
            int k,
            float[] d,
            int dAt,
            int columns,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep) {
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
            float[] acc, int at, float[] d, int dAt, int columns, float[] x, int xAt) {
        FloatVector a = FloatVector.fromArray(SPECIES, acc, at);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, d, dAt + c);
            a = FloatVector.fromArray(SPECIES, x, xAt + c).fma(d0, a);
        }
        a.intoArray(acc, at);
    }

    static void outer(
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
        for (int from = 0; from < columns; from += BLOCK) {
            int n = Math.min(BLOCK, columns - from);
            for (int lanes = 0; lanes < LANES; lanes += WIDTH) {
                int at = accAt + lanes;
                int dr = dAt + from + lanes;
                int xi = xAt + from + lanes;
                int r = 0;
                for (; r + 4 <= rows; r += 4) {
                    rows4(acc, at, accRow, accStep, d, dr, dRow, x, xi, xRow, xStep, n);
                    at += 4 * accRow;
                    dr += 4 * dRow;
                }
                for (; r < rows; r++) {
                    row(acc, at, accStep, d, dr, x, xi, xRow, xStep, n);
                    at += accRow;
                    dr += dRow;
                }
            }
        }
    }

    private static void rows4(
            float[] acc,
            int at,
            int accRow,
            int[] accStep,
            float[] d,
            int dAt,
            int dRow,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int n) {
        int i = 0;
        for (; i + 4 <= xStep.length; i += 4) {
            outer4x4(acc, at, accRow, accStep, i, d, dAt, dRow, x, xAt, xRow, xStep, n);
        }
        for (; i < xStep.length; i++) {
            int row = xAt + xStep[i] * xRow;
            outer4x1(acc, at + accStep[i] * LANES, accRow, d, dAt, dRow, x, row, n);
        }
    }

    private static void row(
            float[] acc,
            int at,
            int[] accStep,
            float[] d,
            int dAt,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int n) {
        int i = 0;
        for (; i + 4 <= xStep.length; i += 4) {
            outer1x4(acc, at, accStep, i, d, dAt, x, xAt, xRow, xStep, n);
        }
        for (; i < xStep.length; i++) {
            product1(acc, at + accStep[i] * LANES, d, dAt, n, x, xAt + xStep[i] * xRow);
        }
    }

    private static void outer4x4(
            float[] acc,
            int at0,
            int accRow,
            int[] accStep,
            int i,
            float[] d,
            int d0,
            int dRow,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int n) {
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
            float[] acc,
            int at,
            int[] accStep,
            int i,
            float[] d,
            int dAt,
            float[] x,
            int xAt,
            int xRow,
            int[] xStep,
            int n) {
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
            float[] acc,
            int at,
            int accRow,
            float[] d,
            int dAt,
            int dRow,
            float[] x,
            int xAt,
            int n) {
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
