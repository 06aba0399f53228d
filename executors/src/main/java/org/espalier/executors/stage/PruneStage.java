// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.espalier.executors.engine.Network;
import org.espalier.executors.stage.History.Seconds;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.DivergedException;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.pruning.Pruning;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.pruning.UnrankableScoreException;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.statistics.Instability;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.PruningEvent;

/** Carries out one pruning on a network: choose where to start, score, mask, shift, measure. */
final class PruneStage {
    private final CellData data;
    private final Streams streams;
    private final Network network;
    private final Operation.Prune prune;
    private final Pruner pruner;

    /**
     * @param network that the stage may use as it likes
     */
    PruneStage(CellData data, Streams streams, Network network, Operation.Prune prune) {
        this.data = data;
        this.streams = streams;
        this.network = network;
        this.prune = prune;
        pruner = new Pruner(network.architecture(), prune.scope(), prune.outputLayer());
    }

    /** The network after this pruning. */
    NetworkState apply(NetworkState before) {
        long startedAt = System.nanoTime();
        Evaluator evaluator = new Evaluator(network);
        boolean fromBest = startsFromBest(before);
        List<Tensor> parameters = fromBest ? before.best() : before.parameters();
        network.load(parameters);
        network.mask(before.masks());
        Evaluation known = fromBest ? null : measured(before.history());
        Evaluation start = known == null ? data.evaluate(evaluator) : known;
        Evaluation dense = before.history().pruned() == null ? start : before.history().dense();
        long scoredFrom = System.nanoTime();
        if (prune.method() == null) {
            return control(before, parameters, dense, start, (scoredFrom - startedAt) * 1e-9);
        }

        Pruning pruning = decide(before);
        List<Tensor> pruned = pruning.applyTo(parameters);
        long scoredTo = System.nanoTime();
        network.load(pruned);
        network.mask(pruning.masks());
        Evaluation after = data.evaluate(evaluator);
        double evaluateSeconds = (scoredFrom - startedAt + System.nanoTime() - scoredTo) * 1e-9;
        History then = before.history();
        History now =
                new History(
                        then.curve(),
                        History.join(
                                then.events(),
                                List.of(event(before, pruning, start.test(), after.test()))),
                        pruning.layers(),
                        History.join(
                                then.notes(),
                                History.join(prune.method().notes(), pruning.notes())),
                        dense,
                        after,
                        null,
                        then.denseSelection(),
                        then.fineTunedSelection(),
                        new History.Sparsities(
                                pruning.prunable(),
                                pruning.sparsityAsked(),
                                pruning.sparsityAchieved(),
                                pruning.compressionAchieved()),
                        then.seconds()
                                .plus(
                                        new Seconds(
                                                0,
                                                (scoredTo - scoredFrom) * 1e-9,
                                                0,
                                                evaluateSeconds)));
        return new NetworkState(
                network.parameters(),
                List.of(),
                before.optimizer(),
                pruning.masks(),
                before.epochs(),
                now);
    }

    /** Whether the best epoch is taken; where none was trained there is only the network itself. */
    private boolean startsFromBest(NetworkState before) {
        return prune.startFrom() == Recipe.StartFrom.BEST_VALIDATION && !before.best().isEmpty();
    }

    /** The network as it stands, where its last stage has measured it; else null. */
    private static Evaluation measured(History then) {
        if (then.fineTuned() != null) {
            return then.fineTuned();
        }
        return then.pruned() != null ? then.pruned() : then.dense();
    }

    /** Nothing is pruned, so what is measured just after pruning is what was measured before. */
    private NetworkState control(
            NetworkState before,
            List<Tensor> parameters,
            Evaluation dense,
            Evaluation start,
            double seconds) {
        History then = before.history();
        List<LayerSparsity> layers =
                pruner.prunable().stream()
                        .map(p -> new LayerSparsity(p.layer(), p.size(), 0, 0))
                        .toList();
        long prunable = layers.stream().mapToLong(LayerSparsity::weights).sum();
        History now =
                new History(
                        then.curve(),
                        then.events(),
                        layers,
                        then.notes(),
                        dense,
                        start,
                        null,
                        then.denseSelection(),
                        then.fineTunedSelection(),
                        new History.Sparsities(prunable, 0, 0, 1),
                        then.seconds().plus(new Seconds(0, 0, 0, seconds)));
        return new NetworkState(
                parameters, List.of(), before.optimizer(), before.masks(), before.epochs(), now);
    }

    private Pruning decide(NetworkState before) {
        int event = before.history().events().size();
        PruningMethod.Ranking ranking = prune.method().rank(new NetworkEvidence(event));
        try {
            return pruner.prune(ranking, prune.ratio(), before.masks());
        } catch (UnrankableScoreException e) {
            throw new DivergedException(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new BadSettingsException(e.getMessage(), e);
        }
    }

    private static PruningEvent event(
            NetworkState before, Pruning pruning, Measures dense, Measures after) {
        boolean classes = dense.accuracy() != null;
        return new PruningEvent(
                before.epochs(),
                pruning.sparsityAsked(),
                pruning.newlyPruned(),
                (long) pruning.prunable() - pruning.pruned(),
                boxed(pruning.threshold()),
                boxed(pruning.meanPrunedScore()),
                dense.loss(),
                after.loss(),
                dense.accuracy(),
                after.accuracy(),
                classes ? boxed(Instability.of(dense.accuracy(), after.accuracy())) : null,
                boxed(pruning.compensationNorm()));
    }

    private static Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /**
     * What the method asks of the network as it stands. A gradient over more samples than one pass
     * takes is the mean over passes, weighted by their samples.
     */
    private final class NetworkEvidence implements Evidence {
        private final int event;

        NetworkEvidence(int event) {
            this.event = event;
        }

        @Override
        public List<Tensor> weights() {
            return prunable(network.parameters());
        }

        @Override
        public List<Tensor> gradient(int samples) {
            int[] rows = drawn(samples);
            RandomStream dropout = streams.of(Streams.Purpose.DROPOUT, -1L - event);
            List<Tensor> mean = null;
            for (int at = 0; at < rows.length; at += Evaluator.BATCH) {
                int count = Math.min(Evaluator.BATCH, rows.length - at);
                List<Tensor> part =
                        prunable(network.gradient(data.train(), rows, at, count, dropout));
                mean = count == rows.length ? part : add(mean, part, (float) count / rows.length);
            }
            return mean;
        }

        private static List<Tensor> add(List<Tensor> sum, List<Tensor> part, float weight) {
            List<Tensor> result = new ArrayList<>();
            for (int t = 0; t < part.size(); t++) {
                float[] values = part.get(t).values();
                for (int i = 0; i < values.length; i++) {
                    float before = sum == null ? 0 : sum.get(t).values()[i];
                    values[i] = before + weight * values[i];
                }
                result.add(part.get(t));
            }
            return result;
        }

        @Override
        public List<Sensitivity> sensitivity(int samples, Output of) {
            int[] rows = drawn(samples);
            List<String> layers = pruner.prunable().stream().map(Parameter::layer).toList();
            return network.sensitivity(data.train(), rows, 0, rows.length, of).stream()
                    .filter(s -> layers.contains(s.layer()))
                    .toList();
        }

        @Override
        public RandomStream random() {
            return streams.of(Streams.Purpose.PRUNING, event);
        }

        private int[] drawn(int samples) {
            int[] rows = data.trainRows();
            int[] order = streams.of(Streams.Purpose.SCORING, event).permutation(rows.length);
            return IntStream.range(0, Math.min(samples, rows.length))
                    .map(i -> rows[order[i]])
                    .toArray();
        }

        private List<Tensor> prunable(List<Tensor> tensors) {
            List<Tensor> chosen = new ArrayList<>();
            for (Parameter parameter : pruner.prunable()) {
                chosen.add(
                        tensors.stream()
                                .filter(t -> t.name().equals(parameter.name()))
                                .findFirst()
                                .orElseThrow());
            }
            return chosen;
        }
    }
}
