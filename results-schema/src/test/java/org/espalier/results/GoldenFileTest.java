// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Files that earlier versions wrote stay readable for ever: one for each version of the schema is
 * kept, added and never written anew.
 */
class GoldenFileTest {

    @Test
    void readsVersion1() throws Exception {
        var rows = new ArrayList<CellRow>();
        try (var reader = RowFile.open(new LocalStorage(), golden())) {
            for (CellRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }

        assertThat(rows).isEqualTo(SampleRows.all());
    }

    private static org.apache.hadoop.fs.Path golden() throws Exception {
        URL file = GoldenFileTest.class.getResource("cell-row-v1.parquet");
        assertThat(file).isNotNull();
        return new org.apache.hadoop.fs.Path(file.toURI());
    }

    /** Wrote the golden file of this version: {@code GoldenFileTest FILE}. It replaces nothing. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(file.getParent());
        try (RowWriter writer =
                RowFile.create(new LocalStorage(), new org.apache.hadoop.fs.Path(file.toUri()))) {
            for (CellRow row : SampleRows.all()) {
                writer.write(row);
            }
        }
    }
}
