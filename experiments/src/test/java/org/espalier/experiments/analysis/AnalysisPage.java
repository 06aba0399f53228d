// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.EnumSet;
import java.util.List;
import org.espalier.experiments.analysis.Column.Place;
import org.espalier.results.text.Text;

/** The page of all tables of {@code analyze} and what their columns mean. */
final class AnalysisPage {
    private static final String HEAD =
            """
            <!-- Written by AnalysisPage from the tables themselves: change those. -->
            # Tables of `espalier analyze`

            Every table that [`espalier analyze`](analysis.md) writes, and what its columns mean. Columns with a star are in files and JSON
            alone, not on the screen and not in the report. Intervals are at `--level`, margins those of the defaults.
            """;

    private AnalysisPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        List<Answer> answers =
                Analysis.of(
                        Population.of(List.of()),
                        AnalysisOptions.DEFAULT,
                        EnumSet.allOf(Question.class));
        for (Answer answer : answers) {
            page.append(Text.of("\n## %s\n", answer.question().word()));
            for (Table table : answer.tables()) {
                page.append(Text.of("\n### `%s`\n\n%s.\n\n", table.id(), table.title()))
                        .append("| Column | Meaning |\n|---|---|\n");
                for (Column column : table.columns()) {
                    page.append(
                            Text.of(
                                    "| `%s`%s | %s |\n",
                                    column.name(),
                                    column.place() == Place.FILES ? " *" : "",
                                    column.meaning().replace("|", "\\|").replace("<", "&lt;")));
                }
            }
        }
        return page.toString();
    }
}
