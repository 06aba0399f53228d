// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;

/** Reads the patterns that remove cells from a grid; each of their values must be on its axis. */
final class ExclusionReader {
    private final AxisReader axes;
    private final Grid grid;
    private final Ratio.Kind kind;
    private final List<String> keys;
    private final Map<Axis, Map<Object, List<Integer>>> places = new EnumMap<>(Axis.class);

    ExclusionReader(AxisReader axes, Grid grid, Ratio.Kind kind, boolean namedRecipes) {
        this.axes = axes;
        this.grid = grid;
        this.kind = kind;
        keys = new ArrayList<>(GridReader.axisKeys(List.of(kind)));
        if (!namedRecipes) {
            keys.remove(Axis.RECIPE.key());
        }
        if (grid.schedules().isEmpty()) {
            keys.remove(Axis.SCHEDULE.key());
        }
    }

    List<Exclusion> read(List<Value> patterns) {
        List<Exclusion> exclusions = new ArrayList<>();
        for (Value pattern : patterns) {
            Fields.of(pattern, "a mapping of axes to values", keys)
                    .ifPresent(fields -> exclusions.add(exclusion(fields)));
        }
        return exclusions;
    }

    private Exclusion exclusion(Fields fields) {
        Map<Axis, Set<Integer>> found = new EnumMap<>(Axis.class);
        for (String key : keys) {
            Axis axis = GridReader.axis(key);
            Optional<Value> value = fields.find(key);
            if (value.isEmpty()) {
                continue;
            }
            if (value.get().elements().isEmpty()) {
                value.get().expected("values of this grid's " + key);
            }
            Set<Integer> on = new TreeSet<>();
            value.get().elements().forEach(element -> on.addAll(places(axis, key, element)));
            found.put(axis, on);
        }
        return new Exclusion(found);
    }

    private List<Integer> places(Axis axis, String key, Value value) {
        Map<Object, List<Integer>> known = places.computeIfAbsent(axis, this::index);
        return switch (axis) {
            case RECIPE, ARCHITECTURE, DATASET ->
                    value.choice(known.keySet().stream().map(String.class::cast).toList())
                            .map(known::get)
                            .orElse(List.of());
            case NOISE -> among(known, axes.noises(value), key, value);
            case SEED -> among(known, axes.seeds(value), key, value);
            case RATIO -> among(known, axes.ratios(value, kind), key, value);
            case SCHEDULE ->
                    among(known, axes.schedules().read(value).stream().toList(), key, value);
            case METHOD -> axes.methods().places(value, grid.methods());
        };
    }

    private static List<Integer> among(
            Map<Object, List<Integer>> known, List<?> values, String key, Value value) {
        List<Integer> found = new ArrayList<>();
        for (Object one : values) {
            List<Integer> at = known.get(one);
            if (at == null) {
                value.expected("values of this grid's " + key);
                return List.of();
            }
            found.addAll(at);
        }
        return found;
    }

    private Map<Object, List<Integer>> index(Axis axis) {
        Map<Object, List<Integer>> index = new LinkedHashMap<>();
        List<?> values = grid.values(axis);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i) instanceof Recipe recipe ? recipe.name() : values.get(i);
            index.computeIfAbsent(value, v -> new ArrayList<>()).add(i);
        }
        return index;
    }
}
