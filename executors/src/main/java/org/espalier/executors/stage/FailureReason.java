// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.espalier.executors.data.BadDataException;
import org.espalier.executors.train.DivergedException;

/** What reports count. */
public enum FailureReason {
    /** A training's or a score's numbers are no longer finite. */
    DIVERGED,
    OUT_OF_MEMORY,
    /** The data set is missing, damaged or not what was planned. */
    BAD_DATA,
    /** The settings cannot be carried out on this network. */
    BAD_SETTINGS,
    /** The executor died or was lost. */
    EXECUTOR_LOST,
    /** Anything else: ours. */
    BUG;

    /** The reason behind a throwable. */
    public static FailureReason of(Throwable thrown) {
        if (thrown instanceof DivergedException) {
            return DIVERGED;
        }
        if (thrown instanceof OutOfMemoryError) {
            return OUT_OF_MEMORY;
        }
        if (thrown instanceof BadDataException) {
            return BAD_DATA;
        }
        if (thrown instanceof BadSettingsException) {
            return BAD_SETTINGS;
        }
        return BUG;
    }
}
