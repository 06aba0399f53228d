// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.List;
import java.util.Map;
import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.InitialWeights;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Reinitialise;

/** Carries out {@link Reinitialise}: new weights under the old masks. */
final class ReinitialiseRunner {
    private ReinitialiseRunner() {}

    static NetworkState run(
            Stage stage, Architecture architecture, NetworkState before, Findings found) {
        Reinitialise operation = (Reinitialise) stage.operation();
        NetworkState after =
                new NetworkState(
                        Masks.applied(
                                InitialWeights.of(architecture, new Streams(operation.seed())),
                                before.masks()),
                        List.of(),
                        List.of(),
                        before.masks(),
                        Map.of(),
                        Map.of(),
                        Place.START,
                        before.journal());
        found.add(
                new Entry.Rewound(
                        stage.name(),
                        after.place(),
                        operation.verb(),
                        Masks.surviving(architecture, after),
                        null));
        return after;
    }
}
