// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.store.StageStore;
import org.espalier.executors.store.StorageException;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Initialise;

/** What the store tells of a cell whose JVM died and took the rest along. */
public final class KnownJournals {
    private final StageStore store;

    public KnownJournals(StageStore store) {
        this.store = store;
    }

    /** The journal of the last network of the cell that was kept, with what was measured. */
    public Journal of(PlannedCell cell) {
        try {
            List<Entry> measured = new ArrayList<>();
            for (Stage measure : cell.programme().measures()) {
                store.journal(measure.name()).ifPresent(j -> measured.addAll(j.entries()));
            }
            for (Stage stage = cell.leaf();
                    !(stage.operation() instanceof Initialise);
                    stage = stage.network().orElseThrow()) {
                Optional<Journal> journal = store.journal(stage.name());
                if (journal.isPresent()) {
                    return journal.get().plus(measured);
                }
            }
        } catch (StorageException e) { // the failure that is told of is another one
            return Journal.EMPTY;
        }
        return Journal.EMPTY;
    }
}
