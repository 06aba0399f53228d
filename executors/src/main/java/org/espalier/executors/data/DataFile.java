// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.results.text.Text;

/**
 * A file or a folder of data on any Hadoop file system. A location without a scheme is on the
 * default file system, which is the local one unless Hadoop's configuration says otherwise.
 *
 * @param length bytes of a file as the file system gives them
 * @param modified when it was last written, in milliseconds of the file system's clock
 */
public record DataFile(FileSystem system, Path path, boolean folder, long length, long modified) {

    /**
     * What is at a location.
     *
     * @throws BadDataException if nothing is there, or it cannot be asked
     */
    public static DataFile at(String location, Configuration configuration)
            throws BadDataException {
        try {
            return at(location, new Path(location), configuration);
        } catch (IllegalArgumentException e) {
            throw unreadable(location, e);
        }
    }

    /** What is at a place of the local file system, whatever the default one is. */
    public static DataFile at(java.nio.file.Path local) throws BadDataException {
        return at(local.toString(), new Path(local.toUri()), new Configuration());
    }

    private static DataFile at(String location, Path path, Configuration configuration)
            throws BadDataException {
        try {
            FileSystem system = path.getFileSystem(configuration);
            return of(system, system.getFileStatus(path));
        } catch (FileNotFoundException e) {
            throw new BadDataException(Reason.NOT_FOUND, location + ": not found", e);
        } catch (IOException e) {
            throw unreadable(location, e);
        }
    }

    private static DataFile of(FileSystem system, FileStatus status) {
        return new DataFile(
                system,
                status.getPath(),
                status.isDirectory(),
                status.getLen(),
                status.getModificationTime());
    }

    /** What is in this folder, by name; hidden and unfinished files ({@code .x, _x}) left out. */
    public List<DataFile> children() throws BadDataException {
        if (!folder) {
            throw new BadDataException(
                    Reason.NOT_FOUND, Text.of("%s: expected a folder, got a file", this));
        }
        try {
            List<DataFile> children = new ArrayList<>();
            for (FileStatus status : system.listStatus(path)) {
                String name = status.getPath().getName();
                if (!name.startsWith(".") && !name.startsWith("_")) {
                    children.add(of(system, status));
                }
            }
            children.sort(Comparator.comparing(DataFile::name));
            return children;
        } catch (IOException e) {
            throw unreadable(toString(), e);
        }
    }

    /**
     * Its content.
     *
     * @throws IOException if it is none that can be read to its end: a pipe, a socket, a device
     */
    public InputStream open() throws IOException {
        if ("file".equals(path.toUri().getScheme())
                && Files.readAttributes(
                                new File(path.toUri().getPath()).toPath(),
                                BasicFileAttributes.class)
                        .isOther()) {
            throw new IOException("expected a regular file, got a pipe, a socket or a device");
        }
        return system.open(path);
    }

    public String name() {
        return path.getName();
    }

    /** The error of a file system, told with the place. */
    public static BadDataException unreadable(String location, Exception e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new BadDataException(
                Reason.UNREADABLE, Text.of("%s: cannot be read: %s", location, why), e);
    }

    /** As a user would write it: a plain path where it is local. */
    @Override
    public String toString() {
        return "file".equals(path.toUri().getScheme())
                ? path.toUri().getPath()
                : path.toUri().toString();
    }
}
