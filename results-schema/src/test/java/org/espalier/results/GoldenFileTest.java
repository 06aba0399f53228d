// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every version: one for each is kept, added and never written anew. That of version 2 is
 * what {@code espalier run cell-row-v2.yaml} wrote, the sweep beside it, on one slot; beside it are
 * its rows as JSON, an object a line, which {@code SampleRows} wrote.
 */
class GoldenFileTest {

    @Test
    void readsVersion2() throws Exception {
        String rows =
                SampleRows.all().stream()
                        .map(row -> RecordCodec.toAvro(row, RowSchema.ROW).toString() + "\n")
                        .collect(Collectors.joining());

        assertThat(rows).isEqualTo(text("cell-row-v2.json"));
    }

    /** Before labels stood beside predictions: the same rows, without them. */
    @Test
    void readsVersion2WithoutLabels() throws Exception {
        List<CellRow> rows = SampleRows.of("cell-row-v2-without-labels.parquet");

        assertThat(rows).hasSameSizeAs(SampleRows.all());
        assertThat(rows)
                .filteredOn(row -> row.dense() != null && row.dense().predictions() != null)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.dense().predictions().labels()).isEmpty());
        assertThat(SampleRows.all())
                .filteredOn(row -> row.dense() != null && row.dense().predictions() != null)
                .isNotEmpty()
                .allSatisfy(
                        row -> {
                            assertThat(row.dense().predictions().labels())
                                    .hasSameSizeAs(row.dense().predictions().classes());
                            assertThat(row.fineTuned().predictions().labels()).isEmpty();
                        });
    }

    /** Of every kind of row there is one. */
    @Test
    void holdsEveryKindOfRow() {
        assertThat(SampleRows.all())
                .extracting(row -> row.condition().control())
                .contains("fine-tuned", "trained-as-long", "other-order", null);
        assertThat(SampleRows.all())
                .extracting(CellRow::task)
                .contains("classification", "regression");
        assertThat(SampleRows.all())
                .anyMatch(row -> row.status() == CellRow.Status.FAILED && row.dense() != null)
                .anyMatch(row -> row.dense().flipped() != null)
                .anyMatch(row -> row.dense().predictions() != null)
                .anyMatch(row -> row.dense().train() == null);
    }

    /** Version 1 is told from damage, and left as it is. */
    @Test
    void refusesAFolderOfVersion1(@TempDir Path folder) throws Exception {
        assertRefused(
                folder, bytes("cell-row-v1.parquet"), "1", "which Espalier 0.1 wrote and reads");
    }

    @Test
    void refusesAFolderOfALaterVersion(@TempDir Path folder) throws Exception {
        byte[] later = bytes("cell-row-v2.parquet");
        byte[] key = RowFile.VERSION_KEY.getBytes(StandardCharsets.US_ASCII);
        int at = new String(later, StandardCharsets.ISO_8859_1).lastIndexOf(RowFile.VERSION_KEY);
        int version = at + key.length;
        while (later[version] != '2') { // behind the key, its field and its length
            version++;
        }
        later[version] = '3';

        assertRefused(folder, later, "3", "which a later Espalier wrote and reads");
    }

    private static void assertRefused(Path folder, byte[] file, String version, String who)
            throws Exception {
        Path results = Files.createDirectories(folder.resolve("results"));
        Files.write(results.resolve("rows-00000001.parquet"), file);
        Files.writeString(results.resolve("_rows-00000002.tmp"), "unfinished");
        Files.writeString(folder.resolve("sweep.yaml"), "name: old");
        Map<String, String> before = contents(folder);
        var path = new org.apache.hadoop.fs.Path(folder.toUri());
        String message =
                "%s/results/rows-00000001.parquet cannot be read as results: it has schema"
                        + " version %s, %s; this Espalier reads version 2, and has changed nothing";

        assertThatThrownBy(() -> ResultsFolder.open(path, new Configuration(false)))
                .isInstanceOf(ResultsException.class)
                .hasMessage(
                        org.espalier.results.text.Text.of(
                                message, path.toString().replaceAll("/$", ""), version, who));
        assertThatThrownBy(() -> ResultsFolder.read(path, new Configuration(false)))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("it has schema version " + version);
        assertThat(contents(folder)).isEqualTo(before);
    }

    /** Every file by its path, as text of its bytes. */
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static String text(String resource) throws IOException {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = GoldenFileTest.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }
}
