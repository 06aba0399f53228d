// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.CellRow.Evaluation;

/** What is known of a network on the test set. */
final class Measured {
    private Measured() {}

    /**
     * As its journal tells, or else measured now.
     *
     * @param of stage that left the network
     * @param loaded the same network on an engine
     */
    static Evaluation orOnTest(NetworkState state, Stage of, Network loaded, CellData data) {
        Evaluation known = state.journal().of(of.name());
        return known != null && known.test() != null
                ? new Evaluation(known.test(), known.testClean(), null, null, null, null)
                : new Evaluator(loaded).onTest(data, Evaluator.Recording.OFF);
    }
}
