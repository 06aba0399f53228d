// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Borrow;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;

/** Carries out {@link Borrow}: another network's masks, as they are or shuffled in each layer. */
final class BorrowRunner {
    private final Context context;

    BorrowRunner(Context context) {
        this.context = context;
    }

    /** The network under the masks of the other. */
    NetworkState run(Stage stage, NetworkState before, NetworkState other, Findings found)
            throws IOException, BadDataException {
        Borrow borrow = (Borrow) stage.operation();
        CellData data = context.data(stage);
        Architecture architecture = context.architecture(stage);
        Network network = context.network(architecture, borrow.arithmetic(), Evaluator.BATCH);
        network.load(before.parameters());
        network.mask(before.masks());
        Stage input = stage.network().orElseThrow();
        long startedAt = System.nanoTime();
        Evaluation start = Measured.orOnTest(before, input, network, data);
        int level = other.journal().prunings();
        Map<String, Mask> masks = masks(borrow, architecture, other, level);
        NetworkState after =
                new NetworkState(
                        Masks.applied(before.parameters(), masks),
                        List.of(),
                        Masks.appliedToOptimizer(before.optimizer(), masks),
                        masks,
                        before.perturbed(),
                        before.targeted(),
                        before.place(),
                        before.journal());
        network.load(after.parameters());
        network.mask(masks);
        Evaluation end = null;
        try {
            end = context.onTest(stage, network, data);
        } finally {
            found.add(
                    entry(
                            stage,
                            architecture,
                            before,
                            other,
                            masks,
                            level,
                            start,
                            end,
                            (System.nanoTime() - startedAt) * 1e-9));
        }
        return context.holds(after);
    }

    private static Map<String, Mask> masks(
            Borrow borrow, Architecture architecture, NetworkState other, int level) {
        RandomStream random =
                new Streams(borrow.maskSeed().orZero()).of(Streams.Purpose.SHUFFLED_MASK, level);
        Map<String, Mask> masks = new LinkedHashMap<>();
        for (Parameter parameter : architecture.weights()) {
            Mask mask = other.masks().getOrDefault(parameter.name(), Mask.dense(parameter.size()));
            masks.put(
                    parameter.name(),
                    borrow.arrangement() == Borrow.Arrangement.AS_FOUND
                            ? mask
                            : shuffled(mask, random));
        }
        return masks;
    }

    /** As many weights, by chance: those with the highest of random scores. */
    private static Mask shuffled(Mask mask, RandomStream random) {
        float[] scores = new float[mask.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextFloat();
        }
        return Mask.dense(mask.size()).narrowTo(mask.cardinality(), scores);
    }

    private static Entry entry(
            Stage stage,
            Architecture architecture,
            NetworkState before,
            NetworkState other,
            Map<String, Mask> masks,
            int level,
            Evaluation start,
            Evaluation end,
            double seconds) {
        List<LayerSparsity> layers = new ArrayList<>();
        List<LayerEvent> touched = new ArrayList<>();
        long prunable = 0;
        long gone = 0;
        long common = 0;
        long kept = 0;
        for (LayerSparsity layer : lastLayers(other)) {
            Parameter weights =
                    architecture.weights().stream()
                            .filter(p -> p.layer().equals(layer.layer()))
                            .findFirst()
                            .orElseThrow();
            Mask mask = masks.get(weights.name());
            Mask old = before.masks().getOrDefault(weights.name(), Mask.dense(weights.size()));
            Mask found = other.masks().getOrDefault(weights.name(), Mask.dense(weights.size()));
            long left = mask.cardinality();
            layers.add(
                    new LayerSparsity(
                            layer.layer(),
                            layer.weights(),
                            layer.askedPruned(),
                            layer.weights() - left));
            touched.add(
                    new LayerEvent(
                            layer.layer(), old.cardinality() - left, left, null, null, null));
            prunable += layer.weights();
            gone += layer.weights() - left;
            kept += left;
            common += left - mask.without(found).cardinality();
        }
        Stage source = stage.others().get(0);
        return new Entry.Pruned(
                stage.name(),
                stage.network().orElseThrow().name(),
                before.place(),
                (double) gone / prunable,
                (double) architecture.parameterCount() / (architecture.parameterCount() - gone),
                layers,
                touched,
                null,
                null,
                Masks.sha256(architecture, masks),
                new Entry.Source(
                        source.name(),
                        ((Data) source.data().orElseThrow().operation()).dataset(),
                        level,
                        kept == 0 ? null : (double) common / kept),
                start,
                end,
                seconds);
    }

    private static List<LayerSparsity> lastLayers(NetworkState other) {
        List<Entry.Pruned> prunings = other.journal().all(Entry.Pruned.class);
        return prunings.isEmpty() ? List.of() : prunings.get(prunings.size() - 1).layers();
    }
}
