// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Through Hadoop's own local file system, since no other needs no server. */
class HadoopStorageTest extends StorageContract {
    @Override
    Storage storage() throws IOException {
        var files = new RawLocalFileSystem();
        files.initialize(URI.create("file:///"), new Configuration(false));
        return new HadoopStorage(files);
    }

    @Override
    String remedy(Path file) {
        return " \\(if that process is gone, delete \\Q" + file + "\\E\\)";
    }
}
