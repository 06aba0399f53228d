// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.experiments.random.RandomStream;

/** A batch on its way through the nodes, and the memory it uses. */
final class Pass {

    /** What a pass is for. */
    enum Mode {
        /** Batch statistics and dropout; running statistics move. */
        TRAINING,
        /** Batch statistics and dropout; nothing moves. */
        PROBING,
        /** Running statistics, no dropout. */
        EVALUATION
    }

    final Kernels kernels;

    /** Most samples, a multiple of 16. */
    final int capacity;

    /** All values. */
    final float[] values;

    /** Their gradients; empty where there is only evaluation. */
    final float[] gradients;

    /** 16 lanes of a reduction. */
    final float[] lanes = new float[Kernels.LANES];

    /** A square for transposes. */
    final float[] square = new float[Kernels.LANES * Kernels.LANES];

    Mode mode = Mode.EVALUATION;

    /** Samples of this batch. */
    int count;

    /** Samples from one row to the next: the count rounded up to 16. */
    int stride;

    /** The values at this stride, one row for each element of a sample. */
    Rows valueRows;

    /** Their gradients at this stride. */
    Rows gradientRows;

    RandomStream dropout;

    /** Both, by stride in 16s; made when a stride is met. */
    private final Rows[] valuesAt;

    private final Rows[] gradientsAt;

    Pass(Kernels kernels, int capacity, int rows, int gradientRows) {
        this.kernels = kernels;
        this.capacity = capacity;
        values = Memory.floats((long) rows * capacity);
        gradients =
                gradientRows == 0 ? new float[0] : Memory.floats((long) gradientRows * capacity);
        valuesAt = new Rows[capacity / Kernels.LANES + 1];
        gradientsAt = new Rows[valuesAt.length];
    }

    /** A pass of evaluation that reads values and gradients of others. */
    Pass(Pass pass, float[] values, float[] gradients) {
        kernels = pass.kernels;
        capacity = pass.capacity;
        this.values = values;
        this.gradients = gradients;
        valuesAt = new Rows[pass.valuesAt.length];
        gradientsAt = new Rows[valuesAt.length];
    }

    void begin(int samples, RandomStream dropoutStream) {
        count = samples;
        stride = Memory.padded(samples);
        dropout = dropoutStream;
        int n = stride / Kernels.LANES;
        if (valuesAt[n] == null) {
            valuesAt[n] = Rows.of(values, stride);
            gradientsAt[n] = Rows.of(gradients, stride);
        }
        valueRows = valuesAt[n];
        gradientRows = gradientsAt[n];
    }

    /** Sets what lies beyond the last sample, where there is anything, in {@code rows} rows. */
    void fillPadding(float[] array, int at, int rows, float value) {
        if (count == stride) {
            return;
        }
        for (int row = at; row < at + rows * stride; row += stride) {
            for (int b = count; b < stride; b++) {
                array[row + b] = value;
            }
        }
    }
}
