// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

import java.util.Arrays;

/** Products of matrices with rows of samples, and the lane sums of their gradients. */
interface ScalarProducts extends Kernels {

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
        int n = length * x.row();
        for (int r = 0; r < p.rows(); r++) {
            int o = begin(start, r, out, outFrom + r * p.outStep(), n);
            int weights = w.index(wFrom + r * p.wStep());
            for (int s = 0; s < p.steps(); s++) {
                float weight = w.array()[weights + p.wSteps()[s]];
                axpy(out.array(), o, n, weight, x.array(), x.index(xFrom + p.xSteps()[s]));
            }
        }
    }

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
        int n = length * x.row();
        for (int r = 0; r < p.rows(); r++) {
            int o = begin(start, r, out, outFrom + r * p.outStep(), n);
            for (int k = p.from(r); k < p.to(r); k++) {
                float weight = w.array()[w.at() + p.order()[k]];
                int row = xFrom + p.shift() + p.xSteps()[k];
                axpy(out.array(), o, n, weight, x.array(), x.index(row));
            }
        }
    }

    /** Index of an output row, which is filled with its start where it has one. */
    private static int begin(Start start, int r, Rows out, int row, int n) {
        int o = out.index(row);
        if (!start.isNone()) {
            Arrays.fill(out.array(), o, o + n, start.of(r));
        }
        return o;
    }

    private static void axpy(float[] out, int outAt, int n, float w, float[] x, int xAt) {
        for (int c = 0; c < n; c++) {
            out[outAt + c] = Math.fma(w, x[xAt + c], out[outAt + c]);
        }
    }

    @Override
    default void addScaled(float[] y, int yAt, float[] x, int xAt, int n, float factor) {
        axpy(y, yAt, n, factor, x, xAt);
    }

    @Override
    default void laneOuter(
            Product p, float[] acc, int accAt, Rows d, int dFrom, Rows x, int xFrom, int columns) {
        for (int r = 0; r < p.rows(); r++) {
            int gradients = d.index(dFrom + r * p.outStep());
            for (int s = 0; s < p.steps(); s++) {
                int lanes = accAt + (r * p.wStep() + p.wSteps()[s]) * LANES;
                addLanes(acc, lanes, d, gradients, x, xFrom + p.xSteps()[s], columns);
            }
        }
    }

    @Override
    default void laneProducts(
            SparseProduct p, float[] acc, Rows d, int dFrom, Rows x, int xFrom, int length) {
        for (int r = 0; r < p.rows(); r++) {
            int gradients = d.index(dFrom + r * p.outStep());
            for (int k = p.from(r); k < p.to(r); k++) {
                int row = xFrom + p.shift() + p.xSteps()[k];
                addLanes(acc, k * LANES, d, gradients, x, row, length * d.row());
            }
        }
    }

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
        float[] lanes = new float[LANES];
        for (int k = from; k < to; k++) {
            Arrays.fill(lanes, 0);
            int row = xFrom + p.shift() + p.xSteps()[k];
            addLanes(lanes, 0, d, d.index(dFrom), x, row, d.row());
            for (int l = 0; l < 4; l++) {
                q[at + 4 * k + l] = (lanes[l] + lanes[l + 8]) + (lanes[l + 4] + lanes[l + 12]);
            }
        }
    }

    private static void addLanes(
            float[] acc, int at, Rows d, int gradients, Rows x, int row, int n) {
        int inputs = x.index(row);
        for (int c = 0; c < n; c++) {
            int lane = at + c % LANES;
            acc[lane] = Math.fma(d.array()[gradients + c], x.array()[inputs + c], acc[lane]);
        }
    }
}
