// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.espalier.results.text.Text;

/**
 * Files of this machine by {@code java.nio}: unlike Hadoop's local file system it can force bytes
 * to the disk, renames without falling back to a copy, and leaves no checksum files beside the
 * results.
 */
final class LocalStorage implements Storage {
    private final AtomicReference<String> unforced = new AtomicReference<>();

    @Override
    public List<String> list(Path folder) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(local(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            throw missing(folder, e);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(local(path));
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Files.createDirectories(local(folder));
    }

    @Override
    public OutputFile output(Path file) {
        return new SyncedOutputFile(
                () -> {
                    FileChannel channel =
                            FileChannel.open(
                                    local(file),
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE);
                    return new SyncedOutputFile.Target(
                            new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16),
                            () -> force(file, channel));
                });
    }

    @Override
    public InputFile input(Path file) throws IOException {
        long length;
        try {
            length = Files.size(local(file));
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        }
        return new InputFile() {
            @Override
            public long getLength() {
                return length;
            }

            @Override
            public SeekableInputStream newStream() throws IOException {
                try {
                    return stream(FileChannel.open(local(file), StandardOpenOption.READ));
                } catch (NoSuchFileException e) {
                    throw missing(file, e);
                }
            }

            @Override
            public String toString() {
                return file.toString();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        if (exists(to)) {
            throw new ResultsException(Text.of("%s cannot become %s, which exists", from, to));
        }
        Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!exists(path)) {
            return;
        }
        Files.walkFileTree(
                local(path),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(
                            java.nio.file.Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            java.nio.file.Path folder, IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public void sync(Path folder) throws IOException {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return; // Windows opens no folders, and orders its metadata by itself
        }
        try (FileChannel channel = FileChannel.open(local(folder), StandardOpenOption.READ)) {
            force(folder, channel);
        }
    }

    private void force(Path path, FileChannel channel) throws IOException {
        if (!Forcing.force(channel)) {
            unforced.compareAndSet(
                    null,
                    Text.of(
                            "the file system of %s cannot force bytes to its disk: rows may be lost if this machine crashes, though not if a run is killed",
                            path.getParent()));
        }
    }

    @Override
    public List<String> remarks() {
        return Stream.ofNullable(unforced.get()).toList();
    }

    @Override
    public FolderLock lock(Path file) throws IOException {
        return LocalLock.acquire(file, local(file));
    }

    private static java.nio.file.Path local(Path path) {
        // by way of a file: the URI of a Hadoop path is not escaped as java.nio would have it
        return new File(path.toUri().getPath()).toPath();
    }

    private static FileNotFoundException missing(Path file, NoSuchFileException cause) {
        var missing = new FileNotFoundException(file + " does not exist");
        missing.initCause(cause);
        return missing;
    }

    private static SeekableInputStream stream(FileChannel channel) {
        return new DelegatingSeekableInputStream(Channels.newInputStream(channel)) {
            @Override
            public long getPos() throws IOException {
                return channel.position();
            }

            @Override
            public void seek(long position) throws IOException {
                channel.position(position);
            }
        };
    }
}
