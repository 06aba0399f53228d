// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reader that has no code of ours sees every column as it was written. */
class DuckDbTest {
    private static final Storage STORAGE = new LocalStorage();

    @TempDir Path folder;

    @Test
    void seesEveryColumnOfTheSamples() throws Exception {
        assertSeen(SampleRows.all());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void seesEveryColumnOfRandomRows(long seed) throws Exception {
        assertSeen(RandomRows.rows(seed, 3));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 15);
    }

    /** Together the rows of one seed have a value in every column; nothing is compared in vain. */
    @Test
    void comparesEveryColumnWithAValue() throws Exception {
        Set<String> seen = assertSeen(RandomRows.rows(1, 30));

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        Column.of(RowSchema.ROW).stream().map(Column::path).toList());
    }

    @Test
    void seesTheTypesOfTheSchema() throws Exception {
        write(SampleRows.all());

        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet columns =
                        duck.createStatement().executeQuery("DESCRIBE SELECT * FROM " + source())) {
            for (Schema.Field field : RowSchema.ROW.getFields()) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("column_name")).isEqualTo(field.name());
                assertThat(columns.getString("column_type").replace("\"", ""))
                        .isEqualTo(type(field.schema()));
            }
            assertThat(columns.next()).isFalse();
        }
    }

    /** Paths of the columns in which a value was compared. */
    private Set<String> assertSeen(List<CellRow> rows) throws Exception {
        write(rows);
        var seen = new HashSet<String>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet found =
                        duck.createStatement().executeQuery("SELECT * FROM " + source())) {
            for (CellRow row : rows) {
                assertThat(found.next()).isTrue();
                for (RecordComponent component : CellRow.class.getRecordComponents()) {
                    String column = snake(component.getName());
                    compare(value(component, row), found.getObject(column), column, seen);
                }
            }
            assertThat(found.next()).isFalse();
        }
        return seen;
    }

    private static void compare(Object expected, Object found, String path, Set<String> seen)
            throws SQLException {
        if (expected == null) {
            assertThat(found).as(path).isNull();
            return;
        }
        seen.add(path);
        if (expected instanceof Record record) {
            Object[] values = ((Struct) found).getAttributes();
            RecordComponent[] components = record.getClass().getRecordComponents();
            assertThat(values).as(path).hasSameSizeAs(components);
            for (int i = 0; i < components.length; i++) {
                String name = path + "." + snake(components[i].getName());
                compare(value(components[i], record), values[i], name, seen);
            }
        } else if (expected instanceof List<?> list) {
            Object[] values = (Object[]) ((Array) found).getArray();
            assertThat(values).as(path).hasSameSizeAs(list);
            for (int i = 0; i < values.length; i++) {
                compare(list.get(i), values[i], path, seen);
            }
        } else if (expected instanceof Enum<?> constant) {
            assertThat(found).as(path).isEqualTo(constant.name());
        } else {
            assertThat(found).as(path).isEqualTo(expected);
        }
    }

    private static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Written apart from the codec's, which is under test. */
    private static String snake(String camel) {
        return camel.chars()
                .mapToObj(
                        c ->
                                Character.isUpperCase(c)
                                        ? "_" + (char) Character.toLowerCase(c)
                                        : "" + (char) c)
                .collect(Collectors.joining());
    }

    private static String type(Schema schema) {
        Schema value = RowSchema.withoutNull(schema);
        return switch (value.getType()) {
            case RECORD ->
                    value.getFields().stream()
                            .map(field -> field.name() + " " + type(field.schema()))
                            .collect(Collectors.joining(", ", "STRUCT(", ")"));
            case ARRAY -> type(value.getElementType()) + "[]";
            case INT -> "INTEGER";
            case LONG -> "BIGINT";
            case DOUBLE -> "DOUBLE";
            case BOOLEAN -> "BOOLEAN";
            case STRING -> "VARCHAR";
            default -> throw new AssertionError(schema);
        };
    }

    private String source() {
        return "read_parquet('" + folder.resolve("rows.parquet") + "')";
    }

    private void write(List<CellRow> rows) throws IOException {
        var file = new org.apache.hadoop.fs.Path(folder.resolve("rows.parquet").toUri());
        try (RowWriter writer = RowFile.create(STORAGE, file)) {
            for (CellRow row : rows) {
                writer.write(row);
            }
        }
    }
}
