// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_4;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_8;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_4;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_8;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.executors.engine.vector.kernels.SparseProduct;

/**
 * Gradients of surviving weights, four at a time: their 16 lane sums are folded to four lanes while
 * they are still in registers, which costs nothing beside loading the inputs. The rest of the fold
 * is {@link Folds#foldQuarters}.
 */
interface SparseGradients extends Kernels {

    @Override
    default void quarterProducts(
            SparseProduct p,
            float[] q,
            int at,
            int from,
            int to,
            Rows d,
            int dFrom,
            Rows x,
            int xFrom) {
        int dAt = d.index(dFrom);
        int xAt = x.index(xFrom + p.shift());
        if (WIDTH == 16 && d.row() == 4 * LANES) {
            columns64(p, q, at, from, to, d, dAt, x, xAt);
        } else if (WIDTH == 16) {
            width16(p, q, at, from, to, d, dAt, x, xAt);
        } else if (WIDTH == 8) {
            width8(p, q, at, from, to, d, dAt, x, xAt);
        } else {
            width4(p, q, at, from, to, d, dAt, x, xAt);
        }
    }

    /** A batch of 64: the row of gradients stays in four registers. */
    private static void columns64(
            SparseProduct p,
            float[] q,
            int qAt,
            int from,
            int to,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, dAt);
        FloatVector d1 = FloatVector.fromArray(SPECIES, d, dAt + LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, d, dAt + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, d, dAt + 3 * LANES);
        for (int k = from; k < to; k += 4) {
            int x0 = xAt + xStep[k] * xRow;
            int x1 = xAt + xStep[k + 1] * xRow;
            int x2 = xAt + xStep[k + 2] * xRow;
            int x3 = xAt + xStep[k + 3] * xRow;
            FloatVector a0 = FloatVector.fromArray(SPECIES, x, x0).fma(d0, zero);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + LANES).fma(d1, a0);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + 2 * LANES).fma(d2, a0);
            a0 = FloatVector.fromArray(SPECIES, x, x0 + 3 * LANES).fma(d3, a0);
            FloatVector a1 = FloatVector.fromArray(SPECIES, x, x1).fma(d0, zero);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + LANES).fma(d1, a1);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + 2 * LANES).fma(d2, a1);
            a1 = FloatVector.fromArray(SPECIES, x, x1 + 3 * LANES).fma(d3, a1);
            FloatVector a2 = FloatVector.fromArray(SPECIES, x, x2).fma(d0, zero);
            a2 = FloatVector.fromArray(SPECIES, x, x2 + LANES).fma(d1, a2);
            a2 = FloatVector.fromArray(SPECIES, x, x2 + 2 * LANES).fma(d2, a2);
            a2 = FloatVector.fromArray(SPECIES, x, x2 + 3 * LANES).fma(d3, a2);
            FloatVector a3 = FloatVector.fromArray(SPECIES, x, x3).fma(d0, zero);
            a3 = FloatVector.fromArray(SPECIES, x, x3 + LANES).fma(d1, a3);
            a3 = FloatVector.fromArray(SPECIES, x, x3 + 2 * LANES).fma(d2, a3);
            a3 = FloatVector.fromArray(SPECIES, x, x3 + 3 * LANES).fma(d3, a3);
            FloatVector a02 = a0.blend(a2, BIT_8).add(a2.blend(a0, BIT_8).rearrange(SWAP_8));
            FloatVector a13 = a1.blend(a3, BIT_8).add(a3.blend(a1, BIT_8).rearrange(SWAP_8));
            a02.blend(a13, BIT_4)
                    .add(a13.blend(a02, BIT_4).rearrange(SWAP_4))
                    .intoArray(q, qAt + 4 * k);
        }
    }

    private static void width16(
            SparseProduct p,
            float[] q,
            int qAt,
            int from,
            int to,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int columns = dRows.row();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        for (int k = from; k < to; k += 4) {
            int x0 = xAt + xStep[k] * xRow;
            int x1 = xAt + xStep[k + 1] * xRow;
            int x2 = xAt + xStep[k + 2] * xRow;
            int x3 = xAt + xStep[k + 3] * xRow;
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = FloatVector.zero(SPECIES);
            FloatVector a2 = FloatVector.zero(SPECIES);
            FloatVector a3 = FloatVector.zero(SPECIES);
            for (int c = 0; c < columns; c += LANES) {
                FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + c);
                a0 = FloatVector.fromArray(SPECIES, x, x0 + c).fma(g, a0);
                a1 = FloatVector.fromArray(SPECIES, x, x1 + c).fma(g, a1);
                a2 = FloatVector.fromArray(SPECIES, x, x2 + c).fma(g, a2);
                a3 = FloatVector.fromArray(SPECIES, x, x3 + c).fma(g, a3);
            }
            FloatVector a02 = a0.blend(a2, BIT_8).add(a2.blend(a0, BIT_8).rearrange(SWAP_8));
            FloatVector a13 = a1.blend(a3, BIT_8).add(a3.blend(a1, BIT_8).rearrange(SWAP_8));
            a02.blend(a13, BIT_4)
                    .add(a13.blend(a02, BIT_4).rearrange(SWAP_4))
                    .intoArray(q, qAt + 4 * k);
        }
    }

    /** Two at a time; lanes 0 to 7 and 8 to 15 have a register each. */
    private static void width8(
            SparseProduct p,
            float[] q,
            int qAt,
            int from,
            int to,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int columns = dRows.row();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        for (int k = from; k < to; k += 2) {
            int x0 = xAt + xStep[k] * xRow;
            int x1 = xAt + xStep[k + 1] * xRow;
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = FloatVector.zero(SPECIES);
            FloatVector b0 = FloatVector.zero(SPECIES);
            FloatVector b1 = FloatVector.zero(SPECIES);
            for (int c = 0; c < columns; c += LANES) {
                FloatVector low = FloatVector.fromArray(SPECIES, d, dAt + c);
                FloatVector high = FloatVector.fromArray(SPECIES, d, dAt + c + 8);
                a0 = FloatVector.fromArray(SPECIES, x, x0 + c).fma(low, a0);
                b0 = FloatVector.fromArray(SPECIES, x, x0 + c + 8).fma(high, b0);
                a1 = FloatVector.fromArray(SPECIES, x, x1 + c).fma(low, a1);
                b1 = FloatVector.fromArray(SPECIES, x, x1 + c + 8).fma(high, b1);
            }
            a0 = a0.add(b0);
            a1 = a1.add(b1);
            a0.blend(a1, BIT_4)
                    .add(a1.blend(a0, BIT_4).rearrange(SWAP_4))
                    .intoArray(q, qAt + 4 * k);
        }
    }

    /** One at a time; each four lanes have a register. */
    private static void width4(
            SparseProduct p,
            float[] q,
            int qAt,
            int from,
            int to,
            Rows dRows,
            int dAt,
            Rows xRows,
            int xAt) {
        float[] d = dRows.array();
        float[] x = xRows.array();
        int columns = dRows.row();
        int xRow = xRows.row();
        int[] xStep = p.xSteps();
        for (int k = from; k < to; k++) {
            int at = xAt + xStep[k] * xRow;
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = FloatVector.zero(SPECIES);
            FloatVector a2 = FloatVector.zero(SPECIES);
            FloatVector a3 = FloatVector.zero(SPECIES);
            for (int c = 0; c < columns; c += LANES) {
                FloatVector g0 = FloatVector.fromArray(SPECIES, d, dAt + c);
                a0 = FloatVector.fromArray(SPECIES, x, at + c).fma(g0, a0);
                FloatVector g1 = FloatVector.fromArray(SPECIES, d, dAt + c + 4);
                a1 = FloatVector.fromArray(SPECIES, x, at + c + 4).fma(g1, a1);
                FloatVector g2 = FloatVector.fromArray(SPECIES, d, dAt + c + 8);
                a2 = FloatVector.fromArray(SPECIES, x, at + c + 8).fma(g2, a2);
                FloatVector g3 = FloatVector.fromArray(SPECIES, d, dAt + c + 12);
                a3 = FloatVector.fromArray(SPECIES, x, at + c + 12).fma(g3, a3);
            }
            a0.add(a2).add(a1.add(a3)).intoArray(q, qAt + 4 * k);
        }
    }
}
