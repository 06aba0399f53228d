// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.results.text.Text;

/**
 * Down to which density a sparse network trains as well as the dense one (Frankle and Carbin 2019,
 * The Lottery Ticket Hypothesis, arXiv:1803.03635), against what is not a ticket, and whether a
 * ticket serves on another data set (Morcos et al. 2019, arXiv:1906.02773).
 */
final class TicketsQuestion {
    private static final Set<String> SCHEDULES =
            Set.of(ScheduleSettings.Lottery.ID, ScheduleSettings.MaskFrom.ID);
    private final Population all;
    private final AnalysisOptions options;
    private final Notes notes = new Notes();
    private final List<String> readings = new ArrayList<>();
    private final Map<String, Integer> families = new LinkedHashMap<>();

    TicketsQuestion(Population population, AnalysisOptions options) {
        this.all = population;
        this.options = options;
    }

    Answer answer() {
        Population population = all.where(c -> SCHEDULES.contains(c.condition().schedule()));
        if (population.cells().isEmpty()) {
            notes.say(
                    Caveat.Kind.NOT_MEASURED,
                    "no cell has a schedule that draws tickets, lottery or mask-from");
        }
        notes.all(population.averagedOver(options.by()));
        List<Group> groups = population.groups(options.by());
        Analysis.tellFailures(groups, notes);
        List<Table> tables =
                List.of(
                        levels(groups),
                        Analysis.methodPairs(
                                new Analysis.PairsTable(
                                        "ticket_controls",
                                        "Tickets against what is no ticket, at one density",
                                        "accuracy (or less the loss) of the first less that of the second",
                                        options.accuracyMargin()),
                                groups,
                                Analysis::quality,
                                options,
                                notes,
                                families,
                                this::read),
                        transfer(population));
        return new Answer(
                Question.TICKETS,
                tables,
                readings,
                notes.caveats(),
                families,
                List.of(
                        "A ticket is compared with the network of its seed that is trained the same way without any pruning: the control of the setting, or, where none was run, the dense network that the mask was found from.",
                        "Worse means that the paired difference is below 0 by the t test at the level of the intervals, corrected with Holm over the table."));
    }

    /** What a ticket must match. */
    private double dense(CellResult c) {
        CellResult control = all.reference(c);
        if (control != null) {
            return Analysis.quality(control);
        }
        if (c.dense() == null) {
            return Double.NaN;
        }
        return c.condition().task().equals(Analysis.CLASSIFICATION)
                ? c.dense().accuracy()
                : -c.dense().loss();
    }

    private Table levels(List<Group> groups) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.count("level", "prunings behind the mask"));
        columns.add(Column.count("n", "seeds"));
        columns.add(Column.count("failed", "cells that failed"));
        columns.addAll(
                Estimates.columns(
                        "quality", "final test accuracy, or less the loss", Column.Kind.NUMBER));
        columns.add(Column.number("dense", "mean of that of the networks that are not pruned"));
        columns.addAll(Pairs.columns("the ticket less the dense", options.accuracyMargin()));
        columns.add(Column.text("verdict", "what the paired difference shows"));
        Lines lines =
                new Lines(
                        "tickets",
                        "Tickets level by level",
                        Population.keyColumns(options.by()),
                        columns);
        for (Group group : groups) {
            Lines.Line line = lines.line(group.keys());
            double[] quality = group.values(Analysis::quality);
            line.put("n", quality.length).put("failed", group.failed());
            Set<Integer> levels =
                    group.completed().stream().map(CellResult::level).collect(Collectors.toSet());
            if (levels.size() == 1 && !group.isControl()) {
                line.put("level", levels.iterator().next());
            }
            Estimates.put(line, "quality", quality, options.level());
            if (!group.isControl()) {
                Pairs pairs = Pairs.of(group.completed(), Analysis::quality, c -> dense(c), 0);
                if (pairs.n() > 0) {
                    line.put("dense", Estimates.mean(pairs.y()));
                    pairs.tell(notes, group.inWords(), options);
                }
                pairs.put(line, options, options.accuracyMargin());
                if (group.completed().stream().anyMatch(c -> all.reference(c) == null)) {
                    notes.at(
                            Caveat.Kind.NO_CONTROL,
                            "no unpruned control in the setting: compared with the dense network that the mask was found from",
                            group.settingText());
                }
            }
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("tickets: differences to the dense network", tests);
        }
        Table raw = lines.table();
        Map<List<Object>, Integer> firstWorse = new LinkedHashMap<>();
        Map<List<Object>, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            String verdict =
                    RecallQuestion.verdict(
                            raw, i, options, "better", "worse", options.accuracyMargin());
            lines.put(i, "verdict", verdict);
            Group group = groups.get(i);
            if (verdict != null) {
                List<Object> key = List.of(group.settingText(), group.method());
                last.put(key, i);
                if (verdict.equals("worse")) {
                    firstWorse.putIfAbsent(key, i);
                }
            }
        }
        for (var e : last.entrySet()) {
            Integer worse = firstWorse.get(e.getKey());
            int at = worse == null ? e.getValue() : worse;
            Group group = groups.get(at);
            readings.add(
                    Analysis.sentence(
                            Text.of(
                                    "%s, %s: %s (at %s %s against %s, %s interval of the difference %s, Holm %s, %d seeds)",
                                    e.getKey().get(1),
                                    e.getKey().get(0),
                                    worse == null
                                            ? "at no ratio of the sweep shown to be worse than the network that is not pruned"
                                            : "first shown to be worse than the network that is not pruned at "
                                                    + group.ratioText(),
                                    group.ratioText(),
                                    Estimates.said((Double) raw.value(at, "quality")),
                                    Estimates.said((Double) raw.value(at, "dense")),
                                    Estimates.percent(options.level()),
                                    Estimates.interval(
                                            (Double) raw.value(at, "difference_low"),
                                            (Double) raw.value(at, "difference_high")),
                                    Estimates.p((Double) raw.value(at, "p_holm")),
                                    (Long) raw.value(at, "pairs"))));
        }
        return lines.table();
    }

    private void read(Group a, Group b, Table table, int i) {
        Double p = (Double) table.value(i, "p_holm");
        if (p == null || p > options.alpha()) {
            return;
        }
        double d = (Double) table.value(i, "difference");
        Group more = d > 0 ? a : b;
        Group less = d > 0 ? b : a;
        double low = (Double) table.value(i, "difference_low");
        double high = (Double) table.value(i, "difference_high");
        readings.add(
                Analysis.sentence(
                        Text.of(
                                "%s ends above %s at %s, %s: %s interval of the difference %s, Holm %s, %d seeds",
                                more.method(),
                                less.method(),
                                a.ratioText(),
                                a.settingText(),
                                Estimates.percent(options.level()),
                                d > 0
                                        ? Estimates.interval(low, high)
                                        : Estimates.interval(-high, -low),
                                Estimates.p(p),
                                (Long) table.value(i, "pairs"))));
    }

    /** What borrowed and own tickets are matched by. */
    private record Place(
            String architecture,
            String dataset,
            double noise,
            String method,
            double ratio,
            long seed) {
        static Place of(CellResult c) {
            return new Place(
                    c.condition().architecture(),
                    c.condition().dataset(),
                    c.condition().noise(),
                    c.condition().method(),
                    c.condition().ratio(),
                    c.seed());
        }
    }

    /** Borrowed masks against masks of the data set itself. */
    private Table transfer(Population population) {
        List<Column> keys =
                List.of(
                        Column.text("setting", "where the borrowed mask is trained"),
                        Column.text("source", "data set that the mask is from"),
                        Column.text("native", "setting that the own ticket is from"),
                        Column.text("method", "pruning method"),
                        Column.number("ratio", "how much is pruned"));
        Lines lines =
                new Lines(
                        "ticket_transfer",
                        "Tickets of another data set against the own ones",
                        keys,
                        Pairs.columns("borrowed less own", options.accuracyMargin()));
        Map<Object, Map<Place, CellResult>> own = new LinkedHashMap<>();
        for (CellResult c : population.cells()) {
            if (c.completed()
                    && !c.condition().isControl()
                    && c.condition().schedule().equals(ScheduleSettings.Lottery.ID)) {
                own.computeIfAbsent(c.condition().setting(), s -> new HashMap<>())
                        .put(Place.of(c), c);
            }
        }
        boolean borrowed = false;
        for (Group group : population.groups(AnalysisOptions.DEFAULT.by())) {
            if (group.isControl()
                    || !group.first().schedule().equals(ScheduleSettings.MaskFrom.ID)) {
                continue;
            }
            borrowed = true;
            for (var natives : own.values()) {
                Pairs pairs =
                        Pairs.of(
                                group.completed(),
                                Analysis::quality,
                                c -> {
                                    CellResult found = natives.get(Place.of(c));
                                    return found == null ? null : Analysis.quality(found);
                                },
                                0);
                if (pairs.n() == 0) {
                    continue;
                }
                CellResult any = natives.values().iterator().next();
                pairs.put(
                        lines.line(
                                List.of(
                                        group.settingText(),
                                        source(group.first().scheduleText()),
                                        all.settingName(any),
                                        group.method(),
                                        group.first().ratio())),
                        options,
                        options.accuracyMargin());
                pairs.tell(notes, group.inWords(), options);
            }
        }
        if (borrowed && lines.isEmpty()) {
            notes.say(
                    Caveat.Kind.MISSING_PAIRS,
                    "masks were borrowed, but no ticket of the data set itself has the same network, method, ratio and seed");
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put("tickets: borrowed against own", tests);
        }
        return lines.table();
    }

    /** The data set in a schedule's text. */
    private static String source(String schedule) {
        var found = java.util.regex.Pattern.compile("dataset=([^,)\\s]+)").matcher(schedule);
        return found.find() ? found.group(1) : schedule;
    }
}
