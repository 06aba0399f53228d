// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.journal.Entry;

/** Entries of one operation as they are found: what an operation that fails leaves. */
final class Findings {
    private final List<Entry> entries = new ArrayList<>();

    void add(Entry entry) {
        entries.add(entry);
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }
}
