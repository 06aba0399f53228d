// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.SparseProduct;
import org.espalier.executors.engine.vector.kernels.Start;

/**
 * Products with a compressed matrix, one row at a time over 8 or 4 vectors of columns: a value and
 * its place are read once for all of them. All rows pass over one block of columns, whose inputs
 * stay in the cache.
 */
interface SparseProducts extends Kernels {

    @Override
    default void multiplySparse(
            SparseProduct p,
            Start start,
            Rows out,
            int outFrom,
            Rows w,
            Rows x,
            int xFrom,
            int length) {
        int rows = p.rows();
        int columns = length * x.row();
        int o = out.index(outFrom);
        int outRow = p.outStep() * out.row();
        int i = x.index(xFrom + p.shift());
        int c = 0;
        for (; c + 8 * WIDTH <= columns; c += 8 * WIDTH) {
            for (int r = 0; r < rows; r++) {
                row8(p, start, r, out, o + r * outRow + c, w, x, i + c);
            }
        }
        for (; c + 4 * WIDTH <= columns; c += 4 * WIDTH) {
            for (int r = 0; r < rows; r++) {
                row4(p, start, r, out, o + r * outRow + c, w, x, i + c);
            }
        }
        for (; c < columns; c += WIDTH) {
            for (int r = 0; r < rows; r++) {
                row1(p, start, r, out, o + r * outRow + c, w, x, i + c);
            }
        }
    }

    private static void row8(
            SparseProduct p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            Rows xRows,
            int xAt) {
        float[] out = outRows.array();
        float[] values = wRows.array();
        int valuesAt = wRows.at();
        int[] order = p.order();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int from = p.from(r);
        int to = p.to(r);
        FloatVector a0;
        FloatVector a1;
        FloatVector a2;
        FloatVector a3;
        FloatVector a4;
        FloatVector a5;
        FloatVector a6;
        FloatVector a7;
        if (start.isNone()) {
            a0 = FloatVector.fromArray(SPECIES, out, o);
            a1 = FloatVector.fromArray(SPECIES, out, o + WIDTH);
            a2 = FloatVector.fromArray(SPECIES, out, o + 2 * WIDTH);
            a3 = FloatVector.fromArray(SPECIES, out, o + 3 * WIDTH);
            a4 = FloatVector.fromArray(SPECIES, out, o + 4 * WIDTH);
            a5 = FloatVector.fromArray(SPECIES, out, o + 5 * WIDTH);
            a6 = FloatVector.fromArray(SPECIES, out, o + 6 * WIDTH);
            a7 = FloatVector.fromArray(SPECIES, out, o + 7 * WIDTH);
        } else {
            a0 = FloatVector.broadcast(SPECIES, start.of(r));
            a1 = a0;
            a2 = a0;
            a3 = a0;
            a4 = a0;
            a5 = a0;
            a6 = a0;
            a7 = a0;
        }
        for (int k = from; k < to; k++) {
            int at = xAt + xStep[k] * xRow;
            FloatVector b = FloatVector.broadcast(SPECIES, values[valuesAt + order[k]]);
            a0 = FloatVector.fromArray(SPECIES, x, at).fma(b, a0);
            a1 = FloatVector.fromArray(SPECIES, x, at + WIDTH).fma(b, a1);
            a2 = FloatVector.fromArray(SPECIES, x, at + 2 * WIDTH).fma(b, a2);
            a3 = FloatVector.fromArray(SPECIES, x, at + 3 * WIDTH).fma(b, a3);
            a4 = FloatVector.fromArray(SPECIES, x, at + 4 * WIDTH).fma(b, a4);
            a5 = FloatVector.fromArray(SPECIES, x, at + 5 * WIDTH).fma(b, a5);
            a6 = FloatVector.fromArray(SPECIES, x, at + 6 * WIDTH).fma(b, a6);
            a7 = FloatVector.fromArray(SPECIES, x, at + 7 * WIDTH).fma(b, a7);
        }
        a0.intoArray(out, o);
        a1.intoArray(out, o + WIDTH);
        a2.intoArray(out, o + 2 * WIDTH);
        a3.intoArray(out, o + 3 * WIDTH);
        a4.intoArray(out, o + 4 * WIDTH);
        a5.intoArray(out, o + 5 * WIDTH);
        a6.intoArray(out, o + 6 * WIDTH);
        a7.intoArray(out, o + 7 * WIDTH);
    }

    private static void row4(
            SparseProduct p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            Rows xRows,
            int xAt) {
        float[] out = outRows.array();
        float[] values = wRows.array();
        int valuesAt = wRows.at();
        int[] order = p.order();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int from = p.from(r);
        int to = p.to(r);
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
        for (int k = from; k < to; k++) {
            int at = xAt + xStep[k] * xRow;
            FloatVector b = FloatVector.broadcast(SPECIES, values[valuesAt + order[k]]);
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

    private static void row1(
            SparseProduct p,
            Start start,
            int r,
            Rows outRows,
            int o,
            Rows wRows,
            Rows xRows,
            int xAt) {
        float[] out = outRows.array();
        float[] values = wRows.array();
        int valuesAt = wRows.at();
        int[] order = p.order();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        int from = p.from(r);
        int to = p.to(r);
        FloatVector a =
                start.isNone()
                        ? FloatVector.fromArray(SPECIES, out, o)
                        : FloatVector.broadcast(SPECIES, start.of(r));
        for (int k = from; k < to; k++) {
            FloatVector b = FloatVector.broadcast(SPECIES, values[valuesAt + order[k]]);
            a = FloatVector.fromArray(SPECIES, x, xAt + xStep[k] * xRow).fma(b, a);
        }
        a.intoArray(out, o);
    }
}
