// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.results.text.Text;

/**
 * The vector width of this JVM: the widest of 128, 256 and 512 bit that the machine has, or what
 * the system property {@value #PROPERTY} says. Constants of the JVM, as the compiler turns vectors
 * into registers only where their species is a constant.
 */
final class Lanes {
    private Lanes() {}

    /** 128, 256 or 512. */
    static final String PROPERTY = "espalier.vector.bits";

    static final VectorSpecies<Float> SPECIES = species();

    /** Floats of one vector: 4, 8 or 16. */
    static final int WIDTH = SPECIES.length();

    /** Lanes whose index has this bit set. */
    static final VectorMask<Float> BIT_8 = bit(8);

    static final VectorMask<Float> BIT_4 = bit(4);
    static final VectorMask<Float> BIT_2 = bit(2);
    static final VectorMask<Float> BIT_1 = bit(1);

    /** Swaps the lanes whose index differs in this bit. */
    static final VectorShuffle<Float> SWAP_8 = swap(8);

    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorShuffle<Float> SWAP_1 = swap(1);

    private static VectorSpecies<Float> species() {
        int widest = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        int bits = Integer.getInteger(PROPERTY, widest);
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default ->
                    throw new IllegalArgumentException(
                            Text.of("%s: expected 128, 256 or 512, got %d", PROPERTY, bits));
        };
    }

    private static VectorMask<Float> bit(int bit) {
        boolean[] set = new boolean[Kernels.LANES];
        for (int l = 0; l < set.length; l++) {
            set[l] = (l & bit) != 0;
        }
        return VectorMask.fromArray(SPECIES, set, 0);
    }

    private static VectorShuffle<Float> swap(int bit) {
        return VectorShuffle.fromOp(SPECIES, l -> (l ^ bit) & (SPECIES.length() - 1));
    }
}
