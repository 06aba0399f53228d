// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.experiments.statistics.DuplicateRowsException;
import org.espalier.experiments.sweep.SweepFileException;
import org.espalier.results.ResultsException;
import org.espalier.results.text.Text;

/** Tells a user's mistakes, and files that cannot be used, from faults of the program. */
final class Mistakes {
    private Mistakes() {}

    /** What an exception says to a user; empty where it is a fault of the program. */
    static Optional<String> message(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof UsageException
                || cause instanceof SweepFileException
                || cause instanceof BadDataException
                || cause instanceof ResultsException
                || cause instanceof DuplicateRowsException) {
            return Optional.of(cause.getMessage());
        }
        if (cause instanceof FileSystemException file) {
            return Optional.of(Text.of("%s: %s", file.getFile(), why(file)));
        }
        if (cause instanceof FileNotFoundException
                || cause instanceof AccessControlException
                || cause instanceof ParentNotDirectoryException
                || cause instanceof org.apache.hadoop.fs.FileAlreadyExistsException) {
            return Optional.of(String.valueOf(cause.getMessage()));
        }
        return Optional.empty();
    }

    /** What went wrong, without the wrapping that streams and lambdas need. */
    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    }

    private static String why(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "expected a folder, got a file";
        }
        if (e instanceof NoSuchFileException) {
            return "not found";
        }
        return String.valueOf(e.getReason());
    }

    /**
     * Makes the folder that an option names where it is not there.
     *
     * @throws UsageException if it cannot be made
     */
    static void makeFolder(String option, String text) {
        Path path = folder(option, text);
        try {
            path.getFileSystem(new Configuration()).mkdirs(path);
        } catch (IOException e) {
            throw new UsageException(
                    Text.of("%s %s: this folder cannot be made: %s", option, text, e.getMessage()),
                    e);
        }
    }

    /**
     * A folder that an option names.
     *
     * @throws UsageException if the text is no path, or no file system is known for it
     */
    static Path folder(String option, String text) {
        if (text.isBlank()) {
            throw new UsageException(Text.of("%s: expected a folder, got nothing", option));
        }
        Path path;
        try {
            path = new Path(text);
            path.getFileSystem(new Configuration());
        } catch (RuntimeException | IOException e) { // Hadoop wraps a missing class in one
            throw new UsageException(
                    Text.of(
                            "%s %s: expected a path or the URI of a Hadoop file system: %s",
                            option, text, e.getMessage()));
        }
        return path;
    }
}
