// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.espalier.driver.UsageException;
import org.espalier.driver.plan.KnownNames;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.results.text.Text;

/** Reads sweep files from wherever they are. */
final class SweepFiles {
    private static final int MOST_BYTES = (1 << 20) + 1;

    private SweepFiles() {}

    /**
     * Reads a sweep file.
     *
     * @param file local path, or a URI of a Hadoop file system
     * @param configuration of that file system
     * @throws org.espalier.experiments.sweep.SweepFileException with all problems of the file
     */
    static Sweep read(String file, Datasets datasets, Configuration configuration) {
        KnownNames known = new KnownNames(datasets);
        if (!file.contains("://")) {
            return SweepFile.read(Path.of(file), known);
        }
        try {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file);
            FileSystem files = path.getFileSystem(configuration);
            try (FSDataInputStream in = files.open(path)) {
                return SweepFile.read(in.readNBytes(MOST_BYTES), file, known);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(Text.of("%s cannot be read: %s", file, e.getMessage()));
        }
    }
}
