// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The Avro schema of a row, version {@link CellRow#SCHEMA_VERSION}. Every field has a doc that says
 * when it is null, and a property {@code unit}.
 */
final class RowSchema {

    /** What the file beside this class says. */
    static final Schema ROW = load("cell-row-v" + CellRow.SCHEMA_VERSION + ".avsc");

    /** {@link #ROW} without docs and units, which is much less to parse for every file. */
    static final Schema PLAIN = new Schema.Parser().parse(SchemaNormalization.toParsingForm(ROW));

    /** Only what an index of a folder needs: id, status, and what the numbers rest on. */
    static final Schema INDEX =
            pick(
                    PLAIN,
                    Map.of(
                            "cell_id",
                            List.of(),
                            "status",
                            List.of(),
                            "condition",
                            List.of("dataset", "dataset_fingerprint"),
                            "identity",
                            List.of("engine", "numerics", "science")));

    private RowSchema() {}

    /** The schema of a value that may be null, or the schema itself. */
    static Schema withoutNull(Schema schema) {
        return schema.isNullable() ? schema.getTypes().get(1) : schema;
    }

    private static Schema load(String resource) {
        try (InputStream in = RowSchema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record with some of its fields; of those that are records, with some of theirs. */
    private static Schema pick(Schema record, Map<String, List<String>> names) {
        List<Schema.Field> fields =
                record.getFields().stream()
                        .filter(field -> names.containsKey(field.name()))
                        .map(field -> picked(field, names.get(field.name())))
                        .toList();
        return Schema.createRecord(record.getName(), null, record.getNamespace(), false, fields);
    }

    private static Schema.Field picked(Schema.Field field, List<String> below) {
        Map<String, List<String>> names = new HashMap<>();
        below.forEach(name -> names.put(name, List.of()));
        return new Schema.Field(
                field, below.isEmpty() ? field.schema() : pick(field.schema(), names));
    }
}
