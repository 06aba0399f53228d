// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.espalier.results.text.Text;

/** Files of a distributed file system that renames and creates in one step, as HDFS does. */
final class HadoopStorage implements Storage {
    private final FileSystem files;

    HadoopStorage(FileSystem files) {
        this.files = files;
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return Arrays.stream(files.listStatus(folder))
                .map(status -> status.getPath().getName())
                .sorted()
                .toList();
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return files.exists(path);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        if (!files.mkdirs(folder)) {
            throw new ResultsException(folder + " cannot be created");
        }
    }

    @Override
    public OutputFile output(Path file) {
        return new SyncedOutputFile(
                () -> {
                    FSDataOutputStream stream = files.create(file, false);
                    return new SyncedOutputFile.Target(
                            new BufferedOutputStream(stream, 1 << 16), stream::hsync);
                });
    }

    @Override
    public InputFile input(Path file) throws IOException {
        FileStatus status = files.getFileStatus(file);
        return new InputFile() {
            @Override
            public long getLength() {
                return status.getLen();
            }

            @Override
            public SeekableInputStream newStream() throws IOException {
                FSDataInputStream stream = files.open(file);
                return HadoopStreams.wrap(stream);
            }

            @Override
            public String toString() {
                return file.toString();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        if (files.exists(to)) { // a rename onto a folder would move into it
            throw new ResultsException(Text.of("%s cannot become %s, which exists", from, to));
        }
        if (!files.rename(from, to)) {
            throw new ResultsException(Text.of("%s cannot become %s", from, to));
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!files.delete(path, true) && files.exists(path)) {
            throw new ResultsException(path + " cannot be removed");
        }
    }

    /** Does nothing: such file systems log every change of a folder before they answer. */
    @Override
    public void sync(Path folder) {}

    @Override
    public FolderLock lock(Path file) throws IOException {
        return LeasedLock.acquire(files, file);
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }
}
