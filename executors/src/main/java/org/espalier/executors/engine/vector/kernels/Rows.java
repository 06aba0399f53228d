// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * Rows of floats that follow one another in an array: {@code v(r)[c]}, element c of row r of a view
 * v, is {@code array[at + r row + c]}. An element may be asked for beyond its row: then it is one
 * of a later row. A view is made once for an array and a distance, not for a call.
 *
 * @param array given away
 * @param at index of the first row
 * @param row floats from one row to the next
 */
public record Rows(float[] array, int at, int row) {

    /** Checks that there is a first row and a way to the next. */
    public Rows {
        if (at < 0 || row < 1) {
            throw new IllegalArgumentException("rows of " + row + " floats from index " + at);
        }
    }

    /** Rows from {@link Memory#ORIGIN} on. */
    public static Rows of(float[] array, int row) {
        return new Rows(array, Memory.ORIGIN, row);
    }

    /**
     * A row for each float: a matrix, of which a {@link Product} says how many floats a row of its
     * own takes.
     */
    public static Rows ofFloats(float[] array) {
        return of(array, 1);
    }

    /** Index of the first element of row r. */
    public int index(int r) {
        return at + r * row;
    }

    /** The same rows without their first {@code columns} elements. */
    public Rows after(int columns) {
        return new Rows(array, at + columns, row);
    }
}
