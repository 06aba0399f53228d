// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.data.Features;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;

/** Brings samples of a data set into the features x batch layout. */
final class Inputs {
    private final Place place;
    private final int row;

    /** [16 samples, features padded to 16]. */
    private final float[] samples;

    Inputs(Place place) {
        this.place = place;
        row = Memory.padded(place.rows());
        samples = Memory.floats((long) Kernels.LANES * row);
    }

    /** Fills the input's place; samples beyond the last are zero. */
    void gather(Pass pass, Features features, int[] rows, int from) {
        int size = place.rows();
        int x = place.at(pass.stride);
        int whole = size / Kernels.LANES * Kernels.LANES;
        for (int block = 0; block < pass.stride; block += Kernels.LANES) {
            for (int b = 0; b < Kernels.LANES; b++) {
                int at = Memory.ORIGIN + b * row;
                if (block + b >= pass.count) {
                    java.util.Arrays.fill(samples, at, at + size, 0);
                } else if (features instanceof Features.Bytes bytes) {
                    int sample = rows[from + block + b];
                    pass.kernels.decode(bytes.bytes(), sample * size, samples, at, size);
                } else {
                    features.copy(rows[from + block + b], samples, at);
                }
            }
            pass.kernels.transpose(
                    samples,
                    Memory.ORIGIN,
                    row,
                    Kernels.LANES,
                    pass.values,
                    x + block,
                    pass.stride,
                    whole,
                    pass.square);
            for (int i = whole; i < size; i++) {
                for (int b = 0; b < Kernels.LANES; b++) {
                    pass.values[x + i * pass.stride + block + b] =
                            samples[Memory.ORIGIN + b * row + i];
                }
            }
        }
    }
}
