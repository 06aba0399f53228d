// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.analyze;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.espalier.driver.show.TextTable;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.Caveat;
import org.espalier.experiments.analysis.Table;
import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;

/** Answers for a screen: what was found, the tables, what a reader must know. */
public final class AnswerScreen {
    private static final String NEW_LINE = System.lineSeparator();
    private static final int MOST_READINGS = 12;

    private final int width;
    private final Predicate<Table> shown;

    /**
     * @param width of the screen in columns
     * @param shown which tables
     */
    public AnswerScreen(int width, Predicate<Table> shown) {
        this.width = width;
        this.shown = shown;
    }

    /** All of an answer. */
    public String text(Answer answer) {
        StringBuilder text = new StringBuilder();
        text.append(
                        Paragraph.of(
                                Text.of(
                                        "%s: %s",
                                        answer.question().word(), answer.question().text()),
                                width,
                                2))
                .append(NEW_LINE);
        answer.tables().stream()
                .filter(shown)
                .filter(t -> !t.lines().isEmpty())
                .forEach(t -> append(text, t));
        appendSentences(text, "What the rows say", answer.readings(), MOST_READINGS);
        appendSentences(
                text,
                "What to know",
                answer.caveats().stream().map(Caveat::sentence).toList(),
                Integer.MAX_VALUE);
        if (!answer.families().isEmpty()) {
            appendSentences(
                    text,
                    "Tests that were corrected together",
                    answer.families().entrySet().stream()
                            .map(e -> Text.of("%s (%d)", e.getKey(), e.getValue()))
                            .toList(),
                    Integer.MAX_VALUE);
        }
        return text.toString();
    }

    /** One table with its title. */
    public String text(Table table) {
        StringBuilder text = new StringBuilder();
        append(text, table);
        return text.toString();
    }

    private void append(StringBuilder text, Table table) {
        text.append(Paragraph.of(table.title() + " (" + table.id() + ")", width, 2));
        for (Table part : table.byFirstKey()) {
            appendPart(text, ShownTable.of(part));
        }
    }

    private void appendPart(StringBuilder text, ShownTable seen) {
        if (!seen.common().isEmpty()) {
            text.append(
                    Paragraph.of(
                            seen.common().entrySet().stream()
                                    .map(e -> e.getKey() + " " + e.getValue())
                                    .collect(Collectors.joining("; ", "  ", "")),
                            width,
                            4));
        }
        if (!seen.header().isEmpty()) {
            TextTable lines =
                    new TextTable(seen.keys(), seen.keys(), seen.header().toArray(String[]::new));
            seen.lines().forEach(lines::add);
            text.append(lines.text(width));
        }
        text.append(NEW_LINE);
    }

    private void appendSentences(
            StringBuilder text, String title, List<String> sentences, int most) {
        if (sentences.isEmpty()) {
            return;
        }
        text.append(title).append(NEW_LINE);
        sentences.stream()
                .limit(most)
                .forEach(s -> text.append(Paragraph.of("  - " + s, width, 4)));
        if (sentences.size() > most) {
            text.append(Text.of("  and %d more, in the other formats", sentences.size() - most))
                    .append(NEW_LINE);
        }
        text.append(NEW_LINE);
    }
}
