// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

/** Inputs and targets of the same samples, in the same order. */
public record Samples(Features features, Targets targets) {
    public Samples {
        if (features.count() != targets.count()) {
            throw new IllegalArgumentException(
                    "%d inputs but %d targets".formatted(features.count(), targets.count()));
        }
    }

    /** Number of samples. */
    public int count() {
        return features.count();
    }
}
