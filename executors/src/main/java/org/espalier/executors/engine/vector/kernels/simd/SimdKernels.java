// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

/** The kernels in vectors of this JVM's width; made by name where the module is present. */
public final class SimdKernels
        implements Products,
                SparseProducts,
                LaneSums,
                SparseGradients,
                Folds,
                Normalisation,
                Elementwise,
                Bytes,
                Updates {

    @Override
    public String description() {
        return Lanes.SPECIES.vectorBitSize() + " bit";
    }
}
