// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Through Hadoop's own local file system, since no other needs no server. */
class HadoopStorageTest extends StorageContract {
    @Override
    Storage storage() throws IOException {
        return AppendLoop.distributed(600);
    }

    @Override
    String remedy(Path file) {
        return ", which lives; wait for it, or choose another folder with --out";
    }
}
