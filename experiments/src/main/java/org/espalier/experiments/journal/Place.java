// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.io.Serializable;

/**
 * How far a network has been trained, all phases together; also its place in the random streams.
 *
 * @param epochs whole epochs behind it
 * @param iterations updates of the epoch that has begun; 0 at the end of one
 */
public record Place(int epochs, int iterations) implements Serializable {
    /** Of a network that has not been trained. */
    public static final Place START = new Place(0, 0);

    public Place {
        if (epochs < 0 || iterations < 0) {
            throw new IllegalArgumentException(
                    "a place is not negative, got " + epochs + " and " + iterations);
        }
    }

    /** Where a phase that starts anew begins: an epoch that was left in its middle has an end. */
    public Place nextEpoch() {
        return iterations == 0 ? this : new Place(epochs + 1, 0);
    }
}
