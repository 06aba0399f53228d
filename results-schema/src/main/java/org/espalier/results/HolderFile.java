// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.Path;
import org.espalier.results.text.Text;

/**
 * The lock of a local folder whose file system has none (Lustre, NFS without its lock service): a
 * file beside the lock's that only one of several can create. It outlives a process that is killed,
 * and nobody can tell from another host whether that process lives, so only a person may remove it
 * then.
 */
final class HolderFile implements FolderLock {
    private static final String SUFFIX = ".held";

    private final java.nio.file.Path held;
    private final String remark;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private HolderFile(java.nio.file.Path held, String remark) {
        this.held = held;
        this.remark = remark;
    }

    /**
     * Creates the file.
     *
     * @param lock the lock's file, as messages name it
     * @param why the file system has no locks
     * @throws ResultsException if another holder has created it
     */
    static HolderFile acquire(Path lock, java.nio.file.Path local, String holder, IOException why)
            throws IOException {
        java.nio.file.Path held = beside(local);
        try {
            Files.writeString(held, holder, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            refuseHeld(lock, local);
            throw FolderLock.held(lock, "", ""); // given up this very moment
        }
        return new HolderFile(
                held,
                Text.of(
                        "%s is on a file system without locks (%s): the file %s keeps other runs out, and if this run is killed, delete that file by hand",
                        lock.getParent(), Text.firstLine(why), held.getFileName()));
    }

    /**
     * Does nothing where there is no such file.
     *
     * @throws ResultsException if there is one
     */
    static void refuseHeld(Path lock, java.nio.file.Path local) throws IOException {
        java.nio.file.Path held = beside(local);
        try {
            String holder = Files.readString(held, StandardCharsets.UTF_8).strip();
            throw FolderLock.held(lock, holder, " (if that process is gone, delete " + held + ")");
        } catch (NoSuchFileException e) {
            return; // free
        }
    }

    private static java.nio.file.Path beside(java.nio.file.Path local) {
        return local.resolveSibling(local.getFileName() + SUFFIX);
    }

    @Override
    public Optional<String> remark() {
        return Optional.of(remark);
    }

    @Override
    public void close() throws IOException {
        if (open.getAndSet(false)) { // closed twice, it must not remove the next holder's
            Files.deleteIfExists(held);
        }
    }
}
