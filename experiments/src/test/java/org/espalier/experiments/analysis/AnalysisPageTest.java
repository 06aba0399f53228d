// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AnalysisPageTest {
    private static final Path DOCS = Path.of("").toAbsolutePath().getParent().resolve("docs");

    /** With -Despalier.page.write=true it is written anew. */
    @Test
    void thePageIsOfTheseTables() throws Exception {
        Path page = DOCS.resolve("analysis-tables.md");
        if (Boolean.getBoolean("espalier.page.write")) {
            Files.writeString(page, AnalysisPage.text());
        }
        assertThat(Files.readString(page))
                .as("written anew with -Despalier.page.write=true")
                .isEqualTo(AnalysisPage.text());
    }

    /** What the page on analyses calls a table is one. */
    @Test
    void namesOnlyTablesThatThereAre() throws Exception {
        String page = AnalysisPage.text();
        String analysis = Files.readString(DOCS.resolve("analysis.md"));

        assertThat(
                        Pattern.compile("table `([a-z_]+)`|tables `([a-z_]+)` and `([a-z_]+)`")
                                .matcher(analysis)
                                .results()
                                .flatMap(
                                        m ->
                                                java.util.stream.IntStream.range(1, 4)
                                                        .mapToObj(m::group))
                                .filter(java.util.Objects::nonNull))
                .hasSizeGreaterThan(10)
                .allSatisfy(id -> assertThat(page).contains("### `" + id + "`\n"));
    }
}
