// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.List;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.pruning.Pruning;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.results.CellRow.Evaluation;

/** Carries out {@link Prune}: score, mask, shift, measure. */
final class PruneRunner {
    private final Context context;

    PruneRunner(Context context) {
        this.context = context;
    }

    /** The network pruned. */
    NetworkState run(Stage stage, NetworkState before, Findings found)
            throws IOException, BadDataException {
        Prune prune = (Prune) stage.operation();
        CellData data = context.data(stage);
        Architecture architecture = context.architecture(stage);
        Network network = context.network(architecture, prune.arithmetic(), NetworkEvidence.BATCH);
        network.load(before.parameters());
        network.mask(before.masks());
        Stage input = stage.network().orElseThrow();
        long startedAt = System.nanoTime();
        Evaluation start = Measured.orOnTest(before, input, network, data);
        double seconds = (System.nanoTime() - startedAt) * 1e-9;
        Chooser.Chosen chosen = new Chooser(network, data).choose(prune.choice(), before);
        Pruning pruning = chosen.pruning();
        NetworkState after =
                new NetworkState(
                        pruning.applyTo(before.parameters()),
                        List.of(),
                        before.optimizer(),
                        pruning.masks(),
                        before.perturbed(),
                        before.targeted(),
                        before.place(),
                        before.journal());
        prune.choice().method().notes().forEach(n -> found.add(new Entry.Note(stage.name(), n)));
        pruning.notes().forEach(note -> found.add(new Entry.Note(stage.name(), note)));
        long measuredFrom = System.nanoTime();
        Evaluation end = null;
        try {
            network.load(after.parameters());
            network.mask(after.masks());
            end = context.onTest(stage, network, data);
        } finally {
            found.add(
                    new Entry.Pruned(
                            stage.name(),
                            input.name(),
                            before.place(),
                            pruning.sparsityAsked(),
                            pruning.compressionAchieved(),
                            pruning.layers(),
                            pruning.touched(),
                            chosen.scoring(),
                            Chooser.boxed(pruning.compensationNorm()),
                            Masks.sha256(architecture, pruning.masks()),
                            null,
                            start,
                            end,
                            seconds + (System.nanoTime() - measuredFrom) * 1e-9));
        }
        return context.holds(after.withParameters(network.parameters()));
    }
}
