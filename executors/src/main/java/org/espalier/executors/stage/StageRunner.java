// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.engine.Network;
import org.espalier.executors.stage.History.Seconds;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.executors.train.Selections;
import org.espalier.executors.train.Trainer;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.InitialWeights;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.Stage;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.text.Text;

/**
 * Carries out stages. Asked for a stage, it takes the snapshot of the store, or else continues the
 * longest shorter training that the store has, or else carries out the parent first. Which way it
 * went does not change a bit of the result.
 *
 * <p>Holds nothing between calls; one may serve several threads.
 */
public final class StageRunner {
    private final Datasets datasets;
    private final StageStore store;

    public StageRunner(Datasets datasets, StageStore store) {
        this.datasets = datasets;
        this.store = store;
    }

    /**
     * A stage carried out.
     *
     * @param epochsTrained epochs trained for it now, snapshots not counted
     */
    public record Reached(NetworkState state, int epochsTrained) {}

    /**
     * The network that a stage leaves.
     *
     * @throws BadDataException if the data set cannot be read
     * @throws org.espalier.executors.train.DivergedException if a training diverges
     */
    public Reached reach(Stage stage) throws IOException, BadDataException {
        Optional<NetworkState> there = store.read(stage.name());
        if (there.isPresent()) {
            return new Reached(there.get(), 0);
        }
        try (Workbench bench = new Workbench(stage.root())) {
            return reach(stage, bench);
        }
    }

    private Reached reach(Stage stage, Workbench bench) throws IOException {
        for (Stage shorter : stage.shorter()) {
            Optional<NetworkState> there = store.read(shorter.name());
            if (there.isPresent()) {
                int done = ((Operation.Train) shorter.operation()).training().epochs();
                return bench.train((Operation.Train) stage.operation(), there.get(), done);
            }
        }
        if (stage.parent().isEmpty()) {
            return new Reached(bench.initialise(), 0);
        }
        Stage parent = stage.parent().get();
        Optional<NetworkState> there = store.read(parent.name());
        Reached before = there.isPresent() ? new Reached(there.get(), 0) : reach(parent, bench);
        if (there.isEmpty() && isDense(parent)) { // lost or damaged: the next branch finds it again
            keep(parent, before.state());
        }
        Reached after = bench.apply(stage.operation(), before.state());
        return new Reached(after.state(), before.epochsTrained() + after.epochsTrained());
    }

    private static boolean isDense(Stage stage) {
        return stage.operation() instanceof Operation.Train train
                && train.phase().equals(Cells.DENSE);
    }

    /** Keeps a stage's network in the store. */
    public void keep(Stage stage, NetworkState state) throws IOException {
        store.write(stage.name(), state);
    }

    /** What the stages of one root need: data, streams and a way to networks. */
    private final class Workbench implements AutoCloseable {
        private final Operation.Initialise root;
        private final CellData data;
        private final Streams streams;
        private final Architecture architecture;
        private final Engine engine;
        private Network network;

        Workbench(Operation.Initialise root) throws IOException, BadDataException {
            this.root = root;
            Dataset dataset = datasets.load(root.dataset());
            if (!dataset.info().fingerprint().equals(root.fingerprint())) {
                throw new BadDataException(
                        BadDataException.Reason.CHANGED,
                        Text.of(
                                "data set %s has changed since it was planned: expected %s, got %s",
                                root.dataset(), root.fingerprint(), dataset.info().fingerprint()));
            }
            streams = new Streams(root.seed());
            try {
                data =
                        CellData.of(
                                dataset,
                                root.noise(),
                                root.validation(),
                                root.trainEvaluation(),
                                streams);
            } catch (IllegalArgumentException e) {
                throw new BadSettingsException(
                        Text.of("on data set %s: %s", root.dataset(), e.getMessage()), e);
            }
            architecture =
                    Architectures.create(
                            root.architecture(),
                            dataset.info().shape(),
                            dataset.info().outputs(),
                            dataset.info().loss());
            if (!architecture.canonicalText().equals(root.structure())) {
                throw new IllegalStateException(
                        Text.of(
                                "architecture %s is another one here than where the sweep was planned",
                                root.architecture()));
            }
            engine = Engines.named(root.engine());
            if (!engine.numerics().equals(root.numerics())) {
                throw new IllegalStateException(
                        Text.of(
                                "engine %s computes %s here, the sweep was planned for %s",
                                root.engine(), engine.numerics(), root.numerics()));
            }
        }

        NetworkState initialise() {
            return new NetworkState(
                    InitialWeights.of(architecture, streams),
                    List.of(),
                    List.of(),
                    Map.of(),
                    0,
                    History.NONE);
        }

        Reached apply(Operation operation, NetworkState before) {
            if (operation instanceof Operation.Train train) {
                return train(train, before, 0);
            }
            if (operation instanceof Operation.Prune prune) {
                return new Reached(
                        new PruneStage(data, streams, network(1), prune).apply(before), 0);
            }
            throw new AssertionError(operation);
        }

        private Network network(int batchSize) {
            close();
            network = engine.compile(architecture, Math.max(batchSize, Evaluator.BATCH));
            return network;
        }

        Reached train(Operation.Train train, NetworkState before, int done) {
            int batchSize = train.training().batchSize();
            Network trained = network(batchSize);
            trained.load(before.parameters());
            trained.mask(before.masks());
            trained.train(train.training().optimizer(), train.training().weightDecay());
            boolean goesOn = done > 0 || train.state() == Recipe.OptimizerState.KEPT;
            if (goesOn && !before.optimizer().isEmpty()) {
                trained.loadOptimizerState(before.optimizer());
            }
            long start = System.nanoTime();
            List<CurvePoint> all = before.history().curve();
            List<CurvePoint> curveBefore = all.subList(all.size() - done, all.size());
            Trainer.Phase phase =
                    new Trainer(trained, data, streams)
                            .train(
                                    train.phase(),
                                    train.training(),
                                    done,
                                    before.epochs(),
                                    curveBefore,
                                    done > 0 ? before.best() : List.of());
            long trainedAt = System.nanoTime();
            Evaluation evaluation = data.evaluate(new Evaluator(trained), phase.lastTest());
            double evaluateSeconds = (System.nanoTime() - trainedAt) * 1e-9;
            double trainSeconds = (trainedAt - start) * 1e-9;
            List<CurvePoint> whole = History.join(curveBefore, phase.curve());
            boolean dense = train.phase().equals(Cells.DENSE);
            History then = before.history();
            History now =
                    new History(
                            History.join(then.curve(), phase.curve()),
                            then.events(),
                            then.layers(),
                            then.notes(),
                            dense ? evaluation : then.dense(),
                            then.pruned(),
                            dense ? then.fineTuned() : evaluation,
                            dense ? Selections.of(whole) : then.denseSelection(),
                            dense ? then.fineTunedSelection() : Selections.of(whole),
                            then.sparsities(),
                            then.seconds()
                                    .plus(
                                            new Seconds(
                                                    dense ? trainSeconds : 0,
                                                    0,
                                                    dense ? 0 : trainSeconds,
                                                    evaluateSeconds)));
            List<Tensor> optimizer = trained.optimizerState();
            return new Reached(
                    new NetworkState(
                            trained.parameters(),
                            phase.best(),
                            optimizer,
                            before.masks(),
                            before.epochs() + train.training().epochs() - done,
                            now),
                    train.training().epochs() - done);
        }

        @Override
        public void close() {
            if (network != null) {
                network.close();
                network = null;
            }
        }
    }
}
