// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import org.espalier.results.text.Text;

/** Inputs and targets of the same samples, in the same order. */
public record Samples(Features features, Targets targets) {
    public Samples {
        if (features.count() != targets.count()) {
            throw new IllegalArgumentException(
                    Text.of("%d inputs but %d targets", features.count(), targets.count()));
        }
    }

    /** Number of samples. */
    public int count() {
        return features.count();
    }
}
