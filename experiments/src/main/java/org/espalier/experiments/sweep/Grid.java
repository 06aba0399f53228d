// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;

/**
 * Axes and their values, before expansion.
 *
 * @param schedules in the place of each recipe's; empty where the recipes' stand
 * @param methods may be empty where every ratio is the control
 * @param controls kinds of control, each a cell where a ratio prunes nothing; empty where none does
 * @param zipped groups of axes of equal length that advance together
 */
record Grid(
        List<Recipe> recipes,
        List<String> architectures,
        List<String> datasets,
        List<BigDecimal> noises,
        List<Long> seeds,
        List<ScheduleSettings> schedules,
        List<Ratio> ratios,
        List<GridMethod> methods,
        List<Control> controls,
        List<List<Axis>> zipped,
        List<Exclusion> exclusions) {
    Grid {
        recipes = List.copyOf(recipes);
        architectures = List.copyOf(architectures);
        datasets = List.copyOf(datasets);
        noises = List.copyOf(noises);
        seeds = List.copyOf(seeds);
        schedules = List.copyOf(schedules);
        ratios = List.copyOf(ratios);
        methods = List.copyOf(methods);
        controls = List.copyOf(controls);
        zipped = zipped.stream().map(List::copyOf).toList();
        exclusions = List.copyOf(exclusions);
    }

    List<?> values(Axis axis) {
        return switch (axis) {
            case RECIPE -> recipes;
            case ARCHITECTURE -> architectures;
            case DATASET -> datasets;
            case NOISE -> noises;
            case SEED -> seeds;
            case SCHEDULE -> schedules;
            case RATIO -> ratios;
            case METHOD -> methods;
        };
    }

    /** Number of points, before patterns remove any and controls of several methods are one. */
    BigInteger points() {
        return dimensions().stream()
                .map(group -> BigInteger.valueOf(values(group.get(0)).size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** Axes that advance together; a group stands where its first axis stands. */
    private List<List<Axis>> dimensions() {
        List<List<Axis>> dimensions = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            List<Axis> group =
                    zipped.stream().filter(g -> g.contains(axis)).findFirst().orElse(List.of(axis));
            if (!dimensions.contains(group) && !values(axis).isEmpty()) {
                dimensions.add(group);
            }
        }
        return dimensions;
    }

    /** The cells, the last axis fastest; controls come once for every method. */
    void forEachCell(Consumer<Cell> consumer) {
        visit(
                (point, nothing) -> {
                    if (nothing) {
                        controls.forEach(control -> consumer.accept(cell(point, control)));
                    } else {
                        consumer.accept(cell(point, null));
                    }
                });
    }

    /** What expands a grid sees: a place on every axis. The array is used again. */
    interface Visitor {
        void accept(int[] point, boolean control);
    }

    /**
     * Visits the points that are not excluded.
     *
     * @return which of the exclusions removed any point
     */
    BitSet visit(Visitor visitor) {
        BitSet used = new BitSet();
        List<List<Axis>> dimensions = dimensions();
        int[] point = new int[Axis.values().length];
        long points = points().longValueExact();
        for (long n = 0; n < points; n++) {
            long rest = n;
            for (int d = dimensions.size() - 1; d >= 0; d--) {
                int length = values(dimensions.get(d).get(0)).size();
                for (Axis axis : dimensions.get(d)) {
                    point[axis.ordinal()] = (int) (rest % length);
                }
                rest /= length;
            }
            boolean control = ratios.get(point[Axis.RATIO.ordinal()]).isControl();
            boolean removed = false;
            for (int e = 0; e < exclusions.size(); e++) {
                if (exclusions.get(e).matches(point, control)) {
                    used.set(e);
                    removed = true;
                }
            }
            if (!removed) {
                visitor.accept(point, control);
            }
        }
        return used;
    }

    private Cell cell(int[] point, Control control) {
        Recipe chosen = recipes.get(point[Axis.RECIPE.ordinal()]);
        Recipe recipe =
                schedules.isEmpty()
                        ? chosen
                        : chosen.withSchedule(schedules.get(point[Axis.SCHEDULE.ordinal()]));
        return new Cell(
                architectures.get(point[Axis.ARCHITECTURE.ordinal()]),
                datasets.get(point[Axis.DATASET.ordinal()]),
                noises.get(point[Axis.NOISE.ordinal()]),
                control == null
                        ? methods.get(point[Axis.METHOD.ordinal()]).method().resolve(recipe)
                        : null,
                control,
                ratios.get(point[Axis.RATIO.ordinal()]),
                recipe,
                seeds.get(point[Axis.SEED.ordinal()]));
    }
}
