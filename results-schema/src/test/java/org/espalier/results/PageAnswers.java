// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Selection;

/** What the queries of the schema's page must answer, computed from the rows without SQL. */
final class PageAnswers {
    /** Queries of the page. */
    static final int COUNT = 12;

    private final List<CellRow> rows;

    PageAnswers(List<CellRow> rows) {
        this.rows = rows.stream().sorted(Comparator.comparing(CellRow::cellId)).toList();
    }

    /** Lines of an answer, their values joined by bars. */
    List<String> to(int query) {
        return switch (query) {
            case 0 -> endings();
            case 1 -> accuracies();
            case 2 -> recalls();
            case 3 -> confusions();
            case 4 -> curves();
            case 5 -> events();
            case 6 -> selections();
            case 7 -> calibrationErrors();
            case 8 -> flipped();
            case 9 -> churn();
            case 10 -> exemplars();
            case 11 -> causes();
            default -> throw new IllegalArgumentException("no query " + query);
        };
    }

    private List<String> endings() {
        return counted(r -> r.status().name());
    }

    private List<String> counted(Function<CellRow, String> key) {
        return rows.stream()
                .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(e -> line(e.getKey(), e.getValue()))
                .toList();
    }

    private List<String> accuracies() {
        Map<String, List<CellRow>> byCondition =
                rows.stream()
                        .filter(r -> r.status() == CellRow.Status.COMPLETED)
                        .filter(r -> r.network().classes() != null)
                        .filter(r -> r.condition().control() == null)
                        .collect(
                                Collectors.groupingBy(
                                        r ->
                                                line(
                                                        r.condition().method(),
                                                        r.condition().ratioKind(),
                                                        r.condition().ratio()),
                                        PageAnswers::byColumns,
                                        Collectors.toList()));
        List<String> lines = new ArrayList<>();
        byCondition.forEach(
                (key, cells) -> {
                    double[] values =
                            cells.stream()
                                    .mapToDouble(r -> r.fineTuned().test().accuracy())
                                    .toArray();
                    // all seeds of a golden condition are the same row, so that the deviation is 0
                    lines.add(
                            line(
                                    key,
                                    values.length,
                                    values[0],
                                    values.length == 1 ? null : (Double) 0.0));
                });
        return lines;
    }

    private List<String> recalls() {
        return rows.stream()
                .filter(r -> r.fineTuned() != null && r.network().classes() != null)
                .flatMap(
                        r ->
                                IntStream.range(0, r.network().classes())
                                        .mapToObj(
                                                c ->
                                                        line(
                                                                r.cellId(),
                                                                c,
                                                                recall(r.pruned().test(), c),
                                                                recall(r.fineTuned().test(), c))))
                .toList();
    }

    private static double recall(CellRow.Measures measures, int c) {
        return (double) measures.classCorrect().get(c) / measures.classSupport().get(c);
    }

    /** Lines in the order of their columns: a shorter text comes before what it begins. */
    private static <V> TreeMap<String, V> byColumns() {
        return new TreeMap<>(Comparator.comparing((String line) -> line.replace('|', '\u0001')));
    }

    private List<String> confusions() {
        return rows.stream()
                .filter(r -> !r.dense().test().confusion().isEmpty())
                .map(r -> line(r.cellId(), r.dense().test().confusion().get(2).get(0)))
                .toList();
    }

    private List<String> curves() {
        return rows.stream()
                .flatMap(
                        r ->
                                r.curve().stream()
                                        .sorted(
                                                Comparator.comparing(CurvePoint::round)
                                                        .thenComparing(CurvePoint::phase)
                                                        .thenComparing(CurvePoint::epoch))
                                        .map(
                                                p ->
                                                        line(
                                                                r.cellId(),
                                                                p.phase(),
                                                                p.epoch(),
                                                                p.testLoss())))
                .toList();
    }

    private List<String> events() {
        return rows.stream()
                .flatMap(
                        r ->
                                r.events().stream()
                                        .filter(e -> e.kind().equals("prune"))
                                        .map(
                                                e ->
                                                        line(
                                                                r.cellId(),
                                                                r.status(),
                                                                e.epoch(),
                                                                e.touched(),
                                                                accuracy(e.before()),
                                                                accuracy(e.after()),
                                                                e.instability())))
                .toList();
    }

    private static Double accuracy(CellRow.Moment moment) {
        return moment == null ? null : moment.accuracy();
    }

    private List<String> selections() {
        List<String> rules = List.of("last", "test-accuracy", "validation-accuracy");
        return rows.stream()
                .flatMap(
                        r ->
                                r.selections().stream()
                                        .filter(s -> s.phase().equals("fine-tune"))
                                        .filter(s -> rules.contains(s.rule()))
                                        .sorted(Comparator.comparing(Selection::rule))
                                        .map(
                                                s ->
                                                        line(
                                                                r.cellId(),
                                                                s.rule(),
                                                                s.epoch(),
                                                                s.test().accuracy())))
                .toList();
    }

    private List<String> calibrationErrors() {
        return classified()
                .map(
                        r -> {
                            double sum = 0;
                            for (var bin : r.fineTuned().test().calibration()) {
                                sum += Math.abs(bin.confidence() - bin.correct());
                            }
                            return line(r.cellId(), sum / r.fineTuned().test().samples());
                        })
                .toList();
    }

    private Stream<CellRow> classified() {
        return rows.stream()
                .filter(r -> r.fineTuned() != null && r.fineTuned().test().accuracy() != null);
    }

    private List<String> flipped() {
        return classified()
                .filter(r -> r.fineTuned().flipped() != null)
                .map(
                        r -> {
                            CellRow.Flipped flipped = r.fineTuned().flipped();
                            double samples = flipped.samples();
                            return line(
                                    r.cellId(),
                                    flipped.fittedGiven() / samples,
                                    flipped.fittedTrue() / samples);
                        })
                .toList();
    }

    private Stream<CellRow> recorded() {
        return classified().filter(r -> r.fineTuned().predictions() != null);
    }

    private List<String> churn() {
        return recorded()
                .map(
                        r ->
                                line(
                                        r.cellId(),
                                        (double) changes(r)
                                                / r.dense().predictions().classes().size()))
                .toList();
    }

    private static long changes(CellRow row) {
        List<Integer> dense = row.dense().predictions().classes();
        List<Integer> pruned = row.fineTuned().predictions().classes();
        return IntStream.range(0, dense.size())
                .filter(i -> !dense.get(i).equals(pruned.get(i)))
                .count();
    }

    /** Seeds of the golden condition are the same row, so that its classes are the modes. */
    private List<String> exemplars() {
        return recorded()
                .map(
                        r ->
                                line(
                                        r.condition().text(),
                                        r.dense().predictions().classes().size(),
                                        changes(r)))
                .distinct()
                .toList();
    }

    private List<String> causes() {
        return rows.stream()
                .filter(r -> r.failure() != null)
                .map(r -> line(r.failure().reason(), 1, 1, r.failure().message()))
                .toList();
    }

    private static String line(Object... values) {
        return Stream.of(values).map(String::valueOf).collect(Collectors.joining("|"));
    }
}
