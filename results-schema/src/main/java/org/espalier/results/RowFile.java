// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.espalier.results.text.Text;

/**
 * One Parquet file of rows: standard three-level lists, zstd, a checksum on every page, and the
 * schema's version in the file's metadata. A reader trusts nothing: it takes the schema from here
 * and not from the file, compares the columns and checks the checksums.
 */
final class RowFile {

    /** Key in a file's metadata under which its schema version stands. */
    static final String VERSION_KEY = "espalier.schema.version";

    /** Key under which the digest of all that is before the footer stands. */
    static final String DIGEST_KEY = "espalier.rows.sha256";

    private static final Configuration SETTINGS = settings();

    /** Optional columns that files of this version, written before its release, may lack. */
    private static final Set<String> CAME_LATER = Set.of("predictions.labels");

    private static final MessageType COLUMNS =
            new AvroSchemaConverter(SETTINGS).convert(RowSchema.ROW);

    private RowFile() {}

    /** A writer of a new file. Closing it makes the file durable; until then it is torn. */
    static RowWriter create(Storage storage, Path file) throws IOException {
        RowDigest digest = new RowDigest();
        return new RowWriter(
                new Builder(digest.over(storage.output(file)), digest)
                        .withConf(SETTINGS)
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withPageWriteChecksumEnabled(true)
                        .build());
    }

    /**
     * A reader of all rows of a file, in order.
     *
     * @throws ResultsException if something else wrote the file, a later version did, or it is
     *     damaged; names the file
     * @throws FileNotFoundException if there is no such file
     */
    static RowReader<CellRow> open(Storage storage, Path file) throws IOException {
        return open(storage, file, RowSchema.PLAIN, CellRow.class);
    }

    /**
     * Checks that this program can read a file, and reads no rows.
     *
     * @throws ResultsException if something else wrote it, another version did, or its end is
     *     damaged; names the file
     */
    static void check(Storage storage, Path file) throws IOException {
        checkFooter(file, storage.input(file));
    }

    /** As {@link #open}, but of what an index holds of every row, and of no other column. */
    static RowReader<IndexEntry> openIndex(Storage storage, Path file) throws IOException {
        return open(storage, file, RowSchema.INDEX, IndexEntry.class);
    }

    private static <R extends Record> RowReader<R> open(
            Storage storage, Path file, Schema columns, Class<R> type) throws IOException {
        InputFile input = storage.input(file);
        String digest = checkFooter(file, input).get(DIGEST_KEY);
        if (digest != null && !RowDigest.matches(input, digest)) {
            throw unreadable(
                    file, "it is damaged: its bytes are not those that were written", null);
        }
        var settings = new Configuration(SETTINGS);
        AvroReadSupport.setAvroReadSchema(settings, columns);
        AvroReadSupport.setRequestedProjection(settings, columns);
        return new RowReader<>(
                file,
                type,
                AvroParquetReader.<GenericRecord>builder(input)
                        .withDataModel(GenericData.get())
                        .withConf(settings)
                        .usePageChecksumVerification(true)
                        .build());
    }

    /** What the footer says, if the file is one of this version's. */
    private static Map<String, String> checkFooter(Path file, InputFile input) throws IOException {
        if (input.getLength() == 0) {
            throw unreadable(file, "it is empty", null);
        }
        FileMetaData metadata;
        try (ParquetFileReader reader = ParquetFileReader.open(input)) {
            metadata = reader.getFooter().getFileMetaData();
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, "it is no Parquet file, or was cut short", e);
        }
        String version = metadata.getKeyValueMetaData().get(VERSION_KEY);
        if (version == null) {
            throw unreadable(
                    file, "something other than Espalier wrote it: it lacks " + VERSION_KEY, null);
        }
        if (!version.equals(Integer.toString(CellRow.SCHEMA_VERSION))) {
            throw unreadable(file, Text.of("it has %s", otherVersion(version)), null);
        }
        checkColumns(file, metadata.getSchema());
        return metadata.getKeyValueMetaData();
    }

    /** Who wrote and reads a file of another version; whoever finds one leaves it as it is. */
    private static String otherVersion(String version) {
        boolean earlier = version.equals("1");
        return Text.of(
                "schema version %s, which %s wrote and reads; this Espalier reads version %d, and has"
                        + " changed nothing",
                version, earlier ? "Espalier 0.1" : "a later Espalier", CellRow.SCHEMA_VERSION);
    }

    /** Whether a column is as expected, but for those that files of this version may lack. */
    private static boolean holds(Type found, Type expected) {
        if (found.equals(expected)) {
            return true;
        }
        if (found.isPrimitive()
                || expected.isPrimitive()
                || found.getRepetition() != expected.getRepetition()) {
            return false;
        }
        int there = 0;
        for (Type field : expected.asGroupType().getFields()) {
            if (found.asGroupType().containsField(field.getName())) {
                there++;
                if (!holds(found.asGroupType().getType(field.getName()), field)) {
                    return false;
                }
            } else if (!CAME_LATER.contains(expected.getName() + "." + field.getName())) {
                return false;
            }
        }
        return there == found.asGroupType().getFieldCount();
    }

    private static void checkColumns(Path file, MessageType columns) throws ResultsException {
        for (Type expected : COLUMNS.getFields()) {
            String name = expected.getName();
            if (!columns.containsField(name)) {
                throw unreadable(file, Text.of("column %s is missing", name), null);
            }
            if (!holds(columns.getType(name), expected)) {
                throw unreadable(
                        file,
                        Text.of(
                                "column %s is not the one of schema version %d",
                                name, CellRow.SCHEMA_VERSION),
                        null);
            }
        }
        if (columns.getFieldCount() != COLUMNS.getFieldCount()) {
            throw unreadable(
                    file,
                    Text.of(
                            "it has %d columns, and schema version %d has %d",
                            columns.getFieldCount(),
                            CellRow.SCHEMA_VERSION,
                            COLUMNS.getFieldCount()),
                    null);
        }
    }

    static ResultsException unreadable(Path file, String why, Exception cause) {
        return new ResultsException(Text.of("%s cannot be read as results: %s", file, why), cause);
    }

    /** Only what is set here counts, not what a cluster's files configure. */
    private static Configuration settings() {
        var settings = new Configuration(false);
        settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        settings.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
        return settings;
    }

    /**
     * What an index of a folder holds of a row; the records are parts of those of {@link CellRow}.
     */
    record IndexEntry(
            String cellId, CellRow.Status status, IndexedData condition, IndexedEngine identity) {

        static IndexEntry of(CellRow row) {
            return new IndexEntry(
                    row.cellId(),
                    row.status(),
                    new IndexedData(
                            row.condition().dataset(), row.condition().datasetFingerprint()),
                    new IndexedEngine(
                            row.identity().engine(),
                            row.identity().numerics(),
                            row.identity().science()));
        }

        RowOrigin origin() {
            return new RowOrigin(
                    condition.dataset,
                    condition.datasetFingerprint,
                    identity.engine,
                    identity.numerics,
                    identity.science);
        }
    }

    /** The data set of an indexed row. */
    record IndexedData(String dataset, String datasetFingerprint) {}

    /** The arithmetic of an indexed row. */
    record IndexedEngine(String engine, String numerics, String science) {}

    private static final class Builder extends ParquetWriter.Builder<GenericRecord, Builder> {
        private final RowDigest digest;

        Builder(OutputFile file, RowDigest digest) {
            super(file);
            this.digest = digest;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<GenericRecord> getWriteSupport(Configuration settings) {
            return new AvroWriteSupport<>(COLUMNS, RowSchema.ROW, GenericData.get()) {
                @Override
                public WriteContext init(Configuration configuration) {
                    WriteContext context = super.init(configuration);
                    var metadata = new HashMap<>(context.getExtraMetaData());
                    metadata.put(VERSION_KEY, Integer.toString(CellRow.SCHEMA_VERSION));
                    return new WriteContext(context.getSchema(), metadata);
                }

                /** Comes after the last page and before the footer. */
                @Override
                public FinalizedWriteContext finalizeWrite() {
                    return new FinalizedWriteContext(Map.of(DIGEST_KEY, digest.text()));
                }
            };
        }
    }
}
