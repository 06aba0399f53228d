// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * What the rows of a product start from, as {@link Kernels#multiply} takes it.
 *
 * @param values null where products are added to what is there
 * @param at index of the first row's
 * @param step from one row's to the next
 */
public record Start(float[] values, int at, int step) {

    public static final Start NONE = new Start(null, 0, 0);

    public static final Start ZERO = new Start(Kernels.ZERO, 0, 0);

    /** A value for each row. */
    public static Start each(float[] values) {
        return new Start(values, Memory.ORIGIN, 1);
    }
}
