// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import java.util.Optional;
import org.espalier.results.text.Text;

/** Checks on a batch of outputs, and the memory of the first one that was not finite. */
final class Outputs {
    private final int width;
    private String divergence;

    Outputs(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("a network has at least 1 output, got " + width);
        }
        this.width = width;
    }

    void requireBatch(float[] outputs, int count, int targets, int targetsPerSample) {
        if (count < 0
                || outputs.length < (long) count * width
                || targets < (long) count * targetsPerSample) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%d samples need %d outputs and %d targets, got %d and %d",
                            count,
                            (long) count * width,
                            (long) count * targetsPerSample,
                            outputs.length,
                            targets));
        }
    }

    /** Whether the outputs from {@code at} on are finite; if not, remembers the first that is. */
    boolean finite(float[] outputs, int at, long sample) {
        for (int k = 0; k < width; k++) {
            if (!Float.isFinite(outputs[at + k])) {
                if (divergence == null) {
                    divergence =
                            Text.of("output %d of sample %d is %s", k, sample, outputs[at + k]);
                }
                return false;
            }
        }
        return true;
    }

    Optional<String> divergence() {
        return Optional.ofNullable(divergence);
    }
}
