// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.espalier.results.text.Text;

/** A lock that is held until it is closed. */
interface FolderLock extends AutoCloseable {

    @Override
    void close() throws IOException;

    /** What the user should know of this lock; empty where it falls with its process. */
    default Optional<String> remark() {
        return Optional.empty();
    }

    /**
     * Whether it is held still; asked before every step that others see.
     *
     * @throws ResultsException if another holder took it
     */
    default void check() throws IOException {}

    /** How often it was taken over from a dead holder, from 1; 0 where that needs no counting. */
    default long epoch() {
        return 0;
    }

    /** What a holder writes into its lock. */
    static String holder() {
        return Text.of(
                "process %d on host %s since %s",
                ProcessHandle.current().pid(),
                host(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Why a folder is refused; {@code remedy} ends the sentence. */
    static ResultsException held(Path file, String holder, String remedy) {
        return new ResultsException(
                Text.of(
                        "%s is in use by %s%s",
                        file.getParent(), holder.isBlank() ? "another process" : holder, remedy));
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
