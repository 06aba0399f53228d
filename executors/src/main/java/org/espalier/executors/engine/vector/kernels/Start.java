// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * What the outputs of a product start from.
 *
 * @param values given away; null where products are added to what is there
 * @param at index of the first output's
 * @param step from one output's to the next
 */
public record Start(float[] values, int at, int step) {

    /** What is there. */
    public static final Start NONE = new Start(null, 0, 0);

    /** 0 for each. */
    public static final Start ZERO = new Start(new float[1], 0, 0);

    /** A value for each output, from {@link Memory#ORIGIN} on. */
    public static Start each(float[] values) {
        return new Start(values, Memory.ORIGIN, 1);
    }

    /** Whether outputs start from what is there. */
    public boolean isNone() {
        return values == null;
    }

    /** What output r starts from, where it is not what is there. */
    public float of(int r) {
        return values[at + r * step];
    }
}
