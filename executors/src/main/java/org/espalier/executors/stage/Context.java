// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Predictions;
import org.espalier.results.text.Text;

/**
 * What the operations of one task share: data by the stage that makes it, the network that is
 * compiled, and what has been seen of single samples on the way. For one thread; closed after use.
 */
final class Context implements AutoCloseable {
    private final Datasets datasets;
    private final Stage last;
    private final Set<Stage> measures;
    private final Map<String, CellData> data = new HashMap<>();
    private final Map<String, DatasetInfo> infos = new HashMap<>();
    private final Map<String, Predictions> seen = new HashMap<>();
    private Network network;
    private List<Tensor> held;

    /**
     * @param last stage of the task, whose data says how its networks are built
     * @param measures that will be asked for
     */
    Context(Datasets datasets, Stage last, Set<Stage> measures) {
        this.datasets = datasets;
        this.last = last;
        this.measures = Set.copyOf(measures);
    }

    /**
     * The samples that a stage sees.
     *
     * @throws BadDataException if they cannot be read, or are not those that were planned
     * @throws BadSettingsException if noise or split do not fit them
     */
    CellData data(Stage stage) throws IOException, BadDataException {
        Stage source = stage.data().orElseThrow();
        CellData known = data.get(source.name());
        if (known != null) {
            return known;
        }
        Data operation = (Data) source.operation();
        Dataset dataset = datasets.load(operation.dataset());
        CellData made = DataRunner.run(operation, dataset);
        data.put(source.name(), made);
        infos.put(source.name(), dataset.info());
        return made;
    }

    /**
     * The network that a stage works on, as it is built for its data.
     *
     * @throws IllegalStateException if it is another one here than where the sweep was planned
     */
    Architecture architecture(Stage stage) throws IOException, BadDataException {
        return built(stage.initial(), stage);
    }

    /** The network that starts like this, as it is built for the data of the task. */
    Architecture initial(Initialise initial) throws IOException, BadDataException {
        return built(initial, last);
    }

    private Architecture built(Initialise initial, Stage seeing)
            throws IOException, BadDataException {
        data(seeing);
        DatasetInfo info = infos.get(seeing.data().orElseThrow().name());
        Architecture architecture =
                Architectures.create(
                        initial.architecture(), info.shape(), info.outputs(), info.loss());
        if (!architecture.canonicalText().equals(initial.structure())) {
            throw new IllegalStateException(
                    Text.of(
                            "architecture %s is another one here than where the sweep was planned",
                            initial.architecture()));
        }
        return architecture;
    }

    /**
     * A network of an architecture, which takes the place of the one before; its parameters are to
     * be loaded.
     *
     * @param batchSize most samples of one pass beside evaluation
     * @throws IllegalStateException if the engine computes other bits here than were planned
     */
    Network network(Architecture architecture, Arithmetic arithmetic, int batchSize) {
        close();
        Engine engine = Engines.named(arithmetic.engine());
        if (!engine.numerics().equals(arithmetic.numerics())) {
            throw new IllegalStateException(
                    Text.of(
                            "engine %s computes %s here, the sweep was planned for %s",
                            arithmetic.engine(), engine.numerics(), arithmetic.numerics()));
        }
        network = engine.compile(architecture, Math.max(batchSize, Evaluator.BATCH));
        return network;
    }

    /**
     * A network in a state, for evaluation: the one that is compiled where it holds that state.
     *
     * @see #holds
     */
    Network loaded(Stage stage, Arithmetic arithmetic, NetworkState state)
            throws IOException, BadDataException {
        if (network == null || held != state.parameters()) {
            network(architecture(stage), arithmetic, Evaluator.BATCH);
            network.load(state.parameters());
            network.mask(state.masks());
            held = state.parameters();
        }
        return network;
    }

    /** The network that is compiled holds this state, which is returned. */
    NetworkState holds(NetworkState state) {
        held = state.parameters();
        return state;
    }

    /** Whether a stage's evaluation on the test set is to keep what is said of each sample. */
    Evaluator.Recording recording(Stage stage) {
        boolean asked =
                measures.stream()
                        .filter(
                                m ->
                                        m.operation() instanceof Measure measure
                                                && measure.what() == Measure.What.PREDICTIONS)
                        .anyMatch(m -> m.network().orElseThrow().equals(stage));
        return asked ? Evaluator.Recording.ON : Evaluator.Recording.OFF;
    }

    /** A stage's network, which is loaded, on the test set; as {@link #kept}. */
    Evaluation onTest(Stage stage, Network loaded, CellData data) {
        return kept(stage, new Evaluator(loaded).onTest(data, recording(stage)));
    }

    /**
     * An evaluation of a stage's network without what is said of each sample: that is kept until it
     * is asked for, and not with every network.
     */
    Evaluation kept(Stage stage, Evaluation evaluation) {
        if (evaluation.predictions() != null) {
            seen.put(stage.name(), evaluation.predictions());
        }
        return new Evaluation(
                evaluation.test(),
                evaluation.testClean(),
                evaluation.train(),
                evaluation.trainClean(),
                evaluation.flipped(),
                null);
    }

    /** What was seen of a stage's network; null where nothing was. */
    Predictions seen(Stage stage) {
        return seen.remove(stage.name());
    }

    @Override
    public void close() {
        if (network != null) {
            network.close();
            network = null;
            held = null;
        }
    }
}
