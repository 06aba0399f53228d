// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.espalier.executors.stage.Tiny.ADAM;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole rows, recorded: what the engines share (initial weights, streams, noise, splits, scoring,
 * counting) and each of them. Where one changes in a number, a version has to change with it: the
 * engine's {@code numerics()}, or that part of {@link
 * org.espalier.experiments.stage.operation.Science} where the change is; results of equal names are
 * taken to have equal bits. Then {@link #COMMAND} writes the files anew.
 */
class GoldenCellsTest {
    private static final String WRITE = "espalier.golden.write";
    private static final String COMMAND =
            "./mvnw -pl executors -am test -Dtest=GoldenCellsTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                    + WRITE
                    + "=true";
    private static final Path FILES =
            Path.of("src/test/resources/org/espalier/executors/stage/golden").toAbsolutePath();
    private static final String VECTOR = "vector-2";
    private static final String DL4J = "dl4j-1/haswell";

    @TempDir private static Path folder;
    private static Tiny tiny;

    @ParameterizedTest
    @MethodSource("names")
    void vector(String name) throws Exception {
        assertGolden("vector", VECTOR, name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void dl4j(String name) throws Exception {
        assertGolden("dl4j", DL4J, name);
    }

    static Stream<String> names() {
        return cells("vector").keySet().stream();
    }

    @Test
    void thereIsOneOfEveryMethodAndControl() {
        List<Cell> cells = List.copyOf(cells("vector").values());

        assertThat(cells.stream().filter(c -> c.method() != null).map(c -> c.method().id()))
                .containsAll(Methods.all().stream().map(MethodDefinition::id).toList());
        assertThat(cells.stream().map(Cell::control)).contains(Control.values());
    }

    private static void assertGolden(String engine, String numerics, String name) throws Exception {
        assumeThat(Engines.resolve(engine).numerics())
                .as("rows are recorded for %s alone", numerics)
                .isEqualTo(numerics);
        if (tiny == null) {
            tiny = new Tiny(folder);
        }
        String row = row(tiny, engine, name);
        Path file = FILES.resolve(engine).resolve(name + ".txt");
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, row);
        }

        assertThat(file).as("a cell that is new is recorded by %s", COMMAND).exists();
        assertThat(row).isEqualTo(Files.readString(file));
    }

    private static String row(Tiny tiny, String engine, String name) {
        PlannedCell planned = tiny.planned(cells(engine).get(name));
        StageTask.Outcome outcome = tiny.run(planned, "golden-" + engine);
        assertThat(outcome.failure()).isNull();
        CellRow row = outcome.rows().get(0);
        return Timeless.of(row);
    }

    private static Map<String, Cell> cells(String engine) {
        Recipe recipe = recipe(engine, "0", Recipe.StartFrom.LAST, Recipe.Scope.GLOBAL);
        Recipe chosen =
                recipe(engine, "0.2", Recipe.StartFrom.BEST_VALIDATION, Recipe.Scope.LAYER_WISE);
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (MethodDefinition method : Methods.all()) {
            boolean ticket = method.create().apply(Map.of()) instanceof TicketControl;
            cells.put(
                    method.id(),
                    cell(
                            "mlp-8",
                            Tiny.DIGITS,
                            "0",
                            method.id(),
                            ticket ? recipe.withSchedule(Tiny.LOTTERY) : recipe));
        }
        Tiny.SCHEDULES.forEach(
                (name, schedule) ->
                        cells.put(
                                "schedule-" + name,
                                cell(
                                        "mlp-8",
                                        Tiny.DIGITS,
                                        "0",
                                        "magnitude",
                                        recipe.withSchedule(schedule))));
        for (Control control : Control.values()) {
            cells.put(
                    "control-" + org.espalier.results.text.Text.word(control),
                    Tiny.control(control, recipe));
        }
        cells.put("noise", cell("mlp-8", Tiny.DIGITS, "0.2", "gradient", chosen));
        cells.put("images", cell("lenet-5", Tiny.IMAGES, "0", "undecayed", chosen));
        cells.put(
                "values",
                cell(
                        "mlp-4-tanh",
                        "diffusion-sorption",
                        "0.1",
                        "elimination-compensation",
                        recipe));
        return cells;
    }

    private static Cell cell(
            String architecture, String dataset, String noise, String method, Recipe recipe) {
        return new Cell(
                architecture,
                dataset,
                new BigDecimal(noise),
                Tiny.method(method, Map.of()).resolve(recipe),
                null,
                new Ratio(Ratio.Kind.DENSITY, new BigDecimal("0.25")),
                recipe,
                3);
    }

    private static Recipe recipe(
            String engine, String validation, Recipe.StartFrom start, Recipe.Scope scope) {
        Training fineTune =
                new Training(
                        new Optimizer.Nesterov(new BigDecimal("0.9")),
                        new LearningRate(new BigDecimal("0.05"), List.of(1), new BigDecimal("0.5")),
                        new WeightDecay(new BigDecimal("1e-3"), WeightDecay.Kind.COUPLED),
                        16,
                        2);
        return new Recipe(
                "golden",
                engine,
                ADAM,
                new ScheduleSettings.OneShot(),
                fineTune,
                scope,
                Recipe.OutputLayer.PRUNE,
                start,
                Recipe.OptimizerState.FRESH,
                new BigDecimal(validation),
                Recipe.TrainEvaluation.ON,
                start == Recipe.StartFrom.LAST ? Recipe.Recorded.NONE : Recipe.Recorded.PREDICTIONS,
                0);
    }
}
