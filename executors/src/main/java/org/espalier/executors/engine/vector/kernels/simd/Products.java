// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.Start;

/**
 * Dense products in tiles of 4 rows x 4 vectors: 16 accumulators stay in registers while the steps
 * of a chunk pass. A chunk's inputs fit into the first-level cache and serve all rows. Between
 * chunks the accumulators rest in the output, which changes no bit. The tile in which the time goes
 * takes arrays and distances as they are.
 */
interface Products extends Kernels {

    /** Steps of a chunk: 64 floats each are 24 KiB. */
    int CHUNK = 96;

    @Override
    default void multiply(
            Product p,
            Start start,
            Rows out,
            int outFrom,
            Rows w,
            int wFrom,
            Rows x,
            int xFrom,
            int length) {
        int rows = p.rows();
        int columns = length * x.row();
        int steps = p.steps();
        int o = out.index(outFrom);
        int outRow = p.outStep() * out.row();
        int m = w.index(wFrom);
        int wRow = p.wStep() * w.row();
        int i = x.index(xFrom);
        float[] z = out.array();
        float[] matrix = w.array();
        float[] v = x.array();
        int row = x.row();
        int c = 0;
        for (; c + 4 * WIDTH <= columns; c += 4 * WIDTH) {
            for (int from = 0; from < steps; from += CHUNK) {
                int to = Math.min(steps, from + CHUNK);
                Start first = from == 0 ? start : Start.NONE;
                int r = 0;
                for (; r + 4 <= rows; r += 4) {
                    int tile = o + r * outRow + c;
                    tile4x4(
                            p,
                            first,
                            r,
                            z,
                            tile,
                            outRow,
                            matrix,
                            m + r * wRow,
                            wRow,
                            v,
                            i + c,
                            row,
                            from,
                            to);
                }
                for (; r < rows; r++) {
                    int tile = o + r * outRow + c;
                    tile1x4(p, first, r, out, tile, w, m + r * wRow, x, i + c, from, to);
                }
            }
        }
        for (; c < columns; c += WIDTH) {
            int r = 0;
            for (; r + 4 <= rows; r += 4) {
                int tile = o + r * outRow + c;
                tile4x1(p, start, r, out, tile, w, m + r * wRow, x, i + c, 0, steps);
            }
            for (; r < rows; r++) {
                int tile = o + r * outRow + c;
                tile1x1(p, start, r, out, tile, w, m + r * wRow, x, i + c, 0, steps);
            }
        }
    }

    private static void tile4x4(
            Product p,
            Start start,
            int r,
            float[] out,
            int o0,
            int outRow,
            float[] w,
            int w0,
            int wRow,
            float[] x,
            int xAt,
            int xRow,
            int from,
            int to) {
        int[] wStep = p.wSteps();
        int[] xStep = p.xSteps();
        int o1 = o0 + outRow;
        int o2 = o1 + outRow;
        int o3 = o2 + outRow;
        int w1 = w0 + wRow;
        int w2 = w1 + wRow;
        int w3 = w2 + wRow;
        FloatVector a00;
        FloatVector a01;
        FloatVector a02;
        FloatVector a03;
        FloatVector a10;
        FloatVector a11;
        FloatVector a12;
        FloatVector a13;
        FloatVector a20;
        FloatVector a21;
        FloatVector a22;
        FloatVector a23;
        FloatVector a30;
        FloatVector a31;
        FloatVector a32;
        FloatVector a33;
        if (start.isNone()) {
            a00 = FloatVector.fromArray(SPECIES, out, o0);
            a01 = FloatVector.fromArray(SPECIES, out, o0 + WIDTH);
            a02 = FloatVector.fromArray(SPECIES, out, o0 + 2 * WIDTH);
            a03 = FloatVector.fromArray(SPECIES, out, o0 + 3 * WIDTH);
            a10 = FloatVector.fromArray(SPECIES, out, o1);
            a11 = FloatVector.fromArray(SPECIES, out, o1 + WIDTH);
            a12 = FloatVector.fromArray(SPECIES, out, o1 + 2 * WIDTH);
            a13 = FloatVector.fromArray(SPECIES, out, o1 + 3 * WIDTH);
            a20 = FloatVector.fromArray(SPECIES, out, o2);
            a21 = FloatVector.fromArray(SPECIES, out, o2 + WIDTH);
            a22 = FloatVector.fromArray(SPECIES, out, o2 + 2 * WIDTH);
            a23 = FloatVector.fromArray(SPECIES, out, o2 + 3 * WIDTH);
            a30 = FloatVector.fromArray(SPECIES, out, o3);
            a31 = FloatVector.fromArray(SPECIES, out, o3 + WIDTH);
            a32 = FloatVector.fromArray(SPECIES, out, o3 + 2 * WIDTH);
            a33 = FloatVector.fromArray(SPECIES, out, o3 + 3 * WIDTH);
        } else {
            a00 = FloatVector.broadcast(SPECIES, start.of(r));
            a01 = a00;
            a02 = a00;
            a03 = a00;
            a10 = FloatVector.broadcast(SPECIES, start.of(r + 1));
            a11 = a10;
            a12 = a10;
            a13 = a10;
            a20 = FloatVector.broadcast(SPECIES, start.of(r + 2));
            a21 = a20;
            a22 = a20;
            a23 = a20;
            a30 = FloatVector.broadcast(SPECIES, start.of(r + 3));
            a31 = a30;
            a32 = a30;
            a33 = a30;
        }
        for (int s = from; s < to; s++) {
            int at = xAt + xStep[s] * xRow;
            int step = wStep[s];
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + WIDTH);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * WIDTH);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * WIDTH);
            FloatVector b0 = FloatVector.broadcast(SPECIES, w[w0 + step]);
            a00 = x0.fma(b0, a00);
            a01 = x1.fma(b0, a01);
            a02 = x2.fma(b0, a02);
            a03 = x3.fma(b0, a03);
            FloatVector b1 = FloatVector.broadcast(SPECIES, w[w1 + step]);
            a10 = x0.fma(b1, a10);
            a11 = x1.fma(b1, a11);
            a12 = x2.fma(b1, a12);
            a13 = x3.fma(b1, a13);
            FloatVector b2 = FloatVector.broadcast(SPECIES, w[w2 + step]);
            a20 = x0.fma(b2, a20);
            a21 = x1.fma(b2, a21);
            a22 = x2.fma(b2, a22);
            a23 = x3.fma(b2, a23);
            FloatVector b3 = FloatVector.broadcast(SPECIES, w[w3 + step]);
            a30 = x0.fma(b3, a30);
            a31 = x1.fma(b3, a31);
            a32 = x2.fma(b3, a32);
            a33 = x3.fma(b3, a33);
        }
        a00.intoArray(out, o0);
        a01.intoArray(out, o0 + WIDTH);
        a02.intoArray(out, o0 + 2 * WIDTH);
        a03.intoArray(out, o0 + 3 * WIDTH);
        a10.intoArray(out, o1);
        a11.intoArray(out, o1 + WIDTH);
        a12.intoArray(out, o1 + 2 * WIDTH);
        a13.intoArray(out, o1 + 3 * WIDTH);
        a20.intoArray(out, o2);
        a21.intoArray(out, o2 + WIDTH);
        a22.intoArray(out, o2 + 2 * WIDTH);
        a23.intoArray(out, o2 + 3 * WIDTH);
        a30.intoArray(out, o3);
        a31.intoArray(out, o3 + WIDTH);
        a32.intoArray(out, o3 + 2 * WIDTH);
        a33.intoArray(out, o3 + 3 * WIDTH);
    }

    private static void tile1x4(
            Product p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            int wAt,
            Rows xRows,
            int xAt,
            int from,
            int to) {
        float[] out = outRows.array();
        float[] w = wRows.array();
        int[] wStep = p.wSteps();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        FloatVector a0;
        FloatVector a1;
        FloatVector a2;
        FloatVector a3;
        if (start.isNone()) {
            a0 = FloatVector.fromArray(SPECIES, out, o);
            a1 = FloatVector.fromArray(SPECIES, out, o + WIDTH);
            a2 = FloatVector.fromArray(SPECIES, out, o + 2 * WIDTH);
            a3 = FloatVector.fromArray(SPECIES, out, o + 3 * WIDTH);
        } else {
            a0 = FloatVector.broadcast(SPECIES, start.of(r));
            a1 = a0;
            a2 = a0;
            a3 = a0;
        }
        for (int s = from; s < to; s++) {
            int at = xAt + xStep[s] * xRow;
            FloatVector b = FloatVector.broadcast(SPECIES, w[wAt + wStep[s]]);
            a0 = FloatVector.fromArray(SPECIES, x, at).fma(b, a0);
            a1 = FloatVector.fromArray(SPECIES, x, at + WIDTH).fma(b, a1);
            a2 = FloatVector.fromArray(SPECIES, x, at + 2 * WIDTH).fma(b, a2);
            a3 = FloatVector.fromArray(SPECIES, x, at + 3 * WIDTH).fma(b, a3);
        }
        a0.intoArray(out, o);
        a1.intoArray(out, o + WIDTH);
        a2.intoArray(out, o + 2 * WIDTH);
        a3.intoArray(out, o + 3 * WIDTH);
    }

    private static void tile4x1(
            Product p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            int wAt,
            Rows xRows,
            int xAt,
            int from,
            int to) {
        float[] out = outRows.array();
        int outRow = p.outStep() * outRows.row();
        float[] w = wRows.array();
        int wRow = p.wStep() * wRows.row();
        int[] wStep = p.wSteps();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        FloatVector a0;
        FloatVector a1;
        FloatVector a2;
        FloatVector a3;
        if (start.isNone()) {
            a0 = FloatVector.fromArray(SPECIES, out, o);
            a1 = FloatVector.fromArray(SPECIES, out, o + outRow);
            a2 = FloatVector.fromArray(SPECIES, out, o + 2 * outRow);
            a3 = FloatVector.fromArray(SPECIES, out, o + 3 * outRow);
        } else {
            a0 = FloatVector.broadcast(SPECIES, start.of(r));
            a1 = FloatVector.broadcast(SPECIES, start.of(r + 1));
            a2 = FloatVector.broadcast(SPECIES, start.of(r + 2));
            a3 = FloatVector.broadcast(SPECIES, start.of(r + 3));
        }
        for (int s = from; s < to; s++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, xAt + xStep[s] * xRow);
            int at = wAt + wStep[s];
            a0 = x0.fma(FloatVector.broadcast(SPECIES, w[at]), a0);
            a1 = x0.fma(FloatVector.broadcast(SPECIES, w[at + wRow]), a1);
            a2 = x0.fma(FloatVector.broadcast(SPECIES, w[at + 2 * wRow]), a2);
            a3 = x0.fma(FloatVector.broadcast(SPECIES, w[at + 3 * wRow]), a3);
        }
        a0.intoArray(out, o);
        a1.intoArray(out, o + outRow);
        a2.intoArray(out, o + 2 * outRow);
        a3.intoArray(out, o + 3 * outRow);
    }

    private static void tile1x1(
            Product p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            int wAt,
            Rows xRows,
            int xAt,
            int from,
            int to) {
        float[] out = outRows.array();
        float[] w = wRows.array();
        int[] wStep = p.wSteps();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        FloatVector a =
                start.isNone()
                        ? FloatVector.fromArray(SPECIES, out, o)
                        : FloatVector.broadcast(SPECIES, start.of(r));
        for (int s = from; s < to; s++) {
            FloatVector b = FloatVector.broadcast(SPECIES, w[wAt + wStep[s]]);
            a = FloatVector.fromArray(SPECIES, x, xAt + xStep[s] * xRow).fma(b, a);
        }
        a.intoArray(out, o);
    }
}
