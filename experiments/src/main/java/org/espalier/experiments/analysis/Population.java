// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.statistics.ConditionNames;
import org.espalier.experiments.statistics.ConditionSummary.Key;
import org.espalier.experiments.statistics.DuplicateRowsException;
import org.espalier.experiments.statistics.SettingNames;
import org.espalier.results.text.Text;

/** All cells that are analysed together, each with the controls of its seed. */
public final class Population {
    private static final Column SETTING =
            Column.text("setting", "network, data set and what else tells settings apart");
    private static final Column RATIO_KIND =
            Column.text("ratio_kind", "pruning-ratio or compression; none for controls");

    private static final Column PRUNED =
            Column.text("at", "the ratio with its kind: 0.9, 10x; empty for controls");

    private final List<CellResult> cells;
    private final SettingNames settings;
    private final ConditionNames names;
    private final Map<Unit, CellResult> references = new HashMap<>();
    private final Map<Unit, CellResult> otherOrders = new HashMap<>();
    private final int repeated;

    /** A setting and a seed. */
    private record Unit(Key setting, long seed) {}

    private Population(List<CellResult> cells, int repeated) {
        this.cells = cells;
        this.repeated = repeated;
        settings =
                new SettingNames(
                        cells.stream().map(c -> c.condition().setting()).distinct().toList());
        names = new ConditionNames(cells.stream().map(CellResult::condition).distinct().toList());
        for (CellResult cell : cells) {
            if (cell.completed() && cell.condition().isControl()) {
                Unit unit = new Unit(cell.condition().setting(), cell.seed());
                if (cell.condition().isReference()) {
                    references.put(unit, cell);
                } else if (cell.condition().control().equals(Text.word(Control.OTHER_ORDER))) {
                    otherOrders.put(unit, cell);
                }
            }
        }
    }

    /**
     * Cells of one or several folders. A cell that is in several, by its name, counts once, and
     * where it completed in one and failed in another it completed.
     *
     * @throws DuplicateRowsException if two cells are of one condition and seed
     */
    public static Population of(Collection<CellResult> cells) {
        Map<String, CellResult> byId = new LinkedHashMap<>();
        int repeated = 0;
        for (CellResult cell : cells) {
            CellResult before = byId.putIfAbsent(cell.cellId(), cell);
            if (before != null) {
                repeated++;
                if (!before.completed() && cell.completed()) {
                    byId.put(cell.cellId(), cell);
                }
            }
        }
        record Place(Key condition, long seed) {}
        Map<Place, CellResult> places = new HashMap<>();
        for (CellResult cell : byId.values()) {
            CellResult before = places.put(new Place(cell.condition(), cell.seed()), cell);
            if (before != null) {
                throw new DuplicateRowsException(
                        cell.seed(),
                        before.cellId(),
                        before.folder(),
                        cell.cellId(),
                        cell.folder());
            }
        }
        return new Population(List.copyOf(byId.values()), repeated);
    }

    /** Every cell once. */
    public List<CellResult> cells() {
        return cells;
    }

    /** How many rows were left out since another folder has the same cell. */
    public int repeated() {
        return repeated;
    }

    /** The fine-tuned control of a cell's setting and seed; null where there is none. */
    CellResult reference(CellResult cell) {
        return references.get(new Unit(cell.condition().setting(), cell.seed()));
    }

    /** The control on another order of samples, of a cell's setting and seed; null if none. */
    CellResult otherOrder(CellResult cell) {
        return otherOrders.get(new Unit(cell.condition().setting(), cell.seed()));
    }

    /** Name of a cell's setting. */
    public String settingName(CellResult cell) {
        return settings.of(cell.condition().setting());
    }

    /** Name of a cell's method. */
    public String methodName(CellResult cell) {
        return names.method(cell.condition());
    }

    /** Only some of the cells. Their names and controls stay. */
    Population where(Predicate<CellResult> which) {
        return new Population(cells.stream().filter(which).toList(), repeated);
    }

    /** Whether all of a setting is told apart. */
    private static boolean wholeSetting(Set<Axis> by) {
        Set<Axis> all = EnumSet.allOf(Axis.class);
        all.removeIf(a -> !a.ofSetting());
        return by.containsAll(all);
    }

    /** The columns that say what a group is. */
    static List<Column> keyColumns(Set<Axis> by) {
        List<Column> columns = new ArrayList<>();
        if (wholeSetting(by)) {
            columns.add(SETTING);
        }
        for (Axis axis : by) {
            if (axis == Axis.RATIO) {
                columns.add(RATIO_KIND.inFiles());
            }
            Column column = axis.column();
            boolean toldByName = wholeSetting(by) && axis.ofSetting();
            boolean toldByRatio = axis == Axis.RATIO;
            columns.add(toldByName || toldByRatio ? column.inFiles() : column);
        }
        if (by.contains(Axis.RATIO)) {
            columns.add(PRUNED);
        }
        return columns;
    }

    /** Values of {@link #keyColumns} for a cell. */
    private List<Object> keys(CellResult cell, Set<Axis> by) {
        List<Object> keys = new ArrayList<>();
        if (wholeSetting(by)) {
            keys.add(settings.of(cell.condition().setting()));
        }
        for (Axis axis : by) {
            if (axis == Axis.RATIO) {
                keys.add(cell.condition().isControl() ? null : cell.condition().ratioKind());
                keys.add(cell.condition().isControl() ? (Double) 0.0 : cell.condition().ratio());
            } else {
                keys.add(
                        axis == Axis.METHOD
                                ? names.method(cell.condition())
                                : axis.of(cell.condition()));
            }
        }
        if (by.contains(Axis.RATIO)) {
            keys.add(cell.condition().isControl() ? null : ConditionNames.ratio(cell.condition()));
        }
        return keys;
    }

    /** All groups: settings as they come, their controls first, then methods, ratios ascending. */
    List<Group> groups(Set<Axis> by) {
        Map<List<Object>, List<CellResult>> groups = new LinkedHashMap<>();
        for (CellResult cell : cells) {
            List<Object> keys = keys(cell, by);
            if (!by.contains(Axis.METHOD)) { // controls are no method that one averages over
                keys.add(cell.condition().control());
            }
            groups.computeIfAbsent(keys, k -> new ArrayList<>()).add(cell);
        }
        Map<List<Object>, Integer> order = new HashMap<>();
        List<Group> made = new ArrayList<>();
        Set<Axis> about = EnumSet.copyOf(by);
        about.remove(Axis.METHOD);
        Set<Axis> within = about.isEmpty() ? about : EnumSet.copyOf(about);
        within.remove(Axis.RATIO);
        for (List<CellResult> members : groups.values()) {
            CellResult first = members.get(0);
            Group group =
                    new Group(
                            keys(first, by),
                            keys(first, about),
                            keys(first, within),
                            first.condition(),
                            by.contains(Axis.METHOD)
                                    ? names.method(first.condition())
                                    : first.condition().isControl()
                                            ? names.method(first.condition())
                                            : "",
                            members.stream()
                                    .sorted(
                                            Comparator.comparingLong(CellResult::seed)
                                                    .thenComparing(CellResult::cellId))
                                    .toList());
            order.putIfAbsent(group.within(), order.size());
            made.add(group);
        }
        made.sort(
                Comparator.comparing((Group g) -> order.get(g.within()))
                        .thenComparing(g -> !g.isReference())
                        .thenComparing(g -> !g.isControl())
                        .thenComparing(Group::method)
                        .thenComparing(g -> g.first().ratioKind())
                        .thenComparingDouble(g -> g.first().ratio()));
        return made;
    }

    /** What is averaged over, and how many values of it there are, said once for a whole answer. */
    List<Caveat> averagedOver(Set<Axis> by) {
        List<Caveat> caveats = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            if (!by.contains(axis)) {
                Set<String> values =
                        cells.stream()
                                .filter(c -> axis.ofSetting() || !c.condition().isControl())
                                .map(c -> String.valueOf(axis.of(c.condition())))
                                .collect(Collectors.toCollection(TreeSet::new));
                if (values.size() > 1) {
                    caveats.add(
                            new Caveat(
                                    Caveat.Kind.AVERAGED_OVER,
                                    Text.of(
                                            "averaged over %d values of %s: %s; networks that share a seed are then not independent, and intervals are too narrow",
                                            values.size(),
                                            axis.word(),
                                            String.join(", ", values))));
                }
            }
        }
        if (!wholeSetting(by)) {
            long settingsThere =
                    cells.stream().map(c -> c.condition().setting()).distinct().count();
            long told =
                    cells.stream()
                            .map(
                                    c ->
                                            EnumSet.allOf(Axis.class).stream()
                                                    .filter(Axis::ofSetting)
                                                    .map(a -> a.of(c.condition()))
                                                    .toList())
                            .distinct()
                            .count();
            if (settingsThere > told) {
                caveats.add(
                        new Caveat(
                                Caveat.Kind.AVERAGED_OVER,
                                "settings that differ only in what a recipe of one name says, or in versions of data or arithmetic, are taken together"));
            }
        }
        return caveats;
    }
}
