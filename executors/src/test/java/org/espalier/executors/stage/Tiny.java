// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;

/** A data set of a few images, a network of a few units, and recipes of a few epochs. */
final class Tiny {
    /** Images of 6x6 of three classes, 70 to train on and 33 to test: no multiple of any batch. */
    static final String DIGITS = "tiny";

    /** Images of 28x28, 24 and 12 of them. */
    static final String IMAGES = "tiny-images";

    static final Training ADAM =
            new Training(
                    new Optimizer.Adam(
                            new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8")),
                    LearningRate.constant(new BigDecimal("0.01")),
                    WeightDecay.NONE,
                    16,
                    2);

    private final Datasets datasets;
    final Path folder;

    Tiny(Path folder) {
        this.folder = folder;
        try {
            write(folder.resolve("data").resolve(DIGITS), 70, 33, 6, 3);
            write(folder.resolve("data").resolve(IMAGES), 24, 12, 28, 10);
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

    StageRunner runner(String store) {
        return new StageRunner(datasets, store(store));
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

    /** The row of a task that runs here. */
    StageTask.Outcome run(PlannedCell cell, String store) {
        return new StageTask(
                        cell.leaf(),
                        java.util.List.of(cell),
                        StageTask.Keep.NOTHING,
                        context(store),
                        1,
                        false)
                .run();
    }

    PlannedCell planned(Cell cell) {
        return PlannedCell.of(cell, root(cell));
    }

    Operation.Initialise root(Cell cell) {
        try {
            DatasetInfo info = datasets.info(cell.dataset());
            Engines.Resolved engine = Engines.resolve(cell.recipe().engine());
            return new Operation.Initialise(
                    cell.architecture(),
                    Architectures.create(
                                    cell.architecture(), info.shape(), info.outputs(), info.loss())
                            .canonicalText(),
                    cell.dataset(),
                    info.fingerprint(),
                    cell.noise(),
                    cell.recipe().validation(),
                    engine.id(),
                    engine.numerics(),
                    cell.seed(),
                    cell.recipe().trainEvaluation());
        } catch (BadDataException e) {
            throw new AssertionError(e);
        }
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
                asked,
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
                Recipe.Schedule.ONE_SHOT,
                fineTune,
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                start,
                state,
                new BigDecimal(validation));
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
