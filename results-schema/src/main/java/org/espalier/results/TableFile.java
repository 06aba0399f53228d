// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/**
 * Tables of texts and numbers as Parquet, one file each; unlike rows of cells they have no version.
 */
public final class TableFile {
    private TableFile() {}

    /** What values of a column are; any may be null. */
    public enum Type {
        /** String. */
        TEXT(Schema.Type.STRING),
        /** Long. */
        WHOLE(Schema.Type.LONG),
        /** Double. */
        NUMBER(Schema.Type.DOUBLE);

        private final Schema.Type type;

        Type(Schema.Type type) {
            this.type = type;
        }
    }

    /** A column. */
    public record Field(String name, String doc, Type type) {}

    /**
     * Writes a table; one that is there is replaced.
     *
     * @param file local
     * @param name of the table, a letter and then letters, digits and underscores
     * @param lines a value for each field
     */
    public static void write(
            Path file, String name, List<Field> fields, List<? extends List<?>> lines)
            throws IOException {
        List<Schema.Field> columns = new ArrayList<>();
        for (Field field : fields) {
            columns.add(
                    new Schema.Field(
                            field.name(),
                            Schema.createUnion(
                                    Schema.create(Schema.Type.NULL),
                                    Schema.create(field.type().type)),
                            field.doc(),
                            Schema.Field.NULL_VALUE));
        }
        Schema schema = Schema.createRecord(name, "", "org.espalier.table", false, columns);
        Configuration configuration = new Configuration(false);
        var path = new org.apache.hadoop.fs.Path(file.toAbsolutePath().toUri());
        path.getFileSystem(configuration).setWriteChecksum(false);
        try (var writer =
                AvroParquetWriter.<GenericRecord>builder(
                                HadoopOutputFile.fromPath(path, configuration))
                        .withSchema(schema)
                        .withDataModel(GenericData.get())
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                        .build()) {
            for (List<?> line : lines) {
                GenericRecordBuilder row = new GenericRecordBuilder(schema);
                for (int c = 0; c < line.size(); c++) {
                    row.set(fields.get(c).name(), line.get(c));
                }
                writer.write(row.build());
            }
        }
    }
}
