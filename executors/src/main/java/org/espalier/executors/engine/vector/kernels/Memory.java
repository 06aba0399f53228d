// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/** Arrays whose used part can start on a cache line. */
public final class Memory {
    private Memory() {}

    /**
     * Index of the first used element. An array's elements start 16 bytes into the object; where
     * objects start on 64 bytes (large ones under G1, all with {@code
     * -XX:ObjectAlignmentInBytes=64}) this one does too.
     */
    public static final int ORIGIN = 12;

    /** Zeros with room for {@code n} elements from {@link #ORIGIN} on, rounded up to 16. */
    public static float[] floats(long n) {
        return new float[Math.toIntExact(ORIGIN + padded(n))];
    }

    public static long padded(long n) {
        return (n + 15) / 16 * 16;
    }

    /** The next multiple of 16. */
    public static int padded(int n) {
        return (n + 15) / 16 * 16;
    }

    /** 0, step, 2 step, ... */
    public static int[] steps(int n, int step) {
        int[] steps = new int[n];
        for (int i = 0; i < n; i++) {
            steps[i] = i * step;
        }
        return steps;
    }
}
