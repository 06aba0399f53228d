// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.apache.hadoop.conf.Configuration;

/** A process that keeps one snapshot after the other until it is killed. */
final class SnapshotLoop {
    private SnapshotLoop() {}

    static String stage(int round, int n) {
        return "%04x%028x".formatted(round, n);
    }

    public static void main(String[] arguments) throws Exception {
        StageStore store = new StageStore(arguments[0], new Configuration());
        for (int n = 0; ; n++) {
            store.write(stage(Integer.parseInt(arguments[1]), n), SomeStates.random(n));
        }
    }
}
