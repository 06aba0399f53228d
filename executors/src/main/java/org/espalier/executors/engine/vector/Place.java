// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.experiments.network.Shape;

/**
 * Where the values of a layer, and beside them their gradients, lie: element e of sample b of a
 * batch with stride s is at {@code ORIGIN + (row + e) s + b}.
 *
 * @param shape of one sample
 * @param row first row in the workspace
 */
record Place(Shape shape, int row) {

    /** Index of the first value at this stride. */
    int at(int stride) {
        return Memory.ORIGIN + row * stride;
    }

    /** Rows, one for each element of a sample. */
    int rows() {
        return shape.size();
    }

    /** Rows of one channel. */
    int positions() {
        return shape.height() * shape.width();
    }
}
