// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.InitialWeights;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.stage.operation.Initialise;

/** Carries out {@link Initialise}: initial weights, nothing trained. */
final class InitialiseRunner {
    private InitialiseRunner() {}

    static NetworkState run(Initialise operation, Architecture architecture) {
        return NetworkState.initial(InitialWeights.of(architecture, new Streams(operation.seed())));
    }
}
