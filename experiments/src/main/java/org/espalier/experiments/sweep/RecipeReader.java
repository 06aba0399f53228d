// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;

/** Reads recipes and fills in their defaults. */
final class RecipeReader {
    /** Name of the one recipe of a file that does not name its recipes. */
    static final String UNNAMED = "default";

    static final String ENGINE = "engine";
    static final String DENSE = "dense";
    static final String SCHEDULE = "schedule";
    static final String FINE_TUNE = "fine-tune";
    static final String SCOPE = "scope";
    static final String OUTPUT_LAYER = "output-layer";
    static final String START_FROM = "start-from";
    static final String OPTIMIZER_STATE = "optimizer-state";
    static final String VALIDATION = "validation";
    static final String TRAIN_EVALUATION = "train-evaluation";
    static final String RECORD = "record";
    static final String MIN_PER_LAYER = "min-per-layer";

    private static final List<String> KEYS =
            List.of(
                    ENGINE,
                    DENSE,
                    SCHEDULE,
                    FINE_TUNE,
                    SCOPE,
                    OUTPUT_LAYER,
                    START_FROM,
                    OPTIMIZER_STATE,
                    VALIDATION,
                    TRAIN_EVALUATION,
                    RECORD,
                    MIN_PER_LAYER);

    private static final String SHAPE =
            "a mapping such as {dense: {epochs: 10}, fine-tune: {epochs: 5}}";

    private final List<String> engines;
    private final ScheduleReader schedules;

    RecipeReader(List<String> engines, ScheduleReader schedules) {
        this.engines = engines;
        this.schedules = schedules;
    }

    /** The recipes of a file in its order: one unnamed, or several with names. */
    List<Recipe> read(Fields file) {
        if (file.has("recipe") && file.has("recipes")) {
            file.find("recipes").orElseThrow().problem("expected recipe or recipes, got both");
        } else if (file.has("recipes")) {
            return named(file.find("recipes").orElseThrow());
        } else if (!file.misspelled("recipes")) {
            return file.require("recipe", SHAPE).flatMap(r -> recipe(UNNAMED, r)).stream().toList();
        }
        return List.of();
    }

    private List<Recipe> named(Value recipes) {
        List<Recipe> read = new ArrayList<>();
        Optional<Fields> fields =
                Fields.named(recipes, "a mapping of names to recipes, e.g. {short: {...}}");
        if (fields.isPresent()) {
            fields.get()
                    .all()
                    .forEach(
                            (name, recipe) -> {
                                if (!Value.NAME.matcher(name).matches()) {
                                    recipe.expected(
                                            "a name of a-z, 0-9, '.' and '-'", Quoted.of(name));
                                }
                                recipe(name, recipe).ifPresent(read::add);
                            });
        }
        return read;
    }

    private Optional<Recipe> recipe(String name, Value value) {
        int before = value.problems().count();
        Optional<Fields> fields = Fields.of(value, SHAPE, KEYS);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Fields recipe = fields.get();
        String engine = recipe.find(ENGINE).flatMap(v -> v.choice(engines)).orElse(engines.get(0));
        Optional<Training> dense =
                recipe.require(DENSE, "a mapping such as {epochs: 10}")
                        .flatMap(TrainingReader::dense);
        Optional<ScheduleSettings> schedule =
                recipe.has(SCHEDULE)
                        ? recipe.find(SCHEDULE).flatMap(schedules::read)
                        : Optional.of(new ScheduleSettings.OneShot());
        boolean fineTunes = schedule.isEmpty() || schedule.get().fineTunes();
        Optional<Training> fineTune =
                fineTunes || recipe.has(FINE_TUNE) || recipe.misspelled(FINE_TUNE)
                        ? recipe.require(FINE_TUNE, "a mapping such as {epochs: 5}")
                                .flatMap(v -> TrainingReader.fineTune(v, dense))
                        : dense.map(training -> training.withEpochs(0));
        Recipe.Scope scope = Choices.of(recipe, SCOPE, Recipe.Scope.GLOBAL);
        Recipe.OutputLayer output = Choices.of(recipe, OUTPUT_LAYER, Recipe.OutputLayer.PRUNE);
        Recipe.StartFrom start = Choices.of(recipe, START_FROM, Recipe.StartFrom.LAST);
        Recipe.OptimizerState state =
                Choices.of(recipe, OPTIMIZER_STATE, Recipe.OptimizerState.FRESH);
        Recipe.TrainEvaluation evaluation =
                Choices.of(recipe, TRAIN_EVALUATION, Recipe.TrainEvaluation.ON);
        Recipe.Recorded recorded = Choices.of(recipe, RECORD, Recipe.Recorded.NONE);
        Optional<BigDecimal> held =
                recipe.find(VALIDATION)
                        .map(v -> v.decimal("a fraction in [0, 1)", TrainingReader::isFraction))
                        .orElse(Optional.of(BigDecimal.ZERO));
        int minimum = recipe.find(MIN_PER_LAYER).flatMap(RecipeReader::wholeNumber).orElse(0);
        if (minimum > 0 && scope != Recipe.Scope.GLOBAL) {
            recipe.find(MIN_PER_LAYER)
                    .orElseThrow()
                    .expected("scope global beside it", "scope " + Text.word(scope));
        }
        if (start == Recipe.StartFrom.BEST_VALIDATION
                && held.isPresent()
                && held.get().signum() == 0) {
            recipe.find(START_FROM)
                    .orElseThrow()
                    .expected(
                            "a validation fraction above 0 beside best-validation", "validation 0");
        }
        if (state == Recipe.OptimizerState.KEPT && dense.isPresent() && fineTune.isPresent()) {
            String first = dense.get().optimizer().id();
            String second = fineTune.get().optimizer().id();
            if (!first.equals(second)) {
                recipe.find(OPTIMIZER_STATE)
                        .orElseThrow()
                        .expected(
                                "the same optimizer in both phases where its state is kept",
                                Text.of("%s and %s", first, second));
            }
        }
        return value.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new Recipe(
                                        name,
                                        engine,
                                        dense.orElseThrow(),
                                        schedule.orElseThrow(),
                                        fineTune.orElseThrow(),
                                        scope,
                                        output,
                                        start,
                                        state,
                                        held.orElseThrow(),
                                        evaluation,
                                        recorded,
                                        minimum)
                                .withSchedule(schedule.orElseThrow()));
    }

    private static Optional<Integer> wholeNumber(Value value) {
        return value.integer(
                        "a whole number of at least 0",
                        n ->
                                n.signum() >= 0
                                        && n.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
                .map(Math::toIntExact);
    }
}
