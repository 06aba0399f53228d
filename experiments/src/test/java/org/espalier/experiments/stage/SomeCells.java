// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.sweep.Cell;

/** Cells and operations that differ where a test wants them to. */
final class SomeCells {
    static final Training ADAM =
            new Training(
                    new Optimizer.Adam(
                            new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8")),
                    LearningRate.constant(new BigDecimal("0.001")),
                    WeightDecay.NONE,
                    64,
                    2);

    private SomeCells() {}

    static PruningMethod method(String id) {
        return Methods.find(id).orElseThrow().create().apply(Map.of());
    }

    static Recipe recipe(String name, int denseEpochs, int fineTuneEpochs) {
        return new Recipe(
                name,
                "some",
                ADAM.withEpochs(denseEpochs),
                Recipe.Schedule.ONE_SHOT,
                ADAM.withEpochs(fineTuneEpochs),
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                Recipe.StartFrom.LAST,
                Recipe.OptimizerState.FRESH,
                BigDecimal.ZERO);
    }

    /** A cell of {@code lenet-300-100}; ratio 0 is the control. */
    static Cell cell(String method, String ratio, Recipe recipe, long seed) {
        return cell("lenet-300-100", method, ratio, recipe, seed);
    }

    static Cell cell(String architecture, String method, String ratio, Recipe recipe, long seed) {
        Ratio asked = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio));
        return new Cell(
                architecture,
                "digits",
                BigDecimal.ZERO,
                asked.isControl() ? null : method(method),
                asked,
                recipe,
                seed);
    }

    static PlannedCell planned(Cell cell) {
        return PlannedCell.of(cell, root(cell.architecture(), cell.seed()));
    }

    static Operation.Initialise root(String architecture, long seed) {
        String structure =
                Architectures.create(
                                architecture,
                                new Shape(1, 28, 28),
                                10,
                                Architecture.Loss.SOFTMAX_CROSS_ENTROPY)
                        .canonicalText();
        return root(architecture, structure, seed);
    }

    static Operation.Initialise root(String architecture, String structure, long seed) {
        return new Operation.Initialise(
                architecture,
                structure,
                "digits",
                "digits-1",
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                "some",
                "some-1",
                seed);
    }

    static Operation.Train train(String phase, int epochs) {
        return new Operation.Train(phase, ADAM.withEpochs(epochs), Recipe.OptimizerState.FRESH);
    }

    static Operation.Prune prune(String ratio) {
        return new Operation.Prune(
                method("magnitude"),
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                Recipe.StartFrom.LAST);
    }

    /** A cell that ends at any stage; what it asks for is of no interest. */
    static PlannedCell ending(Stage stage) {
        return new PlannedCell(
                cell("magnitude", "0.5", recipe("default", 1, 1), 1), "c" + stage.name(), stage);
    }

    static List<String> names(Stage leaf) {
        return leaf.path().stream().map(Stage::name).toList();
    }
}
