// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.espalier.executors.data.Features;
import org.espalier.executors.engine.vector.kernels.Kernels;

/** Bytes of a data set as floats. */
interface Bytes extends Kernels {

    VectorSpecies<Byte> BYTES = WIDTH == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    VectorSpecies<Integer> INTS = WIDTH == 16 ? IntVector.SPECIES_512 : IntVector.SPECIES_256;

    float SHARE = 1f / 255;

    /**
     * A product with the reciprocal, and its error put right, is the rounded quotient for each of
     * the 256 values, at a third of the division's cost. Vectors of 4 bytes do not exist, so at 128
     * bit it is the table's.
     */
    @Override
    default void decode(byte[] src, int srcAt, float[] dst, int dstAt, int n) {
        int i = 0;
        if (WIDTH >= 8) {
            for (; i + WIDTH <= n; i += WIDTH) {
                ByteVector b = ByteVector.fromArray(BYTES, src, srcAt + i);
                IntVector whole = (IntVector) b.convertShape(VectorOperators.B2I, INTS, 0);
                whole = whole.and(0xff);
                FloatVector v = (FloatVector) whole.convertShape(VectorOperators.I2F, SPECIES, 0);
                FloatVector quotient = v.mul(SHARE);
                FloatVector rest = quotient.fma(FloatVector.broadcast(SPECIES, -255f), v);
                rest.fma(FloatVector.broadcast(SPECIES, SHARE), quotient).intoArray(dst, dstAt + i);
            }
        }
        for (; i < n; i++) {
            dst[dstAt + i] = Features.Bytes.value(src[srcAt + i]);
        }
    }
}
