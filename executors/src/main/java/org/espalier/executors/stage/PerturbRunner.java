// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.WeightsUnderNoise;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.text.Text;

/** Carries out {@link Perturb}: the weights that pruning would choose get noise and stay. */
final class PerturbRunner {
    private final Context context;

    PerturbRunner(Context context) {
        this.context = context;
    }

    /** The network with noise; its masks are those of before. */
    NetworkState run(Stage stage, NetworkState before, Findings found)
            throws IOException, BadDataException {
        Perturb perturb = (Perturb) stage.operation();
        CellData data = context.data(stage);
        Architecture architecture = context.architecture(stage);
        Network network =
                context.network(architecture, perturb.arithmetic(), NetworkEvidence.BATCH);
        network.load(before.parameters());
        network.mask(before.masks());
        Stage input = stage.network().orElseThrow();
        long startedAt = System.nanoTime();
        Evaluation start = Measured.orOnTest(before, input, network, data);
        double seconds = (System.nanoTime() - startedAt) * 1e-9;
        Chooser.Chosen chosen =
                new Chooser(network, data)
                        .choose(perturb.choice(), before, Masks.untargeted(before));
        Map<String, Mask> free = chosen.pruning().masks();
        Map<String, Mask> news = new HashMap<>();
        for (Parameter parameter : architecture.weights()) {
            Mask mask =
                    Masks.untargeted(before)
                            .getOrDefault(parameter.name(), Mask.dense(parameter.size()))
                            .without(free.get(parameter.name()));
            if (mask.cardinality() > 0 || before.targeted().containsKey(parameter.name())) {
                news.put(parameter.name(), mask);
            }
        }
        Map<String, Mask> all = Masks.union(before.targeted(), news);
        Map<String, Mask> targets = perturb.targets() == Targets.NEW ? news : all;
        WeightsUnderNoise.Laid laid =
                new WeightsUnderNoise(perturb.kind(), targets, free)
                        .onto(
                                before.parameters(),
                                perturb.draws(),
                                new Streams(perturb.noiseSeed().orZero())
                                        .of(
                                                Streams.Purpose.PERTURBATION,
                                                before.journal().events()));
        network.load(laid.parameters());
        long measuredFrom = System.nanoTime();
        Evaluation end = null;
        try {
            end = context.onTest(stage, network, data);
        } finally {
            found.add(
                    new Entry.Perturbed(
                            stage.name(),
                            input.name(),
                            before.place(),
                            Text.word(perturb.kind()),
                            touched(architecture, before, targets),
                            chosen.scoring(),
                            Chooser.boxed(laid.deviation()),
                            start,
                            end,
                            seconds + (System.nanoTime() - measuredFrom) * 1e-9));
        }
        return new NetworkState(
                network.parameters(),
                List.of(),
                before.optimizer(),
                before.masks(),
                targets,
                all,
                before.place(),
                before.journal());
    }

    private static List<LayerEvent> touched(
            Architecture architecture, NetworkState before, Map<String, Mask> targets) {
        return architecture.weights().stream()
                .filter(p -> targets.containsKey(p.name()))
                .map(
                        p ->
                                new LayerEvent(
                                        p.layer(),
                                        (long) targets.get(p.name()).cardinality(),
                                        (long)
                                                before.masks()
                                                        .getOrDefault(
                                                                p.name(), Mask.dense(p.size()))
                                                        .cardinality(),
                                        null,
                                        null,
                                        null))
                .toList();
    }
}
