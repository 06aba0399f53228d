// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import org.apache.hadoop.fs.Path;

class LocalStorageTest extends StorageContract {
    @Override
    Storage storage() {
        return new LocalStorage();
    }

    @Override
    String remedy(Path file) {
        return "";
    }
}
