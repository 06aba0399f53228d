// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.executors.stage.Tiny.ADAM;
import static org.espalier.executors.stage.Tiny.recipe;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.executors.stage.StageTask.Outcome;
import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method prunes the networks of the catalogue on every kind of data, the two for large colour
 * images left aside.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MethodsOnNetworksTest {
    private static final BigDecimal RATIO = new BigDecimal("0.7");

    private Tiny tiny;

    @BeforeAll
    void write(@TempDir Path folder) {
        tiny = new Tiny(folder);
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("mlp-8", Tiny.DIGITS),
                Arguments.of("mlp-6-5-tanh", Tiny.DIGITS),
                Arguments.of("lenet-300-100", Tiny.IMAGES),
                Arguments.of("lenet-5", Tiny.IMAGES),
                Arguments.of("lenet-3x3", Tiny.IMAGES),
                Arguments.of("mlp-8-tanh", "diffusion-sorption"));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("networks")
    void prunesToOneWeightAndFineTunes(String architecture, String dataset) throws Exception {
        String store = architecture + "-" + dataset;
        Recipe recipe = brief(Recipe.Scope.GLOBAL, Recipe.OutputLayer.PRUNE);
        keepTrunk(tiny.planned(cell(architecture, dataset, methods().get(0), recipe)), store);
        for (PruningMethod method : methods()) {
            PlannedCell planned = tiny.planned(cell(architecture, dataset, method, recipe));

            Outcome outcome = tiny.run(planned, store);

            assertThat(outcome.failure()).as("%s", method).isNull();
            assertThat(outcome.epochsTrained()).isEqualTo(1);
            CellRow row = outcome.rows().get(0);
            assertPruned(row);
            assertThat(row.condition().method()).isEqualTo(method.id());
            assertZeros(tiny.reach(planned.programme().leaf(), store), row);
        }
    }

    @Test
    void keepsTheOutputLayerAndPrunesLayerByLayer() throws Exception {
        Recipe recipe = brief(Recipe.Scope.LAYER_WISE, Recipe.OutputLayer.KEEP);
        for (PruningMethod method : methods()) {
            CellRow row =
                    tiny.run(tiny.planned(cell("mlp-6-5", Tiny.DIGITS, method, recipe)), "layers")
                            .rows()
                            .get(0);

            // 36 * 6 = 216 and 6 * 5 = 30 weights: 151.2 and 21 pruned; the output's 15 are kept
            assertThat(row.network().prunableWeights()).isEqualTo(246);
            assertThat(row.sparsity().layers())
                    .extracting(LayerSparsity::weights, LayerSparsity::pruned)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(216L, 151L),
                            org.assertj.core.groups.Tuple.tuple(30L, 21L));
        }
    }

    /** 36 * 6 = 216, 6 * 5 = 30 and 5 * 3 = 15 weights, of which round(0.3 * 261) = 78 stay. */
    @Test
    void keepsAMinimumOfEachLayer() throws Exception {
        Recipe recipe = keeping(20, brief(Recipe.Scope.GLOBAL, Recipe.OutputLayer.PRUNE));
        for (PruningMethod method : methods()) {
            CellRow row =
                    tiny.run(tiny.planned(cell("mlp-6-5", Tiny.DIGITS, method, recipe)), "minimum")
                            .rows()
                            .get(0);

            assertPruned(row);
            assertThat(row.sparsity().layers())
                    .extracting(l -> l.weights() - l.pruned())
                    .allSatisfy(left -> assertThat(left).isGreaterThanOrEqualTo(15))
                    .satisfies(left -> assertThat(left.get(1)).isGreaterThanOrEqualTo(20))
                    .satisfies(left -> assertThat(left.get(2)).isEqualTo(15));
            assertThat(row.sparsity().emptyLayers()).isZero();
            assertThat(row.condition().recipeSettings()).endsWith(" min-per-layer=20");
        }
    }

    private static Recipe keeping(int minimum, Recipe recipe) {
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
                recipe.trainEvaluation(),
                recipe.recorded(),
                minimum);
    }

    @Test
    void saysWhereANetworkDoesNotFit() {
        PruningMethod method = methods().get(0);

        for (String convolutional : List.of("lenet-5", "lenet-3x3", "conv-4", "resnet-20")) {
            assertThatThrownBy(
                            () ->
                                    tiny.planned(
                                            cell(
                                                    convolutional,
                                                    "diffusion-sorption",
                                                    method,
                                                    recipe(1, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            Text.of(
                                    "%s does not fit inputs of 2x1x1 and 1 outputs: it needs an image with rows and columns",
                                    convolutional));
        }
        assertThatThrownBy(() -> tiny.planned(cell("lenet-3x3", Tiny.DIGITS, method, recipe(1, 1))))
                .hasMessageStartingWith("lenet-3x3 does not fit inputs of 1x6x6 and 3 outputs: ");
    }

    private void keepTrunk(PlannedCell planned, String store) throws Exception {
        tiny.keep(planned.programme().trunk(), store);
    }

    private static void assertPruned(CellRow row) {
        long weights = row.network().prunableWeights();
        long pruned = row.sparsity().layers().stream().mapToLong(LayerSparsity::pruned).sum();
        // k = floor(0.3 n + 1/2) are kept
        long kept =
                BigDecimal.ONE
                        .subtract(RATIO)
                        .multiply(BigDecimal.valueOf(weights))
                        .add(new BigDecimal("0.5"))
                        .longValue();
        assertThat(weights - pruned).isEqualTo(kept);
        assertThat(row.events()).hasSize(1);
        assertThat(row.events().get(0).touched()).isEqualTo(pruned);
        assertThat(row.events().get(0).remaining()).isEqualTo(kept);
        assertThat(row.sparsity().achieved()).isEqualTo((double) pruned / weights);
        assertThat(row.sparsity().compressionAchieved())
                .isEqualTo(
                        (double) row.network().parameters()
                                / (row.network().parameters() - pruned));
        assertThat(row.dense().test()).isNotEqualTo(row.pruned().test());
        assertThat(row.fineTuned().test()).isNotEqualTo(row.pruned().test());
        assertThat(row.events().get(0).compensationNorm() != null)
                .isEqualTo(row.condition().methodSettings().contains("\"compensation\":\"on\""));
    }

    private static void assertZeros(NetworkState state, CellRow row) {
        for (Tensor tensor : state.parameters()) {
            LayerSparsity layer =
                    row.sparsity().layers().stream()
                            .filter(l -> tensor.name().equals(l.layer() + ".weight"))
                            .findFirst()
                            .orElse(null);
            if (layer != null) {
                long zeros = 0;
                for (float value : tensor.values()) {
                    zeros += value == 0 ? 1 : 0;
                }
                assertThat(zeros).as(tensor.name()).isGreaterThanOrEqualTo(layer.pruned());
            }
        }
    }

    private static List<PruningMethod> methods() {
        List<PruningMethod> methods = new ArrayList<>();
        for (MethodDefinition definition : Methods.all()) {
            PruningMethod method = definition.create().apply(Map.of());
            if (!(method instanceof TicketControl)) { // of schedules that draw tickets
                methods.add(method);
            }
        }
        methods.add(Tiny.method("elimination-compensation", Map.of("compensation", "off")));
        methods.add(Tiny.method("undecayed", Map.of("weight-decay", new BigDecimal("5e-4"))));
        return methods;
    }

    private static Recipe brief(Recipe.Scope scope, Recipe.OutputLayer output) {
        return new Recipe(
                "default",
                recipe(1, 1).engine(),
                ADAM.withEpochs(1),
                new ScheduleSettings.OneShot(),
                ADAM.withEpochs(1),
                scope,
                output,
                Recipe.StartFrom.LAST,
                Recipe.OptimizerState.FRESH,
                BigDecimal.ZERO,
                Recipe.TrainEvaluation.ON,
                Recipe.Recorded.NONE,
                0);
    }

    private static Cell cell(
            String architecture, String dataset, PruningMethod method, Recipe recipe) {
        return new Cell(
                architecture,
                dataset,
                BigDecimal.ZERO,
                method.resolve(recipe),
                null,
                new Ratio(Ratio.Kind.PRUNING_RATIO, RATIO),
                recipe,
                1);
    }
}
