// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerEvent;

/** Carries out {@link Restore}: values that a network had before. */
final class RestoreRunner {
    private final Context context;

    RestoreRunner(Context context) {
        this.context = context;
    }

    /**
     * The network with them.
     *
     * @param older what the stage borrows; null where it borrows nothing
     */
    NetworkState run(Stage stage, NetworkState before, NetworkState older, Findings found)
            throws IOException, BadDataException {
        Restore restore = (Restore) stage.operation();
        CellData data = context.data(stage);
        Architecture architecture = context.architecture(stage);
        Network network = context.network(architecture, restore.arithmetic(), Evaluator.BATCH);
        long startedAt = System.nanoTime();
        Stage input = stage.network().orElseThrow();
        Evaluation start = before.journal().of(input.name());
        boolean best = restore.what() == Restore.What.BEST_VALIDATION;
        NetworkState after = best ? best(before) : perturbed(architecture, before, older);
        network.load(after.parameters());
        network.mask(after.masks());
        Evaluation end = null;
        try {
            end = context.onTest(stage, network, data);
        } finally {
            double seconds = (System.nanoTime() - startedAt) * 1e-9;
            Evaluation measured = end;
            found.add(
                    best
                            ? new Entry.Measured(stage.name(), measured, seconds)
                            : new Entry.Perturbed(
                                    stage.name(),
                                    input.name(),
                                    before.place(),
                                    restore.verb(),
                                    touched(architecture, before),
                                    null,
                                    null,
                                    start,
                                    measured,
                                    seconds));
        }
        return after;
    }

    private static NetworkState best(NetworkState before) {
        return before.best().isEmpty()
                ? before.withParameters(before.parameters())
                : before.withParameters(before.best());
    }

    private static NetworkState perturbed(
            Architecture architecture, NetworkState before, NetworkState older) {
        Map<String, Tensor> olderTensors = new HashMap<>();
        older.parameters().forEach(t -> olderTensors.put(t.name(), t));
        Map<String, Parameter> known = new HashMap<>();
        architecture.parameters().forEach(p -> known.put(p.name(), p));
        List<Tensor> restored = new ArrayList<>();
        for (Tensor tensor : before.parameters()) {
            Tensor old = olderTensors.get(tensor.name());
            Parameter.Role role = known.get(tensor.name()).role();
            Mask targets = before.perturbed().get(tensor.name());
            boolean normalisation =
                    role == Parameter.Role.SCALE
                            || role == Parameter.Role.SHIFT
                            || role == Parameter.Role.RUNNING_MEAN
                            || role == Parameter.Role.RUNNING_VARIANCE;
            if (normalisation) {
                restored.add(old.copy());
            } else if (targets != null) {
                Tensor copy = tensor.copy();
                for (int i = targets.nextKept(0); i >= 0; i = targets.nextKept(i + 1)) {
                    copy.values()[i] = old.values()[i];
                }
                restored.add(copy);
            } else {
                restored.add(tensor);
            }
        }
        return new NetworkState(
                Masks.applied(restored, before.masks()),
                List.of(),
                before.optimizer(),
                before.masks(),
                Map.of(),
                before.targeted(),
                before.place(),
                before.journal());
    }

    private static List<LayerEvent> touched(Architecture architecture, NetworkState before) {
        return architecture.weights().stream()
                .filter(p -> before.perturbed().containsKey(p.name()))
                .map(
                        p -> {
                            Mask kept = before.masks().get(p.name());
                            return new LayerEvent(
                                    p.layer(),
                                    before.perturbed().get(p.name()).cardinality(),
                                    kept == null ? p.size() : kept.cardinality(),
                                    null,
                                    null,
                                    null);
                        })
                .toList();
    }
}
