// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Forces bytes to the disk on file systems of which some cannot: there a file is as durable as the
 * file system makes it by itself. A disk that can and fails is told from one that cannot by what
 * the operating system says, in English; said in another language it counts as a failure.
 */
public final class Forcing {
    /** EINVAL, ENOSYS, EOPNOTSUPP, ENOTTY. */
    private static final Set<String> LACKING =
            Set.of(
                    "Invalid argument",
                    "Function not implemented",
                    "Operation not supported",
                    "Inappropriate ioctl for device");

    private Forcing() {}

    /**
     * Forces what was written through a channel, or to a folder.
     *
     * @return whether it was forced; false where this file system has no such call
     * @throws IOException if it has, and failed
     */
    static boolean force(FileChannel channel) throws IOException {
        try {
            channel.force(true);
            return true;
        } catch (IOException e) {
            if (LACKING.contains(String.valueOf(e.getMessage()))) {
                return false;
            }
            throw e;
        }
    }

    /**
     * {@link FSDataOutputStream#hsync}, which of a local disk says no more than that it failed.
     *
     * @param out is open and writes {@code file}
     * @return whether it was forced; false where this file system has no such call
     * @throws IOException if it has, and failed
     */
    public static boolean force(
            FSDataOutputStream out, FileSystem files, org.apache.hadoop.fs.Path file)
            throws IOException {
        try {
            out.hsync();
            return true;
        } catch (SyncFailedException e) {
            if (!(files instanceof RawLocalFileSystem local)) {
                throw e;
            }
            Path same = local.pathToFile(file).toPath();
            try (FileChannel channel = FileChannel.open(same, StandardOpenOption.WRITE)) {
                return force(channel);
            }
        }
    }
}
