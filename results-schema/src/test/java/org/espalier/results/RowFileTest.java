// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowFileTest {
    private static final Storage STORAGE = new LocalStorage();

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("rows.parquet");
    }

    @Test
    void keepsCompletedAndFailedRows() throws IOException {
        write(SampleRows.all());

        assertThat(read()).isEqualTo(SampleRows.all());
    }

    @Test
    void keepsNoRows() throws IOException {
        write(List.of());

        assertThat(read()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void keepsRandomRows(long seed) throws IOException {
        List<CellRow> rows = RandomRows.rows(seed, 5);

        write(rows);

        assertThat(read()).isEqualTo(rows);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    @Test
    void readsTheIndexAlone() throws IOException {
        write(SampleRows.all());

        try (var reader = RowFile.openIndex(STORAGE, hadoop())) {
            for (CellRow row : SampleRows.all()) {
                assertThat(reader.next()).isEqualTo(RowFile.IndexEntry.of(row));
            }
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void writesThreeLevelListsWithZstdAndItsVersion() throws IOException {
        write(SampleRows.all());

        ParquetMetadata footer = footer();

        // Types are compared, not their text: Parquet writes it in the letters of the locale.
        MessageType schema = footer.getFileMetaData().getSchema();
        assertThat(schema.getType("identity", "stages"))
                .isEqualTo(
                        Types.requiredList()
                                .requiredElement(PrimitiveTypeName.BINARY)
                                .as(LogicalTypeAnnotation.stringType())
                                .named("stages"));
        assertThat(schema.getType("fine_tuned", "test", "confusion"))
                .isEqualTo(
                        Types.requiredList()
                                .requiredListElement()
                                .requiredElement(PrimitiveTypeName.INT64)
                                .named("confusion"));
        assertThat(footer.getFileMetaData().getKeyValueMetaData())
                .containsEntry("espalier.schema.version", "2");
        assertThat(footer.getBlocks())
                .allSatisfy(
                        block ->
                                assertThat(block.getColumns())
                                        .allSatisfy(
                                                column ->
                                                        assertThat(column.getCodec())
                                                                .isEqualTo(
                                                                        CompressionCodecName
                                                                                .ZSTD)));
    }

    @Test
    void neverOverwrites() throws IOException {
        write(SampleRows.all());

        assertThatThrownBy(() -> write(List.of())).isInstanceOf(IOException.class);
        assertThat(read()).hasSize(SampleRows.all().size());
    }

    @Test
    void refusesARowWithAHole() throws IOException {
        CellRow row = SampleRows.failed("c9");
        var holed = RecordCodec.toAvro(row, RowSchema.ROW);
        ((GenericRecord) holed.get("condition")).put("method", null);

        assertThatThrownBy(() -> write(List.of(RecordCodec.fromAvro(holed, CellRow.class))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "cell c9: condition.method is null, and the schema of results wants a"
                                + " value");
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(this::read)
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining(file + " does not exist");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Files.createFile(file);

        assertRefused("it is empty");
    }

    @Test
    void refusesAnErrorPage() throws IOException {
        Files.writeString(file, "<!DOCTYPE html><html><body>404 Not Found</body></html>");

        assertRefused("it is no Parquet file, or was cut short");
    }

    /** Every length near both ends, and some between: a torn file is never read in part. */
    @Test
    void refusesATruncatedFile() throws IOException {
        write(SampleRows.all());
        byte[] whole = Files.readAllBytes(file);

        for (int length = 1; length < whole.length; length += length < 20 ? 1 : 1009) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertRefused("it is no Parquet file, or was cut short");
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertRefused("it is no Parquet file, or was cut short");
    }

    /** A flipped bit ends in a message, or where nothing depends on it in the same rows. */
    @Test
    void neverReadsOtherRowsFromADamagedFile() throws IOException {
        write(SampleRows.all());
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;

        for (int position = 4; position < whole.length; position += 397) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 0x10;
            Files.write(file, damaged);
            try {
                assertThat(read()).as("bit flipped at %d", position).isEqualTo(SampleRows.all());
            } catch (ResultsException e) {
                assertThat(e).hasMessageStartingWith(prefix());
                refused++;
            }
        }

        assertThat(refused).isPositive();
    }

    @Test
    void refusesAFileOfSomethingElse() throws IOException {
        Schema other =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "Taxi",
                                 "fields": [{"name": "fare", "type": "double"}]}""");
        writeForeign(other, null);

        assertRefused("something other than Espalier wrote it: it lacks espalier.schema.version");
    }

    @Test
    void refusesALaterVersion() throws IOException {
        writeForeign(RowSchema.ROW, "3");

        assertRefused(
                "it has schema version 3, which a later Espalier wrote and reads; this Espalier reads"
                        + " version 2, and has changed nothing");
    }

    @Test
    void refusesAVersionThatIsNoNumber() throws IOException {
        writeForeign(RowSchema.ROW, "new");

        assertRefused(
                "it has schema version new, which a later Espalier wrote and reads; this Espalier reads"
                        + " version 2, and has changed nothing");
    }

    @Test
    void refusesOtherColumnsUnderOurVersion() throws IOException {
        writeForeign(RowSchema.INDEX, "2");

        assertRefused("column schema_version is missing");
    }

    @Test
    void refusesAColumnOfAnotherType() throws IOException {
        String text = RowSchema.ROW.toString();
        String changed =
                text.replace(
                        "{\"name\":\"attempt\",\"type\":\"int\"",
                        "{\"name\":\"attempt\",\"type\":\"long\"");
        assertThat(changed).isNotEqualTo(text);
        writeForeign(new Schema.Parser().parse(changed), "2");

        assertRefused("column attempt is not the one of schema version 2");
    }

    /**
     * 10,000 samples of ten classes at random, three networks and the labels: at most 60 KB a row,
     * before compression. Dictionaries make 4 bits of a class and 8 of a confidence.
     */
    @Test
    void predictionsOfTenThousandSamplesTakeAtMost60KilobytesARow() throws IOException {
        Random random = new Random(1);
        List<CellRow> rows = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            rows.add(
                    SampleRows.changed(
                            SampleRows.completed("c" + n, n),
                            avro -> {
                                for (String network : List.of("dense", "pruned", "fine_tuned")) {
                                    predict(
                                            (GenericRecord) avro.get(network),
                                            network.equals("dense"),
                                            random);
                                }
                            }));
        }
        write(rows);

        long bytes =
                footer().getBlocks().stream()
                        .flatMap(block -> block.getColumns().stream())
                        .filter(column -> column.getPath().toDotString().contains("predictions"))
                        .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
                        .sum();

        assertThat(read()).isEqualTo(rows);
        assertThat(bytes / rows.size()).isBetween(40_000L, 60_000L);
    }

    private static void predict(GenericRecord evaluation, boolean labelled, Random random) {
        Schema type = evaluation.getSchema().getField("predictions").schema().getTypes().get(1);
        GenericRecord predictions = new GenericData.Record(type);
        predictions.put("classes", random.ints(10_000, 0, 10).boxed().toList());
        predictions.put("confidences", random.ints(10_000, 26, 256).boxed().toList());
        predictions.put(
                "labels", labelled ? random.ints(10_000, 0, 10).boxed().toList() : List.of());
        evaluation.put("predictions", predictions);
    }

    @Test
    void refusesMoreColumns() throws IOException {
        var fields = new ArrayList<Schema.Field>();
        RowSchema.ROW.getFields().forEach(f -> fields.add(new Schema.Field(f, f.schema())));
        fields.add(new Schema.Field("more", Schema.create(Schema.Type.INT)));
        writeForeign(
                Schema.createRecord("CellRow", "", "org.espalier.results", false, fields), "2");

        assertRefused("it has 28 columns, and schema version 2 has 27");
    }

    private void write(List<CellRow> rows) throws IOException {
        try (RowWriter writer = RowFile.create(STORAGE, hadoop())) {
            for (CellRow row : rows) {
                writer.write(row);
            }
        }
    }

    private List<CellRow> read() throws IOException {
        var rows = new ArrayList<CellRow>();
        try (var reader = RowFile.open(STORAGE, hadoop())) {
            for (CellRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private void assertRefused(String why) {
        assertThatThrownBy(this::read)
                .isInstanceOf(ResultsException.class)
                .hasMessage(prefix() + why);
    }

    private String prefix() {
        return hadoop() + " cannot be read as results: ";
    }

    private org.apache.hadoop.fs.Path hadoop() {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }

    private ParquetMetadata footer() throws IOException {
        try (var reader = ParquetFileReader.open(STORAGE.input(hadoop()))) {
            return reader.getFooter();
        }
    }

    /** A Parquet file without rows. */
    private void writeForeign(Schema schema, String version) throws IOException {
        var settings = new Configuration(false);
        settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        new ForeignBuilder(schema, version).withConf(settings).build().close();
    }

    private final class ForeignBuilder
            extends ParquetWriter.Builder<GenericRecord, ForeignBuilder> {
        private final Schema schema;
        private final String version;

        ForeignBuilder(Schema schema, String version) {
            super(STORAGE.output(hadoop()));
            this.schema = schema;
            this.version = version;
        }

        @Override
        protected ForeignBuilder self() {
            return this;
        }

        @Override
        protected WriteSupport<GenericRecord> getWriteSupport(Configuration settings) {
            var columns = new org.apache.parquet.avro.AvroSchemaConverter(settings).convert(schema);
            return new AvroWriteSupport<>(columns, schema, GenericData.get()) {
                @Override
                public WriteContext init(Configuration configuration) {
                    WriteContext context = super.init(configuration);
                    var metadata = new java.util.HashMap<>(context.getExtraMetaData());
                    if (version != null) {
                        metadata.put(RowFile.VERSION_KEY, version);
                    }
                    return new WriteContext(context.getSchema(), metadata);
                }
            };
        }
    }
}
