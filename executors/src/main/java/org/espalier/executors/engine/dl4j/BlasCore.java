// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Which of its kernels OpenBLAS uses. The Java binding lacks {@code openblas_get_corename}, but the
 * library exports the pointer {@code gotoblas} to the table of the kernels in use, and each table
 * by the name of its processor.
 */
final class BlasCore {
    /** What {@link #name} gives where OpenBLAS does not tell. */
    static final String UNKNOWN = "unknown";

    private static final List<String> CORES =
            List.of(
                    "HASWELL",
                    "ZEN",
                    "SKYLAKEX",
                    "COOPERLAKE",
                    "SANDYBRIDGE",
                    "EXCAVATOR",
                    "STEAMROLLER",
                    "PILEDRIVER",
                    "BULLDOZER",
                    "BARCELONA",
                    "NEHALEM",
                    "CORE2",
                    "PRESCOTT",
                    "ARMV8",
                    "NEOVERSEN1",
                    "THUNDERX2T99",
                    "CORTEXA57",
                    "CORTEXA72",
                    "VORTEX");

    private BlasCore() {}

    /** Lower case name of the kernels, as in {@code OPENBLAS_CORETYPE}. */
    static String name() {
        Loader.load(openblas_nolapack.class);
        Pointer inUse = Loader.addressof("gotoblas");
        if (inUse == null) {
            return UNKNOWN;
        }
        long table = new LongPointer(inUse).get(0);
        for (String core : CORES) {
            Pointer candidate = Loader.addressof("gotoblas_" + core);
            if (candidate != null && candidate.address() == table) {
                return core.toLowerCase(Locale.ROOT);
            }
        }
        return UNKNOWN;
    }
}
