// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetWriter;
import org.espalier.results.text.Text;

/** Writes rows to one file. */
final class RowWriter implements AutoCloseable {
    private final ParquetWriter<GenericRecord> rows;

    RowWriter(ParquetWriter<GenericRecord> rows) {
        this.rows = rows;
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if a component is null that the schema wants; names the cell
     */
    void write(CellRow row) throws IOException {
        rows.write(toAvro(row));
    }

    /** Refuses what {@link #write} would refuse. */
    static void check(CellRow row) {
        toAvro(row);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static GenericRecord toAvro(CellRow row) {
        try {
            return RecordCodec.toAvro(row, RowSchema.ROW);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Text.of("cell %s: %s", row.cellId(), e.getMessage()), e);
        }
    }
}
