// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.io.Serializable;
import org.espalier.results.text.Text;

/**
 * Shape of one sample between two layers: an image as channel, row, column, or a flat vector of n
 * features as (n, 1, 1). The order of the elements is channel, then row, then column, so an image
 * is read as a flat vector without being moved.
 */
public record Shape(int channels, int height, int width) implements Serializable {
    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    Text.of(
                            "every extent of a shape must be at least 1, got %dx%dx%d",
                            channels, height, width));
        }
    }

    /** A vector of {@code features}. */
    public static Shape flat(int features) {
        return new Shape(features, 1, 1);
    }

    /** Number of elements. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
