// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/** Reads one grid: its axes, what is zipped, what is excluded. */
final class GridReader {
    static final String CONTROLS = "controls";
    static final String ZIP = "zip";
    static final String EXCLUDE = "exclude";
    static final String SHAPE = "a mapping of axes: architecture, dataset, pruning-ratio, ...";

    private final AxisReader axes;
    private final boolean namedRecipes;

    GridReader(AxisReader axes, boolean namedRecipes) {
        this.axes = axes;
        this.namedRecipes = namedRecipes;
    }

    /**
     * A grid and where it came from.
     *
     * @param patterns of the exclusions, in their order
     */
    record Read(Grid grid, Value value, List<Value> patterns) {}

    /** Empty where anything is wrong with it. */
    Optional<Read> read(Value value) {
        int before = value.problems().count();
        List<String> keys = new ArrayList<>(axisKeys(Arrays.asList(Ratio.Kind.values())));
        keys.addAll(List.of(CONTROLS, ZIP, EXCLUDE));
        Optional<Fields> found = Fields.of(value, SHAPE, keys);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        if (fields.has(Axis.RECIPE.key()) && !namedRecipes) {
            fields.find(Axis.RECIPE.key())
                    .orElseThrow()
                    .problem("expected no axis of recipes in a file that names none");
        }
        Optional<Ratio.Kind> kind = kind(fields);
        List<List<String>> zipped = zipped(fields);
        Set<String> together = new HashSet<>();
        zipped.forEach(together::addAll);
        List<Recipe> recipes = axes.recipes(fields, together);
        List<Ratio> ratios = kind.map(k -> axes.ratios(fields, k, together)).orElse(List.of());
        boolean prunes = kind.isEmpty() || !ratios.stream().allMatch(Ratio::isControl);
        boolean controls = ratios.stream().anyMatch(Ratio::isControl);
        Grid grid =
                new Grid(
                        recipes,
                        axes.architectures(fields, together),
                        axes.datasets(fields, together),
                        axes.noises(fields, together),
                        axes.seeds(fields, together),
                        axes.schedules(fields, together),
                        ratios,
                        prunes || fields.has(Axis.METHOD.key())
                                ? axes.methods(fields, recipes, together)
                                : List.of(),
                        controls(fields, controls || kind.isEmpty()),
                        zipped.stream()
                                .map(g -> g.stream().map(GridReader::axis).toList())
                                .toList(),
                        List.of());
        if (value.problems().count() == before) {
            checkLengths(fields, grid, zipped);
        }
        if (value.problems().count() > before) {
            return Optional.empty();
        }
        List<Value> patterns = patterns(fields);
        List<Exclusion> exclusions =
                new ExclusionReader(axes, grid, kind.orElseThrow(), namedRecipes).read(patterns);
        return value.problems().count() > before
                ? Optional.empty()
                : Optional.of(new Read(with(grid, exclusions), value, patterns));
    }

    private static Grid with(Grid grid, List<Exclusion> exclusions) {
        return new Grid(
                grid.recipes(),
                grid.architectures(),
                grid.datasets(),
                grid.noises(),
                grid.seeds(),
                grid.schedules(),
                grid.ratios(),
                grid.methods(),
                grid.controls(),
                grid.zipped(),
                exclusions);
    }

    /** Keys of axes, the sizes written in these ways. */
    static List<String> axisKeys(List<Ratio.Kind> kinds) {
        List<String> keys = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            if (axis == Axis.RATIO) {
                kinds.forEach(kind -> keys.add(kind.key()));
            } else {
                keys.add(axis.key());
            }
        }
        return keys;
    }

    static Axis axis(String key) {
        return Arrays.stream(Axis.values())
                .filter(axis -> axis.key().equals(key))
                .findFirst()
                .orElse(Axis.RATIO);
    }

    private static Optional<Ratio.Kind> kind(Fields fields) {
        List<Ratio.Kind> kinds =
                Arrays.stream(Ratio.Kind.values()).filter(k -> fields.has(k.key())).toList();
        if (kinds.size() == 1) {
            return Optional.of(kinds.get(0));
        }
        if (kinds.size() > 1) {
            fields.find(kinds.get(1).key())
                    .orElseThrow()
                    .expected(
                            "one of pruning-ratio, density, compression, levels",
                            String.join(" and ", kinds.stream().map(Ratio.Kind::key).toList()));
        } else if (Arrays.stream(Ratio.Kind.values()).noneMatch(k -> fields.misspelled(k.key()))) {
            fields.require(
                    Ratio.Kind.PRUNING_RATIO.key(),
                    "sizes as pruning-ratio, density or compression, or levels");
        }
        return Optional.empty();
    }

    /** Kinds of control: fine-tuned alone where the grid does not say. */
    private static List<Control> controls(Fields fields, boolean any) {
        Optional<Value> value = fields.find(CONTROLS);
        if (value.isEmpty()) {
            return any ? List.of(Control.FINE_TUNED) : List.of();
        }
        if (!any) {
            value.get()
                    .problem(
                            "expected a size that prunes nothing beside controls, as in pruning-ratio: [0, 0.5]");
            return List.of();
        }
        List<String> words = Arrays.stream(Control.values()).map(Text::word).toList();
        List<Control> controls = new ArrayList<>();
        List<Value> elements = value.get().isList() ? value.get().elements() : List.of(value.get());
        if (elements.isEmpty()) {
            value.get().expected("one of " + String.join(", ", words), "an empty list");
        }
        for (Value element : elements) {
            element.choice(words)
                    .map(word -> Control.values()[words.indexOf(word)])
                    .ifPresent(
                            control -> {
                                if (controls.contains(control)) {
                                    element.expected("each control once", element.shown());
                                } else {
                                    controls.add(control);
                                }
                            });
        }
        return controls;
    }

    private List<List<String>> zipped(Fields fields) {
        Optional<Value> zip = fields.find(ZIP);
        if (zip.isEmpty()) {
            return List.of();
        }
        List<String> here =
                axisKeys(Arrays.asList(Ratio.Kind.values())).stream().filter(fields::has).toList();
        Set<String> taken = new HashSet<>();
        List<List<String>> groups = new ArrayList<>();
        for (Value group : zip.get().list("a list of groups, e.g. [[architecture, dataset]]")) {
            List<String> names = new ArrayList<>();
            List<Value> members = group.isList() ? group.elements() : List.of();
            if (members.size() < 2) {
                group.expected("a group of two axes or more, e.g. [[architecture, dataset]]");
                continue;
            }
            for (Value member : members) {
                Optional<String> name = member.string().filter(here::contains);
                if (name.isEmpty()) {
                    member.expected(
                            "an axis of this grid",
                            member.shown() + NearMatch.hint(member.string().orElse(""), here));
                } else if (!taken.add(name.get())) {
                    member.expected("each axis zipped once", member.shown() + " again");
                } else {
                    names.add(name.get());
                }
            }
            groups.add(names);
        }
        return groups;
    }

    private static void checkLengths(Fields fields, Grid grid, List<List<String>> zipped) {
        for (int i = 0; i < zipped.size(); i++) {
            List<String> group = zipped.get(i);
            if (group.stream().map(k -> grid.values(axis(k)).size()).distinct().count() > 1) {
                fields.find(ZIP)
                        .orElseThrow()
                        .elements()
                        .get(i)
                        .expected(
                                "axes of equal length",
                                String.join(
                                        " and ",
                                        group.stream()
                                                .map(
                                                        k ->
                                                                Text.of(
                                                                        "%d of %s",
                                                                        grid.values(axis(k)).size(),
                                                                        k))
                                                .toList()));
            }
        }
    }

    private static List<Value> patterns(Fields fields) {
        return fields.find(EXCLUDE)
                .map(v -> v.list("a list of patterns, e.g. [{architecture: lenet-5, noise: 0.2}]"))
                .orElse(List.of());
    }
}
