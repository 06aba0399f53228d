// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.Arrays;
import org.espalier.results.text.Text;

/**
 * A named array of floats, row-major: how weights, gradients, optimiser state and snapshots cross
 * between the science, the engines and the disk. The array is shared, not copied: who makes a
 * tensor gives it away.
 *
 * @param name {@code layer.role}, e.g. {@code fc1.weight}
 * @param dimensions extents, slowest first
 * @param values shape [product of dimensions]
 */
public record Tensor(String name, int[] dimensions, float[] values) {
    public Tensor {
        dimensions = dimensions.clone();
        int size = size(dimensions);
        if (values.length != size) {
            throw new IllegalArgumentException(
                    Text.of(
                            "tensor %s of shape %s needs %d values, got %d",
                            name, Arrays.toString(dimensions), size, values.length));
        }
    }

    private static int size(int[] dimensions) {
        int size = 1;
        for (int extent : dimensions) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    /** A tensor of the same name and shape with its own copy of the values. */
    public Tensor copy() {
        return new Tensor(name, dimensions, values.clone());
    }

    /** Number of elements. */
    public int size() {
        return values.length;
    }

    @Override
    public int[] dimensions() {
        return dimensions.clone();
    }

    @Override
    public String toString() {
        return name + Arrays.toString(dimensions);
    }
}
