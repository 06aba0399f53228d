// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.experiments.network.Shape;

/**
 * Where the values of a layer, and beside them their gradients, lie: element e of sample b of a
 * batch with stride s is at {@code ORIGIN + (row + e) s + b}, as long as the channels of an image
 * follow one another. Images that convolutions read have rows between their channels that nobody
 * looks at: without them all channels would fall on the same sets of a cache.
 *
 * @param shape of one sample
 * @param row first row in the workspace
 * @param pitch rows from one channel to the next, at least the positions of one
 */
record Place(Shape shape, int row, int pitch) {

    /** Index of the first value at this stride. */
    int at(int stride) {
        return Memory.ORIGIN + row * stride;
    }

    /** Index of the first value of a channel. */
    int channelAt(int channel, int stride) {
        return at(stride) + channel * pitch * stride;
    }

    /** Rows that it takes. */
    int rows() {
        return shape.channels() * pitch;
    }

    /** Whether there is nothing between its channels. */
    boolean isCompact() {
        return pitch == positions();
    }

    /** Rows of one channel. */
    int positions() {
        return shape.height() * shape.width();
    }
}
