// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import java.util.Optional;
import org.espalier.results.CellRow;

/**
 * Counts and summed losses of a network over a data set, fed batch by batch. Samples are added one
 * by one, so the result has the same bits however the data set is cut into batches. Not thread
 * safe.
 */
public sealed interface Tally permits ClassTally, ValueTally {

    /** Number of samples so far. */
    long samples();

    /** Sum of the samples' losses; NaN once {@link #divergence()} is present. */
    double lossSum();

    /**
     * Where the first output that is not finite was, in one sentence; empty while all are. What a
     * tally says of such outputs is no measurement.
     */
    Optional<String> divergence();

    /**
     * The row's counts and mean loss.
     *
     * @throws IllegalStateException if there is no sample
     */
    CellRow.Measures measures();

    /** Mean loss, {@code lossSum / samples}; NaN of no samples. */
    default double loss() {
        return lossSum() / samples();
    }
}
