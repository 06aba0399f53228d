// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.Rows;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;

/**
 * The values of one parameter with their gradient and optimiser state, all in one form. Dense: rows
 * of the parameter, each padded to {@code row} floats. Compressed: the surviving weights alone, in
 * the order of a {@link Compressed}. Padding is never read.
 */
final class Trained {
    final Parameter parameter;
    private final int columns;

    /** Floats from one row to the next in dense form. */
    final int row;

    private final int rows;

    /** What survives, in compressed form; null in dense form. */
    Compressed compressed;

    /** 0 where a weight is pruned, in dense form; null where nothing is. */
    float[] keep;

    /** Floats of each array from {@link Memory#ORIGIN} on, a multiple of 16. */
    int length;

    float[] value;
    float[] gradient;

    /** The two, as products take a matrix. */
    Rows matrix;

    Rows gradientMatrix;

    /** Momentum, or Adam's mean; null where the optimiser has none. */
    float[] first;

    /** Adam's mean square; null where the optimiser has none. */
    float[] second;

    private Mask mask;

    /**
     * @param rows of the dense form
     * @param row floats of each, at least the parameter's
     */
    Trained(Parameter parameter, int rows, int row) {
        this.parameter = parameter;
        this.rows = rows;
        this.row = row;
        columns = parameter.size() / rows;
        length = denseLength();
        value = Memory.floats(length);
        gradient = Memory.floats(length);
        matrix = Rows.ofFloats(value);
        gradientMatrix = Rows.ofFloats(gradient);
    }

    /** A bias, or a parameter of a normalisation. */
    static Trained vector(Parameter parameter) {
        return new Trained(parameter, 1, parameter.size());
    }

    /** Whether it is only moved by the forward pass. */
    boolean isStatistic() {
        return !parameter.role().trained();
    }

    boolean isWeight() {
        return parameter.role() == Parameter.Role.WEIGHT;
    }

    /** Starts an optimiser's state at zero. */
    void startState(int arrays) {
        first = arrays > 0 ? Memory.floats(length) : null;
        second = arrays > 1 ? Memory.floats(length) : null;
    }

    /** Takes another mask and form; values and state of what stays are kept. */
    void mask(Mask newMask, Compressed newForm) {
        float[] values = full(value);
        float[] firsts = first == null ? null : full(first);
        float[] seconds = second == null ? null : full(second);
        mask = newMask;
        compressed = newForm;
        length = newForm == null ? denseLength() : newForm.slots;
        value = placed(values);
        first = firsts == null ? null : placed(firsts);
        second = seconds == null ? null : placed(seconds);
        gradient = Memory.floats(length);
        matrix = Rows.ofFloats(value);
        gradientMatrix = Rows.ofFloats(gradient);
        keep = null;
        if (newForm == null && newMask != null && newMask.cardinality() < newMask.size()) {
            float[] ones = new float[parameter.size()];
            Arrays.fill(ones, 1);
            keep = placed(ones);
        }
    }

    /** The array without padding, row-major, 0 where pruned. */
    float[] full(float[] array) {
        if (compressed == null) {
            return withoutPadding(array);
        }
        float[] full = new float[parameter.size()];
        for (int k = 0; k < compressed.slots; k++) {
            if (compressed.source[k] >= 0) {
                full[compressed.source[k]] = array[Memory.ORIGIN + k];
            }
        }
        return full;
    }

    /** An array of the dense form, row-major. */
    float[] withoutPadding(float[] dense) {
        float[] full = new float[parameter.size()];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(dense, Memory.ORIGIN + r * row, full, r * columns, columns);
        }
        return full;
    }

    /** Row-major values, pruned or not, as an array of the dense form. */
    float[] withPadding(float[] full) {
        float[] dense = Memory.floats(denseLength());
        for (int r = 0; r < rows; r++) {
            System.arraycopy(full, r * columns, dense, Memory.ORIGIN + r * row, columns);
        }
        return dense;
    }

    /** Floats of an array of the dense form. */
    int denseLength() {
        return Memory.padded(rows * row);
    }

    private float[] placed(float[] full) {
        float[] array = Memory.floats(length);
        place(full, array);
        return array;
    }

    /** Writes row-major values to an array of this form; pruned ones become 0. */
    void place(float[] full, float[] array) {
        if (compressed == null) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(full, r * columns, array, Memory.ORIGIN + r * row, columns);
                if (mask != null) {
                    for (int c = 0; c < columns; c++) {
                        if (!mask.keeps(r * columns + c)) {
                            array[Memory.ORIGIN + r * row + c] = 0;
                        }
                    }
                }
            }
        } else {
            for (int k = 0; k < compressed.slots; k++) {
                int source = compressed.source[k];
                array[Memory.ORIGIN + k] = source < 0 ? 0 : full[source];
            }
        }
    }

    /** A tensor of the parameter's shape with the values of one of the arrays. */
    Tensor tensor(String prefix, float[] array) {
        return new Tensor(prefix + parameter.name(), parameter.dimensions(), full(array));
    }
}
