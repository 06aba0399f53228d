// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the record and the schema together, so that neither changes alone. */
class RowSchemaTest {
    private static final Set<String> UNITS =
            Set.of(
                    "1",
                    "count",
                    "fraction",
                    "ms since epoch",
                    "nats or squared target units",
                    "none",
                    "s",
                    "text",
                    "units of the method's score",
                    "fraction or target units",
                    "1/255");

    private static final Map<Class<?>, Schema.Type> PRIMITIVES =
            Map.of(
                    int.class, Schema.Type.INT,
                    long.class, Schema.Type.LONG,
                    double.class, Schema.Type.DOUBLE,
                    boolean.class, Schema.Type.BOOLEAN);

    private static final Map<Class<?>, Schema.Type> OBJECTS =
            Map.of(
                    Integer.class, Schema.Type.INT,
                    Long.class, Schema.Type.LONG,
                    Double.class, Schema.Type.DOUBLE,
                    Boolean.class, Schema.Type.BOOLEAN,
                    String.class, Schema.Type.STRING);

    @Test
    void matchesTheRecordComponentForComponent() {
        var problems = new ArrayList<String>();

        compareRecord(CellRow.class, RowSchema.ROW, "", problems);

        assertThat(problems).isEmpty();
    }

    /** The comparison itself notices a field too few, another order, and another type. */
    @Test
    void comparisonNoticesDrift() {
        record Layer(String layer, long weights) {}
        record Swapped(long weights, String layer) {}
        record Other(String layer, int weights) {}
        record Boxed(String layer, Long weights) {}
        record More(String layer, long weights, long more) {}
        Schema schema =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "Layer", "fields": [
                                 {"name": "layer", "type": "string"},
                                 {"name": "weights", "type": "long"}]}""");

        assertThat(problems(Layer.class, schema)).isEmpty();
        for (Class<?> drifted : List.of(Swapped.class, Other.class, Boxed.class, More.class)) {
            assertThat(problems(drifted, schema)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("columns")
    void everyFieldSaysWhatItIsInWhichUnitAndWhenItIsNull(Column column) {
        assertThat(column.doc()).hasSizeGreaterThan(20).endsWith(".");
        assertThat(column.unit()).isIn(UNITS);
        if (column.nullable()) {
            assertThat(column.doc()).contains("Null ").doesNotContain("Never null");
        } else {
            assertThat(column.doc()).endsWith("Never null.");
        }
        boolean cameLater = column.path().endsWith(".predictions.labels"); // some files lack it
        assertThat(column.field().hasDefaultValue()).isEqualTo(column.nullable() || cameLater);
    }

    /** The record has 27 components. */
    @Test
    void listsNestedColumnsUnderTheirPath() {
        List<String> paths = columns().stream().map(Column::path).toList();

        assertThat(paths).doesNotHaveDuplicates();
        assertThat(paths.stream().filter(path -> !path.contains("."))).hasSize(27);
        assertThat(paths)
                .contains(
                        "cell_id",
                        "condition.method",
                        "fine_tuned.test_clean.confusion",
                        "sparsity.layers.asked_pruned",
                        "curve.validation_loss",
                        "events.instability");
    }

    @Test
    void refusesNullWhereTheSchemaWantsAValue() {
        CellRow row = SampleRows.completed("c1", 1);
        var holed =
                new CellRow.CurvePoint(
                        null, 0, 1, 0.1, 0.5, null, null, null, 0.5, null,
                        1); // the phase is never null
        assertThatThrownBy(() -> RecordCodec.toAvro(holed, column("curve")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("phase is null, and the schema of results wants a value");
        assertThat(RecordCodec.toAvro(row, RowSchema.ROW).get("cell_id")).isEqualTo("c1");
    }

    @Test
    void aValueThatTheRecordRefusesKeepsItsMessage() {
        var completed = RecordCodec.toAvro(SampleRows.completed("c1", 1), RowSchema.ROW);
        var failed = RecordCodec.toAvro(SampleRows.failed("c2"), RowSchema.ROW);
        completed.put("failure", failed.get("failure"));

        assertThatThrownBy(() -> RecordCodec.fromAvro(completed, CellRow.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cell c1 is COMPLETED with failure Failure[");
    }

    static List<Column> columns() {
        return Column.of(RowSchema.ROW);
    }

    private static Schema column(String name) {
        return RowSchema.ROW.getField(name).schema().getElementType();
    }

    private static List<String> problems(Class<?> type, Schema schema) {
        var problems = new ArrayList<String>();
        compareRecord(type, schema, "", problems);
        return problems;
    }

    private static void compareRecord(
            Class<?> type, Schema schema, String path, List<String> problems) {
        List<String> components =
                Arrays.stream(type.getRecordComponents())
                        .map(component -> RecordCodec.snakeCase(component.getName()))
                        .toList();
        List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
        if (!components.equals(fields)) {
            problems.add(Text.of("%s: record has %s, schema has %s", path, components, fields));
            return;
        }
        if (!type.getSimpleName().equals(schema.getName())) {
            problems.add(Text.of("%s: %s is called %s", path, type, schema.getName()));
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String name = RecordCodec.snakeCase(component.getName());
            compare(
                    component.getGenericType(),
                    schema.getField(name).schema(),
                    path + "/" + name,
                    problems);
        }
    }

    private static void compare(Type java, Schema schema, String path, List<String> problems) {
        Schema value = RowSchema.withoutNull(schema);
        if (java instanceof ParameterizedType list) {
            expect(Schema.Type.ARRAY, schema, path, problems);
            if (list.getRawType() != List.class) {
                problems.add(path + ": no list: " + list);
            } else if (schema.getType() == Schema.Type.ARRAY) {
                compareElement(
                        list.getActualTypeArguments()[0], schema.getElementType(), path, problems);
            }
        } else if (PRIMITIVES.containsKey(java)) {
            expect(PRIMITIVES.get(java), schema, path, problems);
        } else if (((Class<?>) java).isRecord()) {
            expect(Schema.Type.RECORD, value, path, problems);
            compareRecord((Class<?>) java, value, path, problems);
        } else if (((Class<?>) java).isEnum()) {
            expect(Schema.Type.STRING, value, path, problems); // text for every reader
        } else {
            expect(OBJECTS.get(java), value, path, problems);
            if (java != String.class && !schema.isNullable()) {
                problems.add(path + ": boxed in the record, never null in the schema");
            }
        }
    }

    /** Elements are objects in Java and never null in the schema. */
    private static void compareElement(
            Type java, Schema schema, String path, List<String> problems) {
        if (OBJECTS.containsKey(java)) {
            expect(OBJECTS.get(java), schema, path, problems);
        } else {
            compare(java, schema, path, problems);
        }
    }

    private static void expect(
            Schema.Type expected, Schema schema, String path, List<String> problems) {
        if (schema.getType() != expected) {
            problems.add(Text.of("%s: expected %s, got %s", path, expected, schema));
        }
    }
}
