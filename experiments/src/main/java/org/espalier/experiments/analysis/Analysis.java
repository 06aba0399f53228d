// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.results.text.Text;

/** Asks questions of results. */
public final class Analysis {
    static final String CLASSIFICATION = "classification";

    private Analysis() {}

    /** The answers to some questions, in their order; one question does not wait for another. */
    public static List<Answer> of(
            Population population, AnalysisOptions options, Set<Question> questions) {
        return List.copyOf(EnumSet.copyOf(questions)).parallelStream()
                .map(question -> of(population, options, question))
                .toList();
    }

    private static Answer of(Population population, AnalysisOptions options, Question question) {
        return switch (question) {
            case RECALL -> new RecallQuestion(population, options).answer();
            case STABILITY -> new StabilityQuestion(population, options).answer();
            case COMPENSATION -> new CompensationQuestion(population, options).answer();
            case TICKETS -> new TicketsQuestion(population, options).answer();
            case METHODS -> new MethodsQuestion(population, options).answer();
        };
    }

    /** Says which cells failed, and what the means would be had they ended at accuracy 0. */
    static void tellFailures(List<Group> groups, Notes notes) {
        for (Group group : groups) {
            if (group.failed() == 0) {
                continue;
            }
            double[] accuracies = group.values(Analysis::accuracy);
            String bound = "";
            if (accuracies.length > 0) {
                double sum = 0;
                for (double a : accuracies) {
                    sum += a;
                }
                bound =
                        Text.of(
                                ", mean accuracy %s, %s had they ended at 0",
                                Estimates.said(sum / accuracies.length),
                                Estimates.said(sum / (accuracies.length + group.failed())));
            }
            notes.at(
                    Caveat.Kind.FAILED_CELLS,
                    "failed cells are in no mean",
                    Text.of(
                            "%s (%d of %d%s)",
                            group.inWords(), group.failed(), group.cells().size(), bound));
        }
    }

    /** Final test accuracy; NaN of a regression and of what failed. */
    static double accuracy(CellResult c) {
        return c.fineTuned() == null ? Double.NaN : c.fineTuned().accuracy();
    }

    /** Final test accuracy, or less the loss of a regression: higher is better. */
    static double quality(CellResult c) {
        if (c.fineTuned() == null) {
            return Double.NaN;
        }
        return c.condition().task().equals(CLASSIFICATION)
                ? c.fineTuned().accuracy()
                : -c.fineTuned().loss();
    }

    /** With a capital and a full stop. */
    static String sentence(String text) {
        return text.isEmpty() ? text : text + (text.endsWith(".") ? "" : ".");
    }

    /**
     * A table that compares methods pairwise.
     *
     * @param meaning of the difference
     * @param margin smallest difference that matters
     */
    record PairsTable(String id, String title, String meaning, double margin) {}

    /** What to read out of a line of it. */
    interface PairReader {
        /** Called for each line, after the correction for many tests. */
        void read(Group first, Group second, Table table, int line);
    }

    /** All pairs of methods that are pruned alike in one setting, paired over seeds. */
    static Table methodPairs(
            PairsTable about,
            List<Group> groups,
            ToDoubleFunction<CellResult> value,
            AnalysisOptions options,
            Notes notes,
            Map<String, Integer> families,
            PairReader reader) {
        List<Column> keys = new ArrayList<>();
        Set<Axis> by = options.by();
        if (!by.contains(Axis.METHOD)) {
            return new Lines(
                            about.id(), about.title(), List.of(), Pairs.columns("", about.margin()))
                    .table();
        }
        Set<Axis> rest = EnumSet.copyOf(by);
        rest.remove(Axis.METHOD);
        keys.addAll(rest.isEmpty() ? List.of() : Population.keyColumns(rest));
        keys.add(Column.text("method", "the first"));
        keys.add(Column.text("other", "the second"));
        Lines lines =
                new Lines(
                        about.id(),
                        about.title(),
                        keys,
                        Pairs.columns(about.meaning(), about.margin()));
        Map<List<Object>, List<Group>> alike =
                groups.stream()
                        .filter(g -> !g.isControl())
                        .collect(
                                Collectors.groupingBy(
                                        Group::about, LinkedHashMap::new, Collectors.toList()));
        List<Group[]> compared = new ArrayList<>();
        for (List<Group> members : alike.values()) {
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    Group a = members.get(i);
                    Group b = members.get(j);
                    Pairs pairs = Pairs.of(a.completed(), b.completed(), value);
                    if (pairs.n() == 0) {
                        continue;
                    }
                    List<Object> at = new ArrayList<>(a.about());
                    at.add(a.method());
                    at.add(b.method());
                    pairs.put(lines.line(at), options, about.margin());
                    pairs.tell(notes, a.method() + " and " + b.inWords(), options);
                    compared.add(new Group[] {a, b});
                }
            }
        }
        int tests = Pairs.adjust(lines);
        if (tests > 0) {
            families.put(about.title(), tests);
        }
        Table table = lines.table();
        for (int i = 0; i < compared.size(); i++) {
            reader.read(compared.get(i)[0], compared.get(i)[1], table, i);
        }
        return table;
    }
}
