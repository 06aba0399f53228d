// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.Map;
import java.util.OptionalDouble;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.DivergedException;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.pruning.Pruning;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.ScoreSummary;
import org.espalier.experiments.pruning.UnrankableScoreException;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.results.CellRow.Scoring;

/**
 * Carries out a {@link Choice}: scores of a network as it stands, and which weights they choose.
 */
final class Chooser {
    private final Network network;
    private final CellData data;

    /**
     * @param network with the parameters and masks that are scored
     */
    Chooser(Network network, CellData data) {
        this.network = network;
        this.data = data;
    }

    /**
     * Chosen weights and how they were found.
     *
     * @param pruning as if they were pruned
     */
    record Chosen(Pruning pruning, Scoring scoring) {}

    /**
     * Scores and chooses.
     *
     * @throws DivergedException if a score is not finite
     * @throws BadSettingsException if the ratio cannot be reached on this network
     */
    Chosen choose(Choice choice, NetworkState before) {
        return choose(choice, before, before.masks());
    }

    /**
     * The same among some weights only.
     *
     * @param among that may be chosen; others count as chosen already
     */
    Chosen choose(Choice choice, NetworkState before, Map<String, Mask> among) {
        long startedAt = System.nanoTime();
        Architecture architecture = network.architecture();
        Pruner pruner =
                new Pruner(
                        architecture, choice.scope(), choice.outputLayer(), choice.minPerLayer());
        NetworkEvidence evidence =
                new NetworkEvidence(
                        network, data, pruner.prunable(), choice, before.journal().events());
        PruningMethod.Ranking ranking = choice.method().rank(evidence);
        try {
            Pruning pruning = pruner.prune(ranking, choice.amount(), among);
            ScoreSummary scores = pruning.scores();
            return new Chosen(
                    pruning,
                    new Scoring(
                            choice.method().id(),
                            boxed(scores.threshold()),
                            boxed(scores.meanPruned()),
                            scores.ties().isPresent() ? scores.ties().getAsLong() : null,
                            scores.zeros(),
                            evidence.samplesScored(),
                            evidence.batchesScored(),
                            (System.nanoTime() - startedAt) * 1e-9));
        } catch (UnrankableScoreException e) {
            throw new DivergedException(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new BadSettingsException(e.getMessage(), e);
        }
    }

    static Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
