// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;

/**
 * A network between two stages: everything that the next stage needs and nothing that depends on an
 * engine. Random streams need no state of their own, they follow from the number of epochs.
 *
 * @param parameters all of them, in the architecture's order
 * @param best parameters of the best epoch by validation, of the phase that ended last; empty where
 *     nothing was held out
 * @param optimizer state of the optimiser; empty before any update
 * @param masks by the name of a weight tensor; empty for a dense network
 * @param epochs trained so far, all phases together
 */
public record NetworkState(
        List<Tensor> parameters,
        List<Tensor> best,
        List<Tensor> optimizer,
        Map<String, Mask> masks,
        int epochs,
        History history) {
    public NetworkState {
        parameters = List.copyOf(parameters);
        best = List.copyOf(best);
        optimizer = List.copyOf(optimizer);
        masks = Map.copyOf(masks);
    }
}
