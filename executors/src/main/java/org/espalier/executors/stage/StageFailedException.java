// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.stage.Stage;

/** A stage that could not be carried out, with all that had been found out until then. */
final class StageFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Stage stage;
    private final Journal journal;

    StageFailedException(Stage stage, Journal journal, Throwable cause) {
        super(cause);
        this.stage = stage;
        this.journal = journal;
    }

    Stage stage() {
        return stage;
    }

    /** Of the network that the stage worked on, with what the stage found before it failed. */
    Journal journal() {
        return journal;
    }
}
