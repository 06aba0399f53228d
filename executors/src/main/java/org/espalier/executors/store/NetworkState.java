// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;

/**
 * A network between two stages: everything that the next stage needs and nothing that depends on an
 * engine. Random streams need no state of their own, they follow from the place.
 *
 * @param parameters all of them, in the architecture's order
 * @param best parameters of the best epoch by validation, of the phase that ended last; empty where
 *     nothing was held out
 * @param optimizer state of the optimiser; empty before any update
 * @param masks by the name of a weight tensor; empty for a dense network
 * @param perturbed weights that the latest noise is laid over, as masks by the name of their
 *     tensor; mostly empty
 * @param targeted weights that were ever chosen for noise; mostly empty
 * @param place how far it has been trained
 */
public record NetworkState(
        List<Tensor> parameters,
        List<Tensor> best,
        List<Tensor> optimizer,
        Map<String, Mask> masks,
        Map<String, Mask> perturbed,
        Map<String, Mask> targeted,
        Place place,
        Journal journal) {
    public NetworkState {
        parameters = List.copyOf(parameters);
        best = List.copyOf(best);
        optimizer = List.copyOf(optimizer);
        masks = Map.copyOf(masks);
        perturbed = Map.copyOf(perturbed);
        targeted = Map.copyOf(targeted);
    }

    /** A network that has just been made. */
    public static NetworkState initial(List<Tensor> parameters) {
        return new NetworkState(
                parameters,
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Place.START,
                Journal.EMPTY);
    }

    /** Findings without a network. */
    public static NetworkState findings(Journal journal) {
        return new NetworkState(
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Place.START,
                journal);
    }

    /** The same network with other parameters and no best epoch. */
    public NetworkState withParameters(List<Tensor> others) {
        return new NetworkState(
                others, List.of(), optimizer, masks, perturbed, targeted, place, journal);
    }

    /** The same network with another journal. */
    public NetworkState withJournal(Journal other) {
        return new NetworkState(
                parameters, best, optimizer, masks, perturbed, targeted, place, other);
    }
}
