// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.MeanInterval;
import org.espalier.experiments.statistics.PairedDifference;
import org.espalier.results.CellRow;

/** What rows say, as text: accuracies or losses, one number of each paper, and failures. */
public final class ResultTables {
    private static final String NONE = "-";
    private static final int MOST_CAUSES = 10;

    private ResultTables() {}

    /** All tables. */
    public static String text(Collection<CellRow> rows) {
        StringBuilder text = new StringBuilder();
        Map<ConditionSummary.Key, java.util.List<ConditionSummary>> settings =
                new LinkedHashMap<>();
        for (ConditionSummary summary : ConditionSummary.of(rows)) {
            settings.computeIfAbsent(summary.key().setting(), k -> new java.util.ArrayList<>())
                    .add(summary);
        }
        settings.forEach((setting, summaries) -> append(text, setting, summaries));
        appendFailures(text, rows);
        return text.toString();
    }

    private static void append(
            StringBuilder text, ConditionSummary.Key setting, List<ConditionSummary> summaries) {
        boolean classes = setting.task().equals("classification");
        text.append(
                "%s on %s%s%s%n"
                        .formatted(
                                setting.architecture(),
                                setting.dataset(),
                                setting.noise() == 0 ? "" : ", noise " + number(setting.noise()),
                                setting.recipe().equals("default")
                                        ? ""
                                        : ", recipe " + setting.recipe()));
        text.append(
                classes
                        ? "  test accuracy in percent, mean and standard deviation over n seeds%n"
                                .formatted()
                        : "  test loss (mean squared error), mean and standard deviation over n seeds%n"
                                .formatted());
        TextTable table =
                classes
                        ? new TextTable(
                                2,
                                "method",
                                "ratio",
                                "n",
                                "dense",
                                "just pruned",
                                "fine-tuned",
                                "just-pruned loss",
                                "instability",
                                "alpha/dense",
                                "alpha/control",
                                "alpha-control's")
                        : new TextTable(
                                2, "method", "ratio", "n", "dense", "just pruned", "fine-tuned");
        for (ConditionSummary s : summaries) {
            String n = s.completed() + (s.failed() > 0 ? " (" + s.failed() + " failed)" : "");
            if (classes) {
                table.add(
                        List.of(
                                method(s.key()),
                                ratio(s.key()),
                                n,
                                percent(s.dense()),
                                percent(s.pruned()),
                                percent(s.fineTuned()),
                                plain(s.justPrunedLoss(), 3),
                                plain(s.instability(), 3),
                                alpha(s.alphaAgainstDense(), 1),
                                alpha(s.alphaAgainstControl(), 1),
                                alpha(s.alphaMinusControl().map(PairedDifference::difference), 0)));
            } else {
                table.add(
                        List.of(
                                method(s.key()),
                                ratio(s.key()),
                                n,
                                scientific(s.dense()),
                                scientific(s.pruned()),
                                scientific(s.fineTuned())));
            }
        }
        text.append(table.text());
        if (classes) {
            text.append(
                    "  alpha: intensification ratio of the recalls, fine-tuned against dense and against the control of the\n  same seed; < > ? say where the 99 % interval lies of 1, in the last column (paired difference) of 0\n");
        }
        text.append(System.lineSeparator());
    }

    private static void appendFailures(StringBuilder text, Collection<CellRow> rows) {
        Map<String, Integer> causes = new TreeMap<>();
        for (CellRow row : rows) {
            if (row.failure() != null) {
                String cause = row.failure().reason() + ": " + row.failure().message();
                causes.merge(cause, 1, Integer::sum);
            }
        }
        if (causes.isEmpty()) {
            return;
        }
        text.append("failed cells by cause%n".formatted());
        causes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_CAUSES)
                .forEach(e -> text.append("  %d  %s%n".formatted(e.getValue(), e.getKey())));
        if (causes.size() > MOST_CAUSES) {
            text.append("  and %d more causes%n".formatted(causes.size() - MOST_CAUSES));
        }
    }

    private static String method(ConditionSummary.Key key) {
        return key.methodSettings().contains("\"compensation\":\"off\"")
                ? key.method() + " off"
                : key.method();
    }

    private static String ratio(ConditionSummary.Key key) {
        String value = number(key.ratio());
        return switch (key.ratioKind()) {
            case "pruning-ratio" -> value;
            case "compression" -> value + "x";
            default -> key.ratioKind() + " " + value;
        };
    }

    private static String number(double value) {
        return new java.math.BigDecimal(Double.toString(value))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String percent(Optional<MeanInterval> value) {
        return spread(value, 100, "%.2f");
    }

    private static String plain(Optional<MeanInterval> value, int digits) {
        return spread(value, 1, "%." + digits + "f");
    }

    private static String scientific(Optional<MeanInterval> value) {
        return spread(value, 1, "%.2e");
    }

    private static String spread(Optional<MeanInterval> value, double scale, String format) {
        return value.map(
                        v -> {
                            String mean = String.format(Locale.ROOT, format, scale * v.mean());
                            return v.n() < 2
                                    ? mean
                                    : mean
                                            + " ± "
                                            + String.format(
                                                    Locale.ROOT,
                                                    format,
                                                    scale * v.standardDeviation());
                        })
                .orElse(NONE);
    }

    private static String alpha(Optional<MeanInterval> value, double nullValue) {
        return value.map(
                        v ->
                                String.format(
                                        Locale.ROOT,
                                        "%.2f %s",
                                        v.mean(),
                                        v.sideOf(nullValue).sign()))
                .orElse(NONE);
    }
}
