// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.Path;

/**
 * Rows that came from running cells: those of the golden file, and the same under other names. Rows
 * written by hand would say what their author believes of rows.
 */
public final class SampleRows {
    private static final List<CellRow> GOLDEN = read();

    private SampleRows() {}

    /** The golden rows: pruned, controls of every kind, a regression, a cell that diverged. */
    static List<CellRow> all() {
        return GOLDEN;
    }

    /** The first golden row that is as it is asked to be. */
    static CellRow first(Predicate<CellRow> asked) {
        return GOLDEN.stream().filter(asked).findFirst().orElseThrow();
    }

    /** A complete row of a pruned network on classes. */
    static CellRow completed(String cell, long seed) {
        CellRow row =
                first(
                        r ->
                                r.status() == CellRow.Status.COMPLETED
                                        && r.condition().control() == null
                                        && r.network().classes() != null);
        return changed(
                row,
                avro -> {
                    avro.put("cell_id", cell);
                    avro.put("seed", seed);
                });
    }

    /** A row of a cell that failed. */
    static CellRow failed(String cell) {
        return changed(
                first(r -> r.status() == CellRow.Status.FAILED), avro -> avro.put("cell_id", cell));
    }

    /** A row with some of its columns changed. */
    static CellRow changed(CellRow row, Consumer<GenericRecord> change) {
        GenericRecord avro = RecordCodec.toAvro(row, RowSchema.ROW);
        change.accept(avro);
        return RecordCodec.fromAvro(avro, CellRow.class);
    }

    static Path file(String name) {
        URL file = SampleRows.class.getResource(name);
        try {
            return new Path(file.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<CellRow> read() {
        return of("cell-row-v2.parquet");
    }

    /** Rows of a file beside this class. */
    static List<CellRow> of(String name) {
        var rows = new ArrayList<CellRow>();
        try (var reader = RowFile.open(new LocalStorage(), file(name))) {
            for (CellRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(rows);
    }

    /** Writes the golden rows as JSON, an object a line, to the file that is named. */
    public static void main(String[] arguments) throws IOException {
        StringBuilder text = new StringBuilder();
        all().forEach(row -> text.append(RecordCodec.toAvro(row, RowSchema.ROW)).append('\n'));
        Files.writeString(java.nio.file.Path.of(arguments[0]), text);
    }
}
