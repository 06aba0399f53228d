// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * The kernels in their plainest form: what the vector ones are held to, bit for bit, and what runs
 * where there are no vectors. {@link Math#fma} is slow on machines without the instruction.
 */
public final class ScalarKernels
        implements ScalarProducts, ScalarSums, ScalarElements, ScalarUpdates {

    @Override
    public String description() {
        return "scalar";
    }
}
