// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.espalier.results.text.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often an action on the store is tried, with pauses between that grow fourfold.
 *
 * @param attempts at least 1
 * @param firstPauseMillis before the second attempt
 */
record Patience(int attempts, long firstPauseMillis) {
    /** Setting of Hadoop: how often an action on the store of stages is tried. */
    static final String ATTEMPTS = "espalier.store.attempts";

    /** Setting of Hadoop: the pause before the second attempt; later ones grow fourfold. */
    static final String PAUSE = "espalier.store.pause.millis";

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final int GROWTH = 4;

    static Patience of(Configuration configuration) {
        return new Patience(
                Math.max(1, configuration.getInt(ATTEMPTS, 4)),
                Math.max(0, configuration.getLong(PAUSE, 500)));
    }

    /** Something on a file system that may work when it is tried again. */
    interface Action<T> {
        T run() throws IOException;
    }

    /**
     * Runs an action until it works.
     *
     * @param what it does, for a message: {@code read FILE}
     * @throws FileNotFoundException at once; that something is not there is an answer
     * @throws StorageException if no attempt works; says what the last one said
     */
    <T> T run(String what, Action<T> action) throws FileNotFoundException {
        long pause = firstPauseMillis;
        for (int attempt = 1; ; attempt++) {
            try {
                return run(action);
            } catch (FileNotFoundException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == attempts || e instanceof InterruptedIOException) {
                    throw new StorageException(
                            Text.of(
                                    "the stage store cannot %s: %s (tried %s)",
                                    what, reason(e), attempt == 1 ? "once" : attempt + " times"),
                            e);
                }
                LOG.warn("the stage store cannot {}: {}; trying again", what, reason(e));
                sleep(pause, what, e);
                pause *= GROWTH;
            }
        }
    }

    /** Hadoop's local file system throws some of what a disk says as an error. */
    private static <T> T run(Action<T> action) throws IOException {
        try {
            return action.run();
        } catch (FSError e) {
            throw new IOException(Text.firstLine(e), e);
        }
    }

    private static String reason(IOException e) {
        return Text.firstLine(e);
    }

    private static void sleep(long millis, String what, IOException because) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    Text.of("the stage store cannot %s: %s", what, reason(because)), because);
        }
    }
}
