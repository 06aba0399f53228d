// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import org.apache.hadoop.conf.Configuration;
import org.espalier.results.text.Text;

/** A process that keeps one snapshot after the other until it is killed. */
final class SnapshotLoop {
    private SnapshotLoop() {}

    static String stage(int round, int n) {
        return Text.of("%04x%028x", round, n);
    }

    public static void main(String[] arguments) throws Exception {
        StageStore store = new StageStore(arguments[0], new Configuration());
        for (int n = 0; ; n++) {
            store.write(stage(Integer.parseInt(arguments[1]), n), SomeStates.random(n));
        }
    }
}
