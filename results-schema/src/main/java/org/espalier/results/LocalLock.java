// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;

/**
 * A lock of the operating system, which falls with its process however that ends. The file stays,
 * with the name of its last holder in it: removing it would race with the next holder.
 */
final class LocalLock implements FolderLock {
    /** One byte behind anything that is written, so that the holder's name can always be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * Locks of this process by file. Asked first, since POSIX drops a process's lock as soon as it
     * closes any other handle on the same file.
     */
    private static final Map<java.nio.file.Path, String> HELD = new ConcurrentHashMap<>();

    private final java.nio.file.Path key;
    private final FileChannel channel;

    private LocalLock(java.nio.file.Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /** On a file system without locks, a {@link HolderFile}. */
    static FolderLock acquire(Path file, java.nio.file.Path local) throws IOException {
        java.nio.file.Path key =
                local.toAbsolutePath().getParent().toRealPath().resolve(local.getFileName());
        String holder = FolderLock.holder();
        String other = HELD.putIfAbsent(key, holder);
        if (other != null) {
            throw FolderLock.held(file, other, "");
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            local,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock(LOCKED_BYTE, 1, false);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) { // a lock that is held is no exception: there are no locks
                channel.close();
                HolderFile held = HolderFile.acquire(file, local, holder, e);
                HELD.remove(key); // from here on the file says it
                return held;
            }
            HolderFile.refuseHeld(file, local);
            if (lock == null) {
                throw FolderLock.held(
                        file, Files.readString(local, StandardCharsets.UTF_8).strip(), "");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            return new LocalLock(key, channel);
        } catch (IOException | RuntimeException e) {
            HELD.remove(key);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close(); // releases the lock
            HELD.remove(key);
        }
    }
}
