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
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
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
        Network network =
                context.network(
                        context.architecture(stage), perturb.arithmetic(), NetworkEvidence.BATCH);
        network.load(before.parameters());
        network.mask(before.masks());
        Stage input = stage.network().orElseThrow();
        long startedAt = System.nanoTime();
        Evaluation start = Measured.orOnTest(before, input, network, data);
        double seconds = (System.nanoTime() - startedAt) * 1e-9;
        Chooser.Chosen chosen = new Chooser(network, data).choose(perturb.choice(), before);
        List<Parameter> prunable =
                new Pruner(
                                network.architecture(),
                                perturb.choice().scope(),
                                perturb.choice().outputLayer())
                        .prunable();
        Noise noise = new Noise(perturb, before, chosen.pruning().masks());
        prunable.forEach(noise::onto);
        network.load(noise.parameters());
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
                            noise.touched,
                            chosen.scoring(),
                            noise.meanDeviation(),
                            start,
                            end,
                            seconds + (System.nanoTime() - measuredFrom) * 1e-9));
        }
        return new NetworkState(
                network.parameters(),
                List.of(),
                before.optimizer(),
                before.masks(),
                noise.targets,
                before.place(),
                before.journal());
    }

    /** Noise on one network, layer by layer. */
    private static final class Noise {
        private final Perturb perturb;
        private final NetworkState before;
        private final Map<String, Mask> remaining;
        private final RandomStream random;
        private final Map<String, Tensor> changed = new HashMap<>();
        private final Map<String, Mask> targets = new HashMap<>();
        private final List<LayerEvent> touched = new ArrayList<>();
        private final List<Double> deviations = new ArrayList<>();

        /**
         * @param remaining what pruning would leave
         */
        Noise(Perturb perturb, NetworkState before, Map<String, Mask> remaining) {
            this.perturb = perturb;
            this.before = before;
            this.remaining = remaining;
            random =
                    new Streams(perturb.noiseSeed().orZero())
                            .of(Streams.Purpose.PERTURBATION, before.journal().events());
        }

        void onto(Parameter parameter) {
            Mask kept = before.masks().getOrDefault(parameter.name(), Mask.dense(parameter.size()));
            Mask others = remaining.get(parameter.name());
            Mask chosen = kept.without(others);
            Tensor tensor =
                    before.parameters().stream()
                            .filter(t -> t.name().equals(parameter.name()))
                            .findFirst()
                            .orElseThrow()
                            .copy();
            float[] values = tensor.values();
            double deviation = deviation(values, others);
            for (int i = chosen.nextKept(0); i >= 0; i = chosen.nextKept(i + 1)) {
                values[i] =
                        perturb.kind() == Perturb.Kind.ZERO
                                ? 0
                                : (float) (values[i] + deviation * random.nextGaussian());
            }
            deviations.add(deviation);
            changed.put(parameter.name(), tensor);
            Mask earlier = before.perturbed().get(parameter.name());
            targets.put(
                    parameter.name(),
                    earlier == null
                            ? chosen
                            : Mask.dense(parameter.size())
                                    .without(
                                            Mask.dense(parameter.size())
                                                    .without(chosen)
                                                    .without(earlier)));
            touched.add(
                    new LayerEvent(
                            parameter.layer(),
                            chosen.cardinality(),
                            kept.cardinality(),
                            null,
                            null,
                            null));
        }

        /** Standard deviation (n - 1) of the weights of a mask; 0 of fewer than two. */
        private static double deviation(float[] values, Mask of) {
            int n = of.cardinality();
            if (n < 2) {
                return 0;
            }
            double sum = 0;
            for (int i = of.nextKept(0); i >= 0; i = of.nextKept(i + 1)) {
                sum += values[i];
            }
            double squares = 0;
            for (int i = of.nextKept(0); i >= 0; i = of.nextKept(i + 1)) {
                double off = values[i] - sum / n;
                squares += off * off;
            }
            return Math.sqrt(squares / (n - 1));
        }

        List<Tensor> parameters() {
            return before.parameters().stream()
                    .map(t -> changed.getOrDefault(t.name(), t))
                    .toList();
        }

        Double meanDeviation() {
            return perturb.kind() == Perturb.Kind.ZERO
                    ? null
                    : (Double)
                            deviations.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .average()
                                    .orElse(0);
        }
    }
}
