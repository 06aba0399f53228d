// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/**
 * The few operations on files that a folder of results is built from. All durability rests on them:
 * a file that {@link #output} closed, a rename and a {@link #sync} survive a crash of the machine
 * in the order in which they were made.
 */
interface Storage {

    /**
     * Names in a folder, sorted.
     *
     * @throws FileNotFoundException if the folder does not exist
     */
    List<String> list(Path folder) throws IOException;

    boolean exists(Path path) throws IOException;

    /** Creates the folder and those above it, if they are missing. */
    void createFolder(Path folder) throws IOException;

    /** A new file for Parquet to write; closing it forces its bytes to the disk. */
    OutputFile output(Path file);

    /**
     * A file for Parquet to read.
     *
     * @throws FileNotFoundException if it does not exist, here or when it is opened
     */
    InputFile input(Path file) throws IOException;

    /**
     * Renames a file or folder in one step.
     *
     * @throws ResultsException if the target exists; nothing is replaced
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, or a folder with all in it; does nothing if it does not exist. */
    void delete(Path path) throws IOException;

    /**
     * Makes what was created, renamed and removed in a folder durable, where the file system can;
     * where it cannot, {@link #remarks} tells.
     */
    void sync(Path folder) throws IOException;

    /**
     * Takes a lock that no other process, and nothing else in this one, can take before it is
     * closed. On a file system without locks it is a file that outlives a killed process.
     *
     * @throws ResultsException if it is held; names folder, host and process
     */
    FolderLock lock(Path file) throws IOException;

    /** What the file system has turned out to lack so far, a sentence each. */
    List<String> remarks();
}
