// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.statistics.ConditionNames;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.PairedDifference;
import org.espalier.experiments.statistics.SettingNames;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;

/**
 * What rows say, as text that fits a screen unless names are very long: for each setting a table of
 * accuracies or losses and, for a classification, one with a number of each paper; then how to read
 * them, what methods noted, and why cells failed.
 */
public final class ResultTables {
    private static final int MOST_LISTED = 10;
    private static final String OVER_SEEDS = ", mean ± standard deviation over n seeds";
    private static final String NEW_LINE = System.lineSeparator();

    private static final String LEGEND =
            """
            How to read the numbers of the papers
              instability    share of the accuracy that a pruning costs, before any
                             further training; mean over prunings
              pruned loss    test loss just after pruning, mean ± standard deviation
              alpha          how pruning and fine-tuning changed the gaps between the
                             recalls of the classes: 1 as in the dense network, above 1
                             wider, below 1 narrower, below 0 reversed
              alpha/control  the same, compared with the control: the network that was
                             fine-tuned but not pruned; without a sign, since no pruning
                             does not show 1 there
              difference     alpha less the alpha of the control of the same seed: what
                             pruning alone does
              < > ?          the 99 % interval over seeds lies below, above or across 1;
                             0 for the difference, which alone tells pruning from further
                             training; `espalier analyze` has the tests
            """
                    .replace("\n", NEW_LINE);

    private static final String OWN_SEEDS =
            "  (n 2): over 2 seeds only, the others of the line have no such number";
    private static final String FEWER_SEEDS =
            "  *: fewer seeds than other lines, so a part of what differs may be the seeds'";

    private final int width;

    private ResultTables(int width) {
        this.width = width;
    }

    /**
     * All tables.
     *
     * @param width of the screen in columns
     */
    public static String text(Collection<FiledRow> filed, int width) {
        return new ResultTables(width).text(filed);
    }

    private String text(Collection<FiledRow> filed) {
        StringBuilder text = new StringBuilder();
        Map<ConditionSummary.Key, List<ConditionSummary>> settings =
                ConditionSummary.bySetting(filed);
        SettingNames names = new SettingNames(settings.keySet());
        List<CellRow> rows = filed.stream().map(FiledRow::row).toList();
        boolean classes = false;
        for (var setting : settings.entrySet()) {
            classes |= classification(setting.getKey());
            text.append(Paragraph.of(names.of(setting.getKey()), width, 2));
            append(text, setting.getKey(), setting.getValue());
        }
        if (classes) {
            text.append(LEGEND).append(NEW_LINE);
        }
        appendCounted(text, "Notes, with the cells that have them", notes(rows));
        appendCounted(text, "Failed cells by cause", causes(rows));
        return text.toString();
    }

    private static boolean classification(ConditionSummary.Key key) {
        return key.task().equals(Facts.CLASSIFICATION);
    }

    private void append(
            StringBuilder text, ConditionSummary.Key setting, List<ConditionSummary> summaries) {
        ConditionNames names =
                new ConditionNames(summaries.stream().map(ConditionSummary::key).toList());
        int most = summaries.stream().mapToInt(ConditionSummary::completed).max().orElse(0);
        int before = text.length();
        if (classification(setting)) {
            text.append(Paragraph.of("  Test accuracy in percent" + OVER_SEEDS, width, 4));
            text.append(quality(summaries, names, most, 0.01)).append(NEW_LINE);
            text.append("  One number of each paper, explained below").append(NEW_LINE);
            text.append(papers(summaries, names, most));
        } else {
            double unit =
                    ShownNumbers.unitOf(
                            summaries.stream()
                                    .flatMap(s -> Stream.of(s.dense(), s.pruned(), s.fineTuned())));
            String units = unit == 1 ? "" : " in units of " + unitName(unit);
            text.append(
                    Paragraph.of(
                            "  Test loss (mean squared error)" + units + OVER_SEEDS, width, 4));
            text.append(quality(summaries, names, most, unit));
        }
        if (text.indexOf(" (n ", before) >= 0) {
            text.append(Paragraph.of(OWN_SEEDS, width, 4));
        }
        if (summaries.stream().anyMatch(s -> s.completed() < most)) {
            text.append(Paragraph.of(FEWER_SEEDS, width, 4));
        }
        text.append(NEW_LINE);
    }

    private static String unitName(double unit) {
        return Text.of("1e%d", Math.round(Math.log10(unit)));
    }

    private String quality(
            List<ConditionSummary> summaries, ConditionNames names, int most, double unit) {
        TextTable table =
                new TextTable(2, 3, "method", "ratio", "n", "dense", "just pruned", "fine-tuned");
        for (ConditionSummary s : summaries) {
            table.add(
                    List.of(
                            names.method(s.key()),
                            ConditionNames.ratio(s.key()),
                            count(s, most),
                            ShownNumbers.spread(s.dense(), unit, 2, s.completed()),
                            ShownNumbers.spread(s.pruned(), unit, 2, s.completed()),
                            ShownNumbers.spread(s.fineTuned(), unit, 2, s.completed())));
        }
        return table.text(width);
    }

    private String papers(List<ConditionSummary> summaries, ConditionNames names, int most) {
        TextTable table =
                new TextTable(
                        2,
                        3,
                        "method",
                        "ratio",
                        "n",
                        "instability",
                        "pruned loss",
                        "alpha",
                        "alpha/control",
                        "difference");
        for (ConditionSummary s : summaries) {
            table.add(
                    List.of(
                            names.method(s.key()),
                            ConditionNames.ratio(s.key()),
                            count(s, most),
                            ShownNumbers.spread(s.instability(), 1, 3, s.completed()),
                            ShownNumbers.spread(s.justPrunedLoss(), 1, 3, s.completed()),
                            ShownNumbers.against(s.alphaAgainstDense(), 1, s.completed()),
                            ShownNumbers.mean(s.alphaAgainstControl(), s.completed()),
                            ShownNumbers.against(
                                    s.alphaMinusControl().map(PairedDifference::difference),
                                    0,
                                    s.completed())));
        }
        return table.text(width);
    }

    private static Map<String, Integer> notes(Collection<CellRow> rows) {
        Map<String, Integer> notes = new TreeMap<>();
        for (CellRow row : rows) {
            row.notes().stream().distinct().forEach(note -> notes.merge(note, 1, Integer::sum));
        }
        return notes;
    }

    private static Map<String, Integer> causes(Collection<CellRow> rows) {
        Map<String, Integer> causes = new TreeMap<>();
        for (CellRow row : rows) {
            if (row.failure() != null) {
                String cause = row.failure().reason() + ": " + row.failure().message();
                causes.merge(cause, 1, Integer::sum);
            }
        }
        return causes;
    }

    private void appendCounted(StringBuilder text, String title, Map<String, Integer> counted) {
        if (counted.isEmpty()) {
            return;
        }
        text.append(title).append(NEW_LINE);
        counted.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_LISTED)
                .forEach(
                        e ->
                                text.append(
                                        Paragraph.of(
                                                Text.of("%6d  %s", e.getValue(), e.getKey()),
                                                width,
                                                8)));
        if (counted.size() > MOST_LISTED) {
            text.append(Text.of("        and %d more", counted.size() - MOST_LISTED))
                    .append(NEW_LINE);
        }
        text.append(NEW_LINE);
    }

    /** Cells that completed, and whether other lines have more. */
    private static String count(ConditionSummary s, int most) {
        return s.completed()
                + (s.completed() < most ? "*" : "")
                + (s.failed() > 0 ? " (" + s.failed() + " failed)" : "");
    }
}
