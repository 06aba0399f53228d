// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.network.Shape;

/**
 * Where the values of a layer and their gradients lie: the value of element e of sample b of a
 * batch with stride s is at {@code ORIGIN + (row + e) s + b}, as long as the channels of an image
 * follow one another. Images that convolutions read have rows between their channels that nobody
 * looks at: without them all channels would fall on the same sets of a cache.
 *
 * <p>Gradients lie alike, from another row on: what has been read is written over by the layers
 * before, so that the gradients of a deep network take the memory of a few layers.
 */
final class Place {
    private final Shape shape;
    private final int row;
    private final int pitch;
    private int gradientRow = -1;

    /**
     * @param shape of one sample
     * @param row first row of values in the workspace
     * @param pitch rows from one channel to the next, at least the positions of one
     */
    Place(Shape shape, int row, int pitch) {
        this.shape = shape;
        this.row = row;
        this.pitch = pitch;
    }

    Shape shape() {
        return shape;
    }

    int pitch() {
        return pitch;
    }

    /** Gives the gradients their first row, once. */
    void placeGradients(int first) {
        if (gradientRow >= 0) {
            throw new IllegalStateException("gradients lie at row " + gradientRow);
        }
        gradientRow = first;
    }

    boolean hasGradients() {
        return gradientRow >= 0;
    }

    /** Row of the first value. */
    int row() {
        return row;
    }

    /** Row of the first value's gradient. */
    int gradientRow() {
        if (gradientRow < 0) {
            throw new IllegalStateException("no gradient is wanted here");
        }
        return gradientRow;
    }

    /** Index of the first value at this stride. */
    int at(int stride) {
        return Memory.ORIGIN + row * stride;
    }

    /** Index of the first value of a channel. */
    int channelAt(int channel, int stride) {
        return at(stride) + channel * pitch * stride;
    }

    /** Index of the first value's gradient. */
    int gradientAt(int stride) {
        return Memory.ORIGIN + gradientRow() * stride;
    }

    /** Index of the gradient of the first value of a channel. */
    int gradientOfChannelAt(int channel, int stride) {
        return gradientAt(stride) + channel * pitch * stride;
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
