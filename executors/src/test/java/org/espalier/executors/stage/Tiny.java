// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.store.StageStore;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.AfterNoise;
import org.espalier.experiments.recipe.ScheduleSettings.AtRewind;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.schedule.Beginning;
import org.espalier.experiments.schedule.Schedule;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.sweep.Cell;

/** A data set of a few images, a network of a few units, and recipes of a few epochs. */
final class Tiny {
    /** Images of 6x6 of three classes, 70 to train on and 33 to test: no multiple of any batch. */
    static final String DIGITS = "tiny";

    /** Images of 28x28, 24 and 12 of them. */
    static final String IMAGES = "tiny-images";

    /** Images like those of {@link #DIGITS}, 50 and 21 of them. */
    static final String OTHER = "tiny-other";

    static final Training ADAM =
            new Training(
                    new Optimizer.Adam(
                            new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8")),
                    LearningRate.constant(new BigDecimal("0.01")),
                    WeightDecay.NONE,
                    16,
                    2);

    private static final Moments MOMENTS =
            new Moments(Step.iterations(2), Step.iterations(8), Step.iterations(3));
    private static final BigDecimal HALF = new BigDecimal("0.5");

    static final ScheduleSettings LOTTERY =
            new ScheduleSettings.Lottery(
                    HALF, Step.iterations(3), AtRewind.REWOUND, AtRewind.REWOUND);

    /** One of each schedule and of each of its ways, for a training of 2 epochs of 5 updates. */
    static final Map<String, ScheduleSettings> SCHEDULES = schedules();

    private static Map<String, ScheduleSettings> schedules() {
        Map<String, ScheduleSettings> all = new LinkedHashMap<>();
        all.put("one-shot", new ScheduleSettings.OneShot());
        all.put(
                "iterative-rounds",
                new ScheduleSettings.Iterative(2, ScheduleSettings.Shape.GEOMETRIC, null, null));
        all.put("iterative-levels", new ScheduleSettings.Iterative(null, null, HALF, 1));
        all.put("lottery", LOTTERY);
        all.put(
                "learning-rate-rewinding",
                new ScheduleSettings.Lottery(HALF, Step.ZERO, AtRewind.KEPT, AtRewind.REWOUND));
        all.put(
                "last-rate",
                new ScheduleSettings.Lottery(
                        HALF, Step.iterations(3), AtRewind.REWOUND, AtRewind.KEPT));
        all.put(
                "mask-from",
                new ScheduleSettings.MaskFrom(OTHER, BigDecimal.ZERO, HALF, Step.iterations(3)));
        all.put("ramp", new ScheduleSettings.Ramp(MOMENTS, Map.of()));
        all.put("gradual", new ScheduleSettings.Gradual(MOMENTS));
        all.put("at-initialisation", new ScheduleSettings.PruneAfter(Step.ZERO));
        all.put("prune-after", new ScheduleSettings.PruneAfter(Step.iterations(4)));
        all.put("zeroed", noise(NoiseKind.ZERO, Targets.NEW, AfterNoise.KEEP));
        all.put("noise", noise(NoiseKind.GAUSS, Targets.NEW, AfterNoise.KEEP));
        all.put("noise-restored", noise(NoiseKind.GAUSS, Targets.CUMULATIVE, AfterNoise.RESTORE));
        return all;
    }

    /** An event after one epoch of two, and 3 batches of a test set of 3 at each evaluation. */
    private static ScheduleSettings noise(NoiseKind kind, Targets targets, AfterNoise after) {
        return new ScheduleSettings.Noise(
                new Moments(Step.epochs(1), Step.epochs(1), Step.epochs(1)),
                kind,
                6,
                targets,
                after,
                11);
    }

    private final Datasets datasets;
    final Path folder;

    Tiny(Path folder) {
        this.folder = folder;
        try {
            write(folder.resolve("data").resolve(DIGITS), 70, 33, 6, 3);
            write(folder.resolve("data").resolve(IMAGES), 24, 12, 28, 10);
            write(folder.resolve("data").resolve(OTHER), 50, 21, 6, 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        datasets = new Datasets(Optional.of(data()));
    }

    String data() {
        return folder.resolve("data").toString();
    }

    StageStore store(String name) {
        return new StageStore(folder.resolve(name).toString(), new Configuration());
    }

    /** A runner that measures and keeps nothing. */
    StageRunner runner(Stage last, String store) {
        return runner(last, store, Set.of());
    }

    /** A runner that keeps these stages' networks in the store. */
    StageRunner runner(Stage last, String store, Set<Stage> kept) {
        return new StageRunner(last, datasets, store(store), List.of(), names(kept));
    }

    /** The network that a stage leaves, by way of what the store has. */
    NetworkState reach(Stage stage, String store) throws StageFailedException {
        try (StageRunner runner = runner(stage, store)) {
            return runner.reach(stage);
        }
    }

    /** The network that this stage's training started from, before any. */
    NetworkState beginning(Stage stage) throws StageFailedException {
        Stage initial = stage;
        while (initial.network().isPresent()) {
            initial = initial.network().orElseThrow();
        }
        try (StageRunner runner = runner(stage, "none")) {
            return runner.reach(initial);
        }
    }

    /** As {@link #reach}; the network is kept for others. */
    NetworkState keep(Stage stage, String store) throws StageFailedException {
        try (StageRunner runner = runner(stage, store, Set.of(stage))) {
            return runner.reach(stage);
        }
    }

    private static Set<String> names(Collection<Stage> stages) {
        return stages.stream().map(Stage::name).collect(Collectors.toSet());
    }

    RunContext context(String store) {
        return new RunContext(
                "tiny-sweep",
                data(),
                folder.resolve(store).toString(),
                Map.of(),
                "3.5.x",
                "local[1]",
                "app-1");
    }

    /** What a task that runs here comes to, in one go. */
    StageTask.Outcome run(PlannedCell cell, String store) {
        return task(cell.programme().leaf(), List.of(cell), store, Set.of()).run();
    }

    StageTask task(Stage stage, List<PlannedCell> cells, String store, Set<Stage> kept) {
        return new StageTask(stage, cells, List.of(), names(kept), context(store), 1, false);
    }

    PlannedCell planned(Cell cell) {
        Engines.Resolved engine = Engines.resolve(cell.recipe().engine());
        return planned(cell, new Arithmetic(engine.id(), engine.numerics()));
    }

    /** The cell as a sweep that was planned where these engines are would have it. */
    PlannedCell planned(Cell cell, Arithmetic arithmetic) {
        try {
            DatasetInfo info = datasets.info(cell.dataset());
            Architecture network =
                    Architectures.create(
                            cell.architecture(), info.shape(), info.outputs(), info.loss());
            Facts facts = Facts.of(cell, network);
            Optional<String> other = cell.recipe().schedule().maskDataset();
            Beginning elsewhere =
                    other.isEmpty()
                            ? null
                            : beginning(
                                    datasets.info(other.get()), network, facts, arithmetic, null);
            return Schedule.plan(
                    cell, facts, beginning(info, network, facts, arithmetic, elsewhere));
        } catch (BadDataException e) {
            throw new AssertionError(e);
        }
    }

    private static Beginning beginning(
            DatasetInfo info,
            Architecture network,
            Facts facts,
            Arithmetic arithmetic,
            Beginning elsewhere) {
        return new Beginning(
                info.fingerprint(),
                info.trainSamples(),
                info.testSamples(),
                network.canonicalText(),
                facts.drops(),
                arithmetic,
                elsewhere);
    }

    /** The cell as it was planned where the data set was like this. */
    PlannedCell planned(Cell cell, String fingerprint) {
        Engines.Resolved engine = Engines.resolve(cell.recipe().engine());
        return planned(cell, fingerprint, new Arithmetic(engine.id(), engine.numerics()));
    }

    /** The cell as it was planned where {@code mlp-8} was what this architecture is here. */
    PlannedCell planned(Cell cell, String fingerprint, Arithmetic arithmetic) {
        return planned(
                cell,
                arithmetic,
                fingerprint,
                70,
                Architectures.create(
                        "mlp-8", new Shape(1, 6, 6), 3, Architecture.Loss.SOFTMAX_CROSS_ENTROPY));
    }

    private static PlannedCell planned(
            Cell cell,
            Arithmetic arithmetic,
            String fingerprint,
            int trainSamples,
            Architecture network) {
        Facts facts = Facts.of(cell, network);
        Beginning beginning =
                new Beginning(
                        fingerprint,
                        trainSamples,
                        33,
                        network.canonicalText(),
                        facts.drops(),
                        arithmetic,
                        null);
        return Schedule.plan(cell, facts, beginning);
    }

    static Cell cell(String method, String ratio, Recipe recipe) {
        return cell("mlp-8", DIGITS, "0", method, ratio, recipe);
    }

    static Cell cell(
            String architecture,
            String dataset,
            String noise,
            String method,
            String ratio,
            Recipe recipe) {
        Ratio asked = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio));
        return new Cell(
                architecture,
                dataset,
                new BigDecimal(noise),
                asked.isControl() ? null : method(method, Map.of()).resolve(recipe),
                asked.isControl() ? Control.FINE_TUNED : null,
                asked,
                recipe,
                1);
    }

    static Cell control(Control kind, Recipe recipe) {
        return new Cell(
                "mlp-8",
                DIGITS,
                BigDecimal.ZERO,
                null,
                kind,
                new Ratio(Ratio.Kind.PRUNING_RATIO, BigDecimal.ZERO),
                recipe,
                1);
    }

    static PruningMethod method(String id, Map<String, Object> settings) {
        return Methods.find(id).orElseThrow().create().apply(settings);
    }

    static Recipe recipe(int dense, int fineTune) {
        return recipe(
                ADAM.withEpochs(dense),
                ADAM.withEpochs(fineTune),
                Recipe.StartFrom.LAST,
                Recipe.OptimizerState.FRESH,
                "0");
    }

    static Recipe recipe(
            Training dense,
            Training fineTune,
            Recipe.StartFrom start,
            Recipe.OptimizerState state,
            String validation) {
        return new Recipe(
                "default",
                Engines.AUTO,
                dense,
                new ScheduleSettings.OneShot(),
                fineTune,
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                start,
                state,
                new BigDecimal(validation),
                Recipe.TrainEvaluation.ON,
                Recipe.Recorded.NONE,
                0);
    }

    /** The recipe with other things found out of its networks. */
    static Recipe measuring(
            Recipe recipe, Recipe.TrainEvaluation trainEvaluation, Recipe.Recorded recorded) {
        return new Recipe(
                recipe.name(),
                recipe.engine(),
                recipe.dense(),
                recipe.schedule(),
                recipe.fineTune(),
                recipe.scope(),
                recipe.outputLayer(),
                recipe.startFrom(),
                recipe.optimizerState(),
                recipe.validation(),
                trainEvaluation,
                recorded,
                recipe.minPerLayer());
    }

    static Training rate(String rate, int epochs) {
        return new Training(
                ADAM.optimizer(),
                LearningRate.constant(new BigDecimal(rate)),
                ADAM.weightDecay(),
                ADAM.batchSize(),
                epochs);
    }

    /** Each class is bright in its own rows, under noise. */
    private static void write(Path folder, int train, int test, int side, int classes)
            throws IOException {
        Files.createDirectories(folder);
        RandomStream random = new RandomStream(1);
        for (String part : new String[] {"train", "t10k"}) {
            int count = part.equals("train") ? train : test;
            ByteBuffer images = ByteBuffer.allocate(16 + count * side * side);
            images.putInt(0x803).putInt(count).putInt(side).putInt(side);
            ByteBuffer labels = ByteBuffer.allocate(8 + count);
            labels.putInt(0x801).putInt(count);
            for (int n = 0; n < count; n++) {
                int label = n < classes ? n : random.nextInt(classes);
                labels.put((byte) label);
                for (int pixel = 0; pixel < side * side; pixel++) {
                    boolean bright = pixel / side * classes / side == label;
                    images.put((byte) (random.nextInt(160) + (bright ? 90 : 0)));
                }
            }
            Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
            Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
        }
    }
}
