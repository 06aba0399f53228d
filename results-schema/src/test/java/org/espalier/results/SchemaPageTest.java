// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaPageTest {
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    @TempDir Path sweep;

    @Test
    void pageIsUpToDate() throws Exception {
        Path page = Path.of("SCHEMA.md");

        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as("%s is not up to date; write it anew: %s", SchemaPage.FILE, SchemaPage.COMMAND)
                .isEqualTo(SchemaPage.page());
    }

    @Test
    void describesEveryColumn() {
        String page = SchemaPage.page();

        assertThat(page).doesNotContain("{{");
        assertThat(Column.of(RowSchema.ROW))
                .allSatisfy(column -> assertThat(page).contains("| `" + column.path() + "` |"));
        assertThat(page)
                .contains(
                        "| `condition.noise_kind` | string | text | yes | What the noise is: label-flips",
                        "| `dense.test.confusion` | list&lt;list&lt;long>> | count | no |",
                        "| `curve` | list&lt;struct> | none | no |",
                        "| `status` | string | text | no |");
    }

    /**
     * Every query of the page on the golden rows and a second seed of one; what each must give is
     * computed here from the rows.
     */
    @Test
    void queriesGiveWhatTheySay() throws Exception {
        List<CellRow> rows = new ArrayList<>(SampleRows.all());
        CellRow recorded = SampleRows.first(r -> !r.condition().record().equals("none"));
        rows.add(
                SampleRows.changed(
                        recorded,
                        avro -> {
                            avro.put("cell_id", "other");
                            avro.put("seed", 99L);
                        }));
        try (var folder =
                ResultsFolder.open(
                        new org.apache.hadoop.fs.Path(sweep.toUri()), new Configuration(false))) {
            folder.append(rows);
        }

        List<List<String>> answers = new ArrayList<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            var queries = SQL.matcher(SchemaPage.page());
            while (queries.find()) {
                answers.add(rows(duck, queries.group(1).replace("DIR", sweep.toString())));
            }
        }

        assertThat(answers).hasSize(PageAnswers.COUNT);
        for (int query = 0; query < PageAnswers.COUNT; query++) {
            assertThat(answers.get(query))
                    .as("query %d of the page", query + 1)
                    .containsExactlyElementsOf(new PageAnswers(rows).to(query))
                    .isNotEmpty();
        }
    }

    private static List<String> rows(Connection duck, String query) throws Exception {
        var rows = new ArrayList<String>();
        try (ResultSet found = duck.createStatement().executeQuery(query)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(found.getObject(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }
}
