// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.List;
import java.util.Map;
import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Train;

/** Carries out {@code Rewind}: an older network under the masks of now. */
final class RewindRunner {
    private RewindRunner() {}

    /**
     * The older network, masked.
     *
     * @param older that the stage borrows
     */
    static NetworkState run(
            Stage stage,
            Architecture architecture,
            NetworkState before,
            NetworkState older,
            Findings found) {
        NetworkState after =
                new NetworkState(
                        Masks.applied(older.parameters(), before.masks()),
                        List.of(),
                        Masks.appliedToOptimizer(older.optimizer(), before.masks()),
                        before.masks(),
                        Map.of(),
                        Map.of(),
                        older.place(),
                        before.journal());
        found.add(
                new Entry.Rewound(
                        stage.name(),
                        after.place(),
                        stage.operation().verb(),
                        Masks.surviving(architecture, after),
                        step(stage.others().get(0)).toString()));
        return after;
    }

    /** Where in its training the borrowed network stands. */
    private static Step step(Stage borrowed) {
        return borrowed.operation() instanceof Train train ? train.to() : Step.ZERO;
    }
}
