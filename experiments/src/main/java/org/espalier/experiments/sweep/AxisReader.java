// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/** Reads the values of axes. */
final class AxisReader {
    private static final BigDecimal MOST_SEED = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final String SEEDS =
            Text.of("whole numbers from 0 to %s, or ranges such as 1..30", MOST_SEED);
    private static final String NOISE = "a number of at least 0";

    private final Catalogue catalogue;
    private final List<Recipe> recipes;
    private final boolean choosesRecipes;
    private final Numbers numbers = new Numbers();
    private final MethodReader methods;
    private final ScheduleReader schedules;

    /**
     * @param choosesRecipes whether the file names its recipes and all could be read
     */
    AxisReader(
            Catalogue catalogue,
            List<Recipe> recipes,
            boolean choosesRecipes,
            ScheduleReader schedules) {
        this.choosesRecipes = choosesRecipes;
        this.catalogue = catalogue;
        this.recipes = recipes;
        methods = new MethodReader(catalogue.methods());
        this.schedules = schedules;
    }

    MethodReader methods() {
        return methods;
    }

    /** All recipes where the grid does not choose. */
    List<Recipe> recipes(Fields grid, Set<String> zipped) {
        List<String> names = recipes.stream().map(Recipe::name).toList();
        return choosesRecipes && grid.has(Axis.RECIPE.key())
                ? read(
                        grid,
                        Axis.RECIPE.key(),
                        "names of recipes",
                        zipped,
                        v ->
                                v.choice(names).map(n -> recipes.get(names.indexOf(n))).stream()
                                        .toList())
                : recipes;
    }

    List<String> architectures(Fields grid, Set<String> zipped) {
        return read(
                grid,
                Axis.ARCHITECTURE.key(),
                "names of architectures",
                zipped,
                v ->
                        name(v, catalogue.architectures())
                                .filter(name -> isArchitecture(v, name))
                                .stream()
                                .toList());
    }

    /** A name; one that is none of ours but near one of them is told so, whatever it is made of. */
    private static Optional<String> name(Value value, List<String> known) {
        Optional<String> text = value.string();
        if (text.isPresent()
                && !Value.NAME.matcher(text.get()).matches()
                && NearMatch.of(text.get(), known).isPresent()) {
            value.problem(NearMatch.unknown(text.get(), known));
            return Optional.empty();
        }
        return value.name("a name");
    }

    private boolean isArchitecture(Value value, String name) {
        Optional<String> problem = catalogue.problemWithArchitecture(name);
        problem.ifPresent(
                p ->
                        value.expected(
                                "an architecture",
                                Text.of(
                                        "%s (%s)%s",
                                        value.shown(),
                                        p,
                                        NearMatch.hint(name, catalogue.architectures()))));
        return problem.isEmpty();
    }

    List<String> datasets(Fields grid, Set<String> zipped) {
        return read(
                grid,
                Axis.DATASET.key(),
                "names of data sets",
                zipped,
                v ->
                        name(v, catalogue.datasets()).filter(name -> isDataset(v, name)).stream()
                                .toList());
    }

    private boolean isDataset(Value value, String name) {
        return isDataset(catalogue, value, name);
    }

    /** Whether a data set has this name; reports where none has. */
    static boolean isDataset(Catalogue catalogue, Value value, String name) {
        boolean known =
                catalogue.unknownDatasets() == Catalogue.UnknownDatasets.ACCEPTED
                        || catalogue.mayBeDataset(name);
        if (!known) {
            value.problem(NearMatch.unknown(name, catalogue.datasets()));
        }
        return known;
    }

    /** None where the grid leaves it to the recipes. */
    List<ScheduleSettings> schedules(Fields grid, Set<String> zipped) {
        return grid.has(Axis.SCHEDULE.key())
                ? read(
                        grid,
                        Axis.SCHEDULE.key(),
                        "schedules",
                        zipped,
                        v -> schedules.read(v).stream().toList())
                : List.of();
    }

    ScheduleReader schedules() {
        return schedules;
    }

    /** None where the grid does not say. */
    List<BigDecimal> noises(Fields grid, Set<String> zipped) {
        return grid.has(Axis.NOISE.key())
                ? read(grid, Axis.NOISE.key(), NOISE, zipped, this::noises)
                : List.of(BigDecimal.ZERO);
    }

    List<BigDecimal> noises(Value value) {
        return numbers.decimals(value, NOISE, v -> v.signum() >= 0);
    }

    List<Long> seeds(Fields grid, Set<String> zipped) {
        return read(grid, Axis.SEED.key(), SEEDS, zipped, this::seeds);
    }

    List<Long> seeds(Value value) {
        return numbers.integers(value, SEEDS, v -> v.signum() >= 0 && v.compareTo(MOST_SEED) <= 0);
    }

    List<Ratio> ratios(Fields grid, Ratio.Kind kind, Set<String> zipped) {
        return read(grid, kind.key(), "sizes", zipped, v -> ratios(v, kind));
    }

    List<Ratio> ratios(Value value, Ratio.Kind kind) {
        Predicate<BigDecimal> inRange =
                switch (kind) {
                    case PRUNING_RATIO -> TrainingReader::isFraction;
                    case DENSITY -> v -> v.signum() > 0 && v.compareTo(BigDecimal.ONE) <= 0;
                    case COMPRESSION -> v -> v.compareTo(BigDecimal.ONE) >= 0;
                    case LEVELS -> Ratio::isLevel;
                };
        String expected =
                switch (kind) {
                    case PRUNING_RATIO ->
                            "a fraction in [0, 1) (for a 10 times smaller network write"
                                    + " compression: 10)";
                    case DENSITY -> "a fraction in (0, 1]";
                    case COMPRESSION -> "a number of at least 1";
                    case LEVELS -> "a whole number of levels, or a range such as 1..10";
                };
        return numbers.decimals(value, expected, inRange).stream()
                .map(v -> new Ratio(kind, v))
                .toList();
    }

    List<GridMethod> methods(Fields grid, List<Recipe> recipes, Set<String> zipped) {
        return read(
                grid,
                Axis.METHOD.key(),
                "pruning methods",
                zipped,
                v -> methods.read(v, recipes).stream().toList());
    }

    private static <T> List<T> read(
            Fields grid,
            String key,
            String expected,
            Set<String> zipped,
            Function<Value, List<T>> reader) {
        Optional<Value> axis = grid.require(key, expected);
        if (axis.isEmpty()) {
            return List.of();
        }
        List<Value> elements = axis.get().elements();
        if (elements.isEmpty()) {
            axis.get().expected(expected);
        }
        List<T> values = new ArrayList<>();
        Set<T> seen = new HashSet<>();
        for (Value element : elements) {
            List<T> read = reader.apply(element);
            Optional<T> repeated = read.stream().filter(v -> !seen.add(v)).findFirst();
            if (repeated.isPresent() && !zipped.contains(key)) {
                element.expected("each value once", text(repeated.get()) + " again");
            }
            values.addAll(read);
        }
        return values;
    }

    private static String text(Object value) {
        if (value instanceof BigDecimal decimal) {
            return Decimal.text(decimal);
        }
        if (value instanceof Ratio ratio) {
            return Decimal.text(ratio.value());
        }
        if (value instanceof ScheduleSettings schedule) {
            return schedule.canonicalText();
        }
        if (value instanceof GridMethod method) {
            return method.method().canonicalText();
        }
        return value instanceof Recipe recipe ? recipe.name() : value.toString();
    }
}
