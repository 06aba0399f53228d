// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetReader;

/** Reads rows, or some columns of them, from one file. */
final class RowReader<R extends Record> implements AutoCloseable {
    private final Path file;
    private final Class<R> type;
    private final ParquetReader<GenericRecord> rows;

    RowReader(Path file, Class<R> type, ParquetReader<GenericRecord> rows) {
        this.file = file;
        this.type = type;
        this.rows = rows;
    }

    /**
     * The next row, or null behind the last one.
     *
     * @throws ResultsException if the file is damaged
     * @throws FileNotFoundException if it was removed meanwhile
     */
    R next() throws IOException {
        try {
            GenericRecord record = rows.read();
            return record == null ? null : RecordCodec.fromAvro(record, type);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw RowFile.unreadable(file, "it is damaged: " + reason(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** The innermost message: Parquet wraps what happened in where it happened. */
    private static String reason(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
