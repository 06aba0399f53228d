// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system under {@code faulty:}, which fails as often as it is told to. */
public final class FaultyFileSystem extends RawLocalFileSystem {
    /** How many of the next openings and makings of files fail. */
    static final AtomicInteger READS = new AtomicInteger();

    static final AtomicInteger WRITES = new AtomicInteger();

    /** Which of the next files that are made fail while they are written. */
    static final AtomicInteger ENDS = new AtomicInteger();

    static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
        configuration.set("fs.faulty.impl.disable.cache", "true");
        configuration.set(Patience.PAUSE, "1");
        return configuration;
    }

    @Override
    public URI getUri() {
        return URI.create("faulty:///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        fail(READS, "connection reset while reading");
        return super.open(path, bufferSize);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        fail(WRITES, "no space left on device");
        FSDataOutputStream out =
                super.create(path, overwrite, bufferSize, replication, blockSize, progress);
        if (ENDS.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
            return out;
        }
        return new FSDataOutputStream(out, null) {
            @Override
            public void hsync() throws IOException {
                throw new IOException("quota exceeded");
            }
        };
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    private static void fail(AtomicInteger left, String message) throws IOException {
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IOException(message);
        }
    }
}
