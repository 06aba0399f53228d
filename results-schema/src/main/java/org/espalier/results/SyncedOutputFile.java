// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A new file whose bytes are forced to the disk when it is closed. */
final class SyncedOutputFile implements OutputFile {
    private final Opening opening;

    SyncedOutputFile(Opening opening) {
        this.opening = opening;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Stream(opening.open());
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    /** Opens the file; it must not exist. */
    interface Opening {
        Target open() throws IOException;
    }

    /** Forces written bytes to the disk. */
    interface Force {
        void force() throws IOException;
    }

    record Target(OutputStream out, Force disk) {}

    private static final class Stream extends PositionOutputStream {
        private final Target target;
        private long position;

        Stream(Target target) {
            this.target = target;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            target.out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            target.out.write(bytes, from, count);
            position += count;
        }

        @Override
        public void flush() throws IOException {
            target.out.flush();
        }

        @Override
        public void close() throws IOException {
            try (OutputStream out = target.out) {
                out.flush();
                target.disk.force();
            }
        }
    }
}
