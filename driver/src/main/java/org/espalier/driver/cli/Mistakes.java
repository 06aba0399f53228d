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
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.machine.BadMachineException;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.statistics.DuplicateRowsException;
import org.espalier.experiments.sweep.SweepFileException;
import org.espalier.results.ResultsException;
import org.espalier.results.text.Text;
import picocli.CommandLine;

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

    /**
     * What an exception or error says of the machine, its disks and libraries; empty where it is
     * something else.
     */
    static Optional<String> environment(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof StorageException || cause instanceof BadMachineException) {
            return Optional.of(cause.getMessage());
        }
        if (cause instanceof OutOfMemoryError) {
            return Optional.of(
                    Text.of(
                            "this JVM ran out of memory (%s): give it more with ESPALIER_JAVA_OPTS=-Xmx16g, or let fewer cells run at once with --master local[N]",
                            Text.firstLine(cause)));
        }
        if (cause instanceof LinkageError) {
            return Optional.of(
                    Text.of("a library cannot be loaded here: %s", Text.firstLine(cause)));
        }
        if (cause instanceof IOException || cause instanceof FSError) {
            return Optional.of(
                    Text.of("files or the network fail here: %s", Text.firstLine(cause)));
        }
        return Optional.empty();
    }

    /** What went wrong, without the wrapping that streams, lambdas and commands need. */
    static Throwable unwrapped(Throwable thrown) {
        boolean wrapping =
                thrown instanceof UncheckedIOException
                        || thrown instanceof CommandLine.ExecutionException
                                && thrown.getCause() instanceof Error;
        return wrapping ? thrown.getCause() : thrown;
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
    static void makeFolder(String option, String text, Configuration configuration) {
        Path path = folder(option, text, configuration);
        try {
            path.getFileSystem(configuration).mkdirs(path);
        } catch (IOException | FSError e) {
            throw new UsageException(
                    Text.of(
                            "%s %s: this folder cannot be made: %s",
                            option, text, Text.firstLine(e)),
                    e);
        }
    }

    /**
     * A folder that an option names.
     *
     * @throws UsageException if the text is no path, or no file system is known for it
     */
    static Path folder(String option, String text, Configuration configuration) {
        if (text.isBlank()) {
            throw new UsageException(Text.of("%s: expected a folder, got nothing", option));
        }
        Path path;
        try {
            path = new Path(text);
            path.getFileSystem(configuration);
        } catch (RuntimeException | IOException e) { // Hadoop wraps a missing class in one
            throw new UsageException(
                    Text.of(
                            "%s %s: expected a path or the URI of a Hadoop file system: %s",
                            option, text, Text.firstLine(e)));
        }
        return path;
    }
}
