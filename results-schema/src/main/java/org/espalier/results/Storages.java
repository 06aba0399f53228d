// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.espalier.results.text.Text;

/** Chooses how a folder's files are handled, or refuses to. */
final class Storages {
    /** Renames a folder in one step, and creates a file for one of several that try. */
    private static final Set<String> DISTRIBUTED = Set.of("hdfs", "webhdfs", "swebhdfs");

    private Storages() {}

    /** The path with its scheme, and the absolute folder. */
    static Path qualified(Path folder, Configuration configuration) throws IOException {
        URI defaults = FileSystem.getDefaultUri(configuration);
        String scheme = scheme(folder, defaults);
        if (!scheme.equals("file") && !DISTRIBUTED.contains(scheme)) {
            throw new ResultsException(
                    Text.of(
                            "%s cannot hold results: %s is an object store or unknown, results need a file"
                                    + " system that renames folders in one step (file, hdfs)",
                            folder, scheme));
        }
        Path plain = new Path(folder.toString()); // a URI may end in a slash, a path may not
        return plain.getFileSystem(configuration).makeQualified(plain);
    }

    /** What handles files below a qualified path. */
    static Storage of(Path qualified, Configuration configuration) throws IOException {
        return qualified.toUri().getScheme().equals("file")
                ? new LocalStorage()
                : new HadoopStorage(qualified.getFileSystem(configuration));
    }

    private static String scheme(Path folder, URI defaults) {
        String own = folder.toUri().getScheme();
        String scheme = own == null ? defaults.getScheme() : own;
        return scheme == null ? "file" : scheme.toLowerCase(Locale.ROOT);
    }
}
