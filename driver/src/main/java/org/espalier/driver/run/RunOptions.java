// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.espalier.results.text.Text;

/**
 * How a sweep is to be run.
 *
 * @param out URI of the folder of the sweep
 * @param data URI of the data folder
 * @param store URI of the stage store
 * @param master Spark master where the submission names none
 * @param settings Spark settings
 * @param changed what to do where the folder holds another sweep
 * @param failed what to do with cells that failed before
 * @param failures what to do where many cells fail of one cause
 * @param flushRows rows that wait at most before they are written
 * @param flushSeconds that a row waits at most
 */
public record RunOptions(
        String out,
        Optional<String> data,
        String store,
        String master,
        Map<String, String> settings,
        Changed changed,
        Failed failed,
        Failures failures,
        int flushRows,
        double flushSeconds) {

    /** Where the folder holds another sweep. */
    public enum Changed {
        REFUSE,
        EXTEND
    }

    /** Cells that failed before. */
    public enum Failed {
        LEAVE,
        RETRY
    }

    /** Where many cells fail of one cause. */
    public enum Failures {
        PAUSE,
        GO_ON
    }

    public RunOptions {
        settings = Map.copyOf(settings);
        if (flushRows < 1 || !(flushSeconds >= 0)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "rows must be flushed after at least 1 row and 0 s, got %d and %s",
                            flushRows, flushSeconds));
        }
    }

    /**
     * The data folder as an executor finds it, which runs in another folder than the driver: a path
     * is made absolute, a URI is as it is.
     */
    Optional<String> dataForExecutors() {
        return data.map(
                it ->
                        new org.apache.hadoop.fs.Path(it).toUri().getScheme() != null
                                ? it
                                : Path.of(it).toAbsolutePath().normalize().toString());
    }
}
