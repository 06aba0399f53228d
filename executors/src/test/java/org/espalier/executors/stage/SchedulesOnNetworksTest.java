// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.store.NetworkState;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schedule with every method that it allows, on both engines: it runs, what is pruned stays
 * pruned, the last event leaves what was asked for, and a row does not depend on where its work was
 * interrupted.
 */
class SchedulesOnNetworksTest {
    @TempDir private static Path folder;
    private static Tiny tiny;
    private static int stores;

    @BeforeAll
    static void makeData() {
        tiny = new Tiny(folder);
    }

    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (String engine : Engines.choices()) {
            Tiny.SCHEDULES.forEach(
                    (name, schedule) -> {
                        for (MethodDefinition definition : Methods.all()) {
                            PruningMethod method = definition.create().apply(Map.of());
                            if (schedule.drawsTickets() || !(method instanceof TicketControl)) {
                                cells.add(Arguments.of(engine, name, definition.id()));
                            }
                        }
                    });
        }
        return cells.stream();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void endsWhereItIsToAndKeepsItsMask(String engine, String schedule, String method)
            throws Exception {
        PlannedCell planned = tiny.planned(cell(engine, schedule, method));
        String store = "once-" + stores++;

        StageTask.Outcome outcome = tiny.run(planned, store);

        assertThat(outcome.failure()).isNull();
        CellRow row = outcome.rows().get(0);
        assertThat(row.status()).isEqualTo(CellRow.Status.COMPLETED);
        boolean noise = Tiny.SCHEDULES.get(schedule) instanceof ScheduleSettings.Noise;
        // 312 prunable weights, a quarter of them left; noise removes none
        assertThat(row.sparsity().asked()).isEqualTo(0.75);
        if (noise) {
            assertThat(row.sparsity().achieved()).isZero();
            assertThat(row.events().stream().filter(e -> !e.kind().equals("restore")))
                    .allMatch(e -> e.touched() == 234);
        } else {
            long gone = row.sparsity().layers().stream().mapToLong(l -> l.pruned()).sum();
            assertThat(gone).isBetween(233L, 235L);
        }
        NetworkState end = tiny.reach(planned.leaf(), store);
        for (Tensor tensor : end.parameters()) {
            Mask mask = end.masks().get(tensor.name());
            for (int i = 0; mask != null && i < mask.size(); i++) {
                if (!mask.keeps(i)) {
                    assertThat(tensor.values()[i]).isZero();
                }
            }
        }
        assertThat(row.dense().test()).isNotNull();
        assertThat(row.pruned().test()).isNotNull();
        assertThat(row.fineTuned().test()).isNotNull();
    }

    /**
     * A fixed sample of networks with convolutions, and with normalisation, by schedule, method and
     * engine: each schedule comes with the next method, on one engine and then the other.
     */
    static Stream<Arguments> images() {
        List<String> methods =
                Methods.all().stream()
                        .filter(m -> !(m.create().apply(Map.of()) instanceof TicketControl))
                        .map(MethodDefinition::id)
                        .toList();
        List<Arguments> cells = new ArrayList<>();
        int n = 0;
        for (String schedule : Tiny.SCHEDULES.keySet()) {
            if (Tiny.SCHEDULES.get(schedule).maskDataset().isEmpty()) {
                String engine = Engines.choices().get(n % 2);
                cells.add(Arguments.of("lenet-5", engine, schedule, methods.get(n % 5)));
                n++;
            }
        }
        for (String schedule : List.of("ramp", "lottery", "noise-restored", "at-initialisation")) {
            cells.add(Arguments.of("resnet-20", "vector", schedule, methods.get(n++ % 5)));
        }
        return cells.stream();
    }

    @ParameterizedTest
    @MethodSource("images")
    void runsOnNetworksWithConvolutions(
            String architecture, String engine, String schedule, String method) throws Exception {
        Recipe small = cell(engine, schedule, method).recipe();
        Recipe recipe = withBatches(small, 4); // 6 updates an epoch
        Cell cell =
                new Cell(
                        architecture,
                        Tiny.IMAGES,
                        BigDecimal.ZERO,
                        Tiny.method(method, Map.of()).resolve(recipe),
                        null,
                        new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.75")),
                        recipe,
                        1);

        CellRow first = tiny.run(tiny.planned(cell), "images-" + stores++).rows().get(0);
        CellRow again = tiny.run(tiny.planned(cell), "images-" + stores++).rows().get(0);

        assertThat(first.status()).isEqualTo(CellRow.Status.COMPLETED);
        assertThat(Timeless.of(again)).isEqualTo(Timeless.of(first));
        boolean noise = Tiny.SCHEDULES.get(schedule) instanceof ScheduleSettings.Noise;
        assertThat(first.sparsity().achieved()).isCloseTo(noise ? 0 : 0.75, within(1e-3));
    }

    private static Recipe withBatches(Recipe recipe, int size) {
        Training dense = recipe.dense();
        Training small =
                new Training(
                        dense.optimizer(),
                        dense.learningRate(),
                        dense.weightDecay(),
                        size,
                        dense.epochs());
        return new Recipe(
                recipe.name(),
                recipe.engine(),
                small,
                recipe.schedule(),
                small.withEpochs(1),
                recipe.scope(),
                recipe.outputLayer(),
                recipe.startFrom(),
                recipe.optimizerState(),
                recipe.validation(),
                recipe.trainEvaluation(),
                recipe.recorded(),
                recipe.minPerLayer());
    }

    /** Interrupted after any of its stages and done again with another store: the same row. */
    @ParameterizedTest
    @MethodSource("schedules")
    void aRowDoesNotDependOnWhereItsWorkWasInterrupted(String schedule) throws Exception {
        PlannedCell planned = tiny.planned(cell("vector", schedule, "magnitude"));
        String whole = Timeless.of(tiny.run(planned, "whole-" + stores++).rows().get(0));

        List<Stage> path = planned.leaf().path().stream().filter(Stage::leavesNetwork).toList();
        for (Stage stop : path) {
            if (stop.inputs().isEmpty()) {
                continue;
            }
            String store = "stopped-" + stores++;
            tiny.keep(stop, store);
            assertThat(Timeless.of(tiny.run(planned, store).rows().get(0)))
                    .as("%s, stopped after %s", schedule, stop)
                    .isEqualTo(whole);
        }
    }

    static Set<String> schedules() {
        return Tiny.SCHEDULES.keySet();
    }

    /** Surviving weights are those of step 3, pruned ones zero. */
    @Test
    void rewoundWeightsAreThoseOfTheStep() throws Exception {
        PlannedCell planned = tiny.planned(cell("vector", "lottery", "magnitude"));
        Stage rewound =
                planned.leaf().path().stream()
                        .filter(stage -> stage.operation() instanceof Rewind)
                        .findFirst()
                        .orElseThrow();
        NetworkState before = tiny.reach(rewound.others().get(0), "rewound");
        NetworkState after = tiny.reach(rewound, "rewound");

        for (Tensor old : before.parameters()) {
            Tensor now =
                    after.parameters().stream()
                            .filter(t -> t.name().equals(old.name()))
                            .findFirst()
                            .orElseThrow();
            Mask mask = after.masks().get(old.name());
            for (int i = 0; i < old.values().length; i++) {
                float expected = mask == null || mask.keeps(i) ? old.values()[i] : 0;
                assertThat(now.values()[i]).isEqualTo(expected);
            }
        }
        assertThat(after.place()).isEqualTo(before.place());
    }

    /** Zeroed weights come back to life after the window, and are where they were if restored. */
    @Test
    void zeroedWeightsTrainFreelyAfterTheWindow() throws Exception {
        PlannedCell planned = tiny.planned(cell("vector", "zeroed", "magnitude"));
        NetworkState perturbed = tiny.reach(planned.programme().pruned(), "zeroed");
        NetworkState end = tiny.reach(planned.leaf(), "zeroed");

        int zero = 0;
        int alive = 0;
        for (Tensor tensor : perturbed.parameters()) {
            Mask targets = perturbed.perturbed().get(tensor.name());
            Tensor last =
                    end.parameters().stream()
                            .filter(t -> t.name().equals(tensor.name()))
                            .findFirst()
                            .orElseThrow();
            for (int i = 0; targets != null && i < targets.size(); i++) {
                if (targets.keeps(i)) {
                    zero += tensor.values()[i] == 0 ? 1 : 0;
                    alive += last.values()[i] != 0 ? 1 : 0;
                }
            }
        }
        assertThat(zero).isEqualTo(234);
        assertThat(alive).isGreaterThan(150); // pixels that are always 0 give no gradient
    }

    private static Cell cell(String engine, String schedule, String method) {
        Recipe recipe = Tiny.recipe(2, 1).withSchedule(Tiny.SCHEDULES.get(schedule));
        Recipe on =
                new Recipe(
                        recipe.name(),
                        engine,
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
                        recipe.minPerLayer());
        return new Cell(
                "mlp-8",
                Tiny.DIGITS,
                BigDecimal.ZERO,
                Tiny.method(method, Map.of()).resolve(on),
                null,
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.75")),
                on,
                1);
    }
}
