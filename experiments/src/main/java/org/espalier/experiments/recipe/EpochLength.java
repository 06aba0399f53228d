// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;

/**
 * How many updates an epoch is: what makes epochs and iterations comparable.
 *
 * @param iterations at least 1
 */
public record EpochLength(int iterations) implements Serializable {
    public EpochLength {
        if (iterations < 1) {
            throw new IllegalArgumentException(
                    "an epoch has at least 1 iteration, got " + iterations);
        }
    }

    /**
     * Batches of one pass; the last may be shorter.
     *
     * @param samples that are trained on, at least 1
     * @param batchSize at least 1
     */
    public static EpochLength of(int samples, int batchSize) {
        return new EpochLength((int) ((samples + (long) batchSize - 1) / batchSize));
    }
}
