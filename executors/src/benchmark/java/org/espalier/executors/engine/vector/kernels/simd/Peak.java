// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import java.util.function.LongToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The most multiply-adds that this machine does: 12 accumulators that do not wait for each other,
 * all in registers at every width, and no memory. For benchmarks; made by name like the kernels.
 */
public final class Peak implements LongToDoubleFunction {
    private static final int ACCUMULATORS = 12;

    /**
     * Multiplies and adds.
     *
     * @param multiplyAdds scalar ones to do, rounded down to whole passes over the accumulators
     * @return the sum of all accumulators, so that no compiler leaves them out
     */
    @Override
    public double applyAsDouble(long multiplyAdds) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.75f);
        FloatVector w = FloatVector.broadcast(SPECIES, 0.0625f);
        FloatVector a0 = FloatVector.broadcast(SPECIES, 1.1f);
        FloatVector a1 = FloatVector.broadcast(SPECIES, 1.2f);
        FloatVector a2 = FloatVector.broadcast(SPECIES, 1.3f);
        FloatVector a3 = FloatVector.broadcast(SPECIES, 1.4f);
        FloatVector a4 = FloatVector.broadcast(SPECIES, 1.5f);
        FloatVector a5 = FloatVector.broadcast(SPECIES, 1.6f);
        FloatVector a6 = FloatVector.broadcast(SPECIES, 1.7f);
        FloatVector a7 = FloatVector.broadcast(SPECIES, 1.8f);
        FloatVector a8 = FloatVector.broadcast(SPECIES, 1.9f);
        FloatVector a9 = FloatVector.broadcast(SPECIES, 2.1f);
        FloatVector a10 = FloatVector.broadcast(SPECIES, 2.2f);
        FloatVector a11 = FloatVector.broadcast(SPECIES, 2.3f);
        int passes = Math.toIntExact(multiplyAdds / (ACCUMULATORS * WIDTH));
        for (int i = 0; i < passes; i++) {
            a0 = x.fma(w, a0);
            a1 = x.fma(w, a1);
            a2 = x.fma(w, a2);
            a3 = x.fma(w, a3);
            a4 = x.fma(w, a4);
            a5 = x.fma(w, a5);
            a6 = x.fma(w, a6);
            a7 = x.fma(w, a7);
            a8 = x.fma(w, a8);
            a9 = x.fma(w, a9);
            a10 = x.fma(w, a10);
            a11 = x.fma(w, a11);
        }
        FloatVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
        FloatVector high = a6.add(a7).add(a8).add(a9).add(a10).add(a11);
        return low.add(high).reduceLanes(VectorOperators.ADD);
    }
}
