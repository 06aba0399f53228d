// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.results.text.Text;

/**
 * A sweep as a sweep file again, with every default written out: it reads back as the same sweep,
 * also after a default has changed. Equal sweeps have equal text.
 */
public final class FrozenSweep {
    private static final Set<String> WORDS_THAT_ARE_NONE = Set.of("true", "false", "null");

    private final StringBuilder text = new StringBuilder();

    private FrozenSweep() {}

    /** The text, in YAML 1.2. */
    public static String text(Sweep sweep) {
        FrozenSweep frozen = new FrozenSweep();
        frozen.line("name: " + word(sweep.name()));
        frozen.line("grids:");
        sweep.grids().forEach(frozen::grid);
        frozen.line("recipes:");
        sweep.recipes().forEach(frozen::recipe);
        return frozen.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void grid(Grid grid) {
        Ratio.Kind kind = grid.ratios().get(0).kind();
        String indent = "  - ";
        for (Axis axis : Axis.values()) {
            if (!grid.values(axis).isEmpty()) {
                line(Text.of("%s%s: %s", indent, key(axis, kind), values(axis, grid.values(axis))));
                indent = "    ";
            }
        }
        if (!grid.controls().isEmpty()) {
            line("    controls: " + list(grid.controls(), Text::word));
        }
        if (!grid.zipped().isEmpty()) {
            line("    zip: " + list(grid.zipped(), g -> list(g, axis -> key(axis, kind))));
        }
        if (!grid.exclusions().isEmpty()) {
            line("    exclude:");
            grid.exclusions().forEach(e -> line("      - " + exclusion(grid, kind, e)));
        }
    }

    private static String key(Axis axis, Ratio.Kind kind) {
        return axis == Axis.RATIO ? kind.key() : axis.key();
    }

    private static String exclusion(Grid grid, Ratio.Kind kind, Exclusion exclusion) {
        List<String> entries = new ArrayList<>();
        for (Map.Entry<Axis, Set<Integer>> entry : exclusion.places().entrySet()) {
            Axis axis = entry.getKey();
            List<?> values =
                    new TreeSet<>(entry.getValue())
                            .stream()
                                    .map(i -> (Object) grid.values(axis).get(i))
                                    .distinct()
                                    .toList();
            entries.add(key(axis, kind) + ": " + values(axis, values));
        }
        return "{" + String.join(", ", entries) + "}";
    }

    private static String values(Axis axis, List<?> values) {
        return switch (axis) {
            case RECIPE -> list(values, v -> word(((Recipe) v).name()));
            case ARCHITECTURE, DATASET -> list(values, v -> word((String) v));
            case NOISE -> numbers(values.stream().map(v -> (BigDecimal) v).toList());
            case SEED ->
                    numbers(
                            values.stream()
                                    .map(v -> Decimal.canonical(BigDecimal.valueOf((Long) v)))
                                    .toList());
            case RATIO -> numbers(values.stream().map(v -> ((Ratio) v).value()).toList());
            case METHOD -> list(values, v -> method((GridMethod) v));
            case SCHEDULE -> list(values, v -> schedule((ScheduleSettings) v));
        };
    }

    private static String method(GridMethod method) {
        return withSettings(method.method().id(), method.settings());
    }

    private static String schedule(ScheduleSettings schedule) {
        return schedule instanceof ScheduleSettings.PruneAfter && !schedule.settings().isEmpty()
                ? Text.of(
                        "{%s: %s}",
                        schedule.id(), schedule.settings().get(ScheduleSettings.PruneAfter.STEP))
                : withSettings(schedule.id(), schedule.settings());
    }

    private static String withSettings(String id, Map<String, String> settings) {
        return settings.isEmpty()
                ? word(id)
                : Text.of(
                        "{%s: {%s}}",
                        word(id),
                        String.join(
                                ", ",
                                settings.entrySet().stream()
                                        .map(e -> e.getKey() + ": " + e.getValue())
                                        .toList()));
    }

    /** Runs of four and more with equal steps as ranges, which keeps long axes short. */
    private static String numbers(List<BigDecimal> values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); ) {
            int end = i + 1;
            BigDecimal step = null;
            if (end < values.size()) {
                step = values.get(end).subtract(values.get(i));
                while (end < values.size()
                        && values.get(end).subtract(values.get(end - 1)).compareTo(step) == 0) {
                    end++;
                }
            }
            if (end - i >= 4 && step.signum() > 0 && Value.sane(step)) {
                boolean ones = step.compareTo(BigDecimal.ONE) == 0 && values.get(i).scale() <= 0;
                parts.add(
                        Decimal.text(values.get(i))
                                + ".."
                                + Decimal.text(values.get(end - 1))
                                + (ones ? "" : " step " + Decimal.text(step)));
                i = end;
            } else {
                parts.add(Decimal.text(values.get(i)));
                i++;
            }
        }
        return list(parts, part -> part);
    }

    private static <T> String list(List<? extends T> values, Function<T, String> text) {
        return "[" + String.join(", ", values.stream().map(v -> text.apply(v)).toList()) + "]";
    }

    private void recipe(Recipe recipe) {
        line("  " + word(recipe.name()) + ":");
        field(RecipeReader.ENGINE, word(recipe.engine()));
        field(RecipeReader.DENSE, training(recipe.dense()));
        field(RecipeReader.SCHEDULE, schedule(recipe.schedule()));
        field(RecipeReader.FINE_TUNE, training(recipe.fineTune()));
        field(RecipeReader.SCOPE, Text.word(recipe.scope()));
        field(RecipeReader.OUTPUT_LAYER, Text.word(recipe.outputLayer()));
        field(RecipeReader.START_FROM, Text.word(recipe.startFrom()));
        field(RecipeReader.OPTIMIZER_STATE, Text.word(recipe.optimizerState()));
        field(RecipeReader.VALIDATION, Decimal.text(recipe.validation()));
        field(RecipeReader.TRAIN_EVALUATION, Text.word(recipe.trainEvaluation()));
        field(RecipeReader.RECORD, Text.word(recipe.recorded()));
        field(RecipeReader.MIN_PER_LAYER, Integer.toString(recipe.minPerLayer()));
    }

    private void field(String key, String value) {
        line("    " + key + ": " + value);
    }

    private static String training(Training training) {
        List<String> fields = new ArrayList<>();
        Optimizer optimizer = training.optimizer();
        fields.add(TrainingReader.OPTIMIZER + ": " + optimizer.id());
        if (optimizer instanceof Optimizer.Sgd sgd && sgd.hasMomentum()) {
            fields.add(TrainingReader.MOMENTUM + ": " + Decimal.text(sgd.momentum()));
        } else if (optimizer instanceof Optimizer.Nesterov nesterov) {
            fields.add(TrainingReader.MOMENTUM + ": " + Decimal.text(nesterov.momentum()));
        } else if (optimizer instanceof Optimizer.Adam adam) {
            fields.add(TrainingReader.BETA1 + ": " + Decimal.text(adam.beta1()));
            fields.add(TrainingReader.BETA2 + ": " + Decimal.text(adam.beta2()));
            fields.add(TrainingReader.EPSILON + ": " + Decimal.text(adam.epsilon()));
        }
        LearningRate rate = training.learningRate();
        fields.add(TrainingReader.RATE + ": " + Decimal.text(rate.initial()));
        fields.add(TrainingReader.STEPS + ": " + rate.steps());
        if (!rate.steps().isEmpty()) {
            fields.add(TrainingReader.FACTOR + ": " + Decimal.text(rate.factor()));
        }
        fields.add(
                TrainingReader.DECAY + ": " + Decimal.text(training.weightDecay().coefficient()));
        if (training.weightDecay().coefficient().signum() != 0) {
            fields.add(TrainingReader.DECAY_KIND + ": " + Text.word(training.weightDecay().kind()));
        }
        fields.add(TrainingReader.BATCH + ": " + training.batchSize());
        fields.add(TrainingReader.EPOCHS + ": " + training.epochs());
        return "{" + String.join(", ", fields) + "}";
    }

    /** With quotes where YAML would take the bare word for something else than a string. */
    private static String word(String name) {
        return name.matches("[a-z][a-z0-9.-]*") && !WORDS_THAT_ARE_NONE.contains(name)
                ? name
                : '"' + name + '"';
    }
}
