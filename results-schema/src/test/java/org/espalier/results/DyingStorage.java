// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Fails at the n-th change, just before or just after it is made, and at every one that follows: to
 * what is on the disk that is a process killed at this point.
 */
final class DyingStorage implements Storage {
    private final Storage alive = new LocalStorage();
    private final int at;
    private final boolean after;
    private int changes;

    private DyingStorage(int at, boolean after) {
        this.at = at;
        this.after = after;
    }

    static DyingStorage before(int change) {
        return new DyingStorage(change, false);
    }

    static DyingStorage after(int change) {
        return new DyingStorage(change, true);
    }

    /** Whether the point was reached. */
    boolean dead() {
        return changes >= at;
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return alive.list(folder);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return alive.exists(path);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        change(() -> alive.createFolder(folder));
    }

    @Override
    public OutputFile output(Path file) {
        OutputFile output = alive.output(file);
        return new OutputFile() {
            @Override
            public PositionOutputStream create(long blockSizeHint) throws IOException {
                var opened = new PositionOutputStream[1];
                change(() -> opened[0] = output.create(blockSizeHint));
                return new DyingStream(opened[0]);
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
        };
    }

    @Override
    public InputFile input(Path file) throws IOException {
        return alive.input(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change(() -> alive.rename(from, to));
    }

    /** Removes every file of a folder in a change of its own. */
    @Override
    public void delete(Path path) throws IOException {
        if (alive.exists(path)) {
            java.nio.file.Path local = java.nio.file.Path.of(path.toUri());
            if (java.nio.file.Files.isDirectory(local)) {
                for (String name : alive.list(path)) {
                    change(() -> alive.delete(new Path(path, name)));
                }
            }
            change(() -> alive.delete(path));
        }
    }

    @Override
    public void sync(Path folder) throws IOException {
        change(() -> alive.sync(folder));
    }

    @Override
    public FolderLock lock(Path file) throws IOException {
        return alive.lock(file);
    }

    private void change(Change change) throws IOException {
        changes++;
        if (changes < at || changes == at && after) {
            change.make();
        }
        if (changes >= at) {
            throw new IOException("dead since change " + at);
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Loses what was written since the last change when it dies. */
    private final class DyingStream extends PositionOutputStream {
        private final PositionOutputStream out;

        DyingStream(PositionOutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() throws IOException {
            return out.getPos();
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            change(out::close);
        }
    }

    @Override
    public List<String> remarks() {
        return alive.remarks();
    }
}
