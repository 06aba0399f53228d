// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.espalier.results.text.Text;

/** Writes {@code SCHEMA.md} from the schema and the text around it, {@code schema-page.md}. */
public final class SchemaPage {
    /** Where the page belongs, relative to the repository. */
    static final String FILE = "results-schema/SCHEMA.md";

    /** Writes the page anew; to be called in the repository's root. */
    static final String COMMAND =
            "./mvnw -q -pl results-schema test-compile"
                    + " org.codehaus.mojo:exec-maven-plugin:3.5.0:java"
                    + " -Dexec.classpathScope=test -Dexec.mainClass=org.espalier.results.SchemaPage"
                    + " -Dexec.args="
                    + FILE;

    private SchemaPage() {}

    /** Writes the page to the file that is named. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), page());
    }

    static String page() {
        return text("schema-page.md")
                .replace("{{version}}", Integer.toString(CellRow.SCHEMA_VERSION))
                .replace("{{version-key}}", RowFile.VERSION_KEY)
                .replace("{{merge-above}}", Integer.toString(ResultsFolder.MERGE_ABOVE))
                .replace("{{columns}}", columns());
    }

    private static String columns() {
        return Column.of(RowSchema.ROW).stream()
                .map(SchemaPage::line)
                .collect(
                        Collectors.joining(
                                "\n",
                                "| column | type | unit | null | meaning |\n|---|---|---|---|---|\n",
                                ""));
    }

    private static String line(Column column) {
        return Text.of(
                        "| `%s` | %s | %s | %s | %s |",
                        column.path(),
                        column.type(),
                        column.unit(),
                        column.nullable() ? "yes" : "no",
                        column.doc().replace(" Never null.", "").replace("|", "\\|"))
                .replace("<", "&lt;");
    }

    private static String text(String resource) {
        try (InputStream in = SchemaPage.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
