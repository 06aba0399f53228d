// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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

    /** Only what an index of a folder needs: id and status. */
    static final Schema INDEX = pick(List.of("cell_id", "status"));

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

    private static Schema pick(List<String> names) {
        List<Schema.Field> fields =
                PLAIN.getFields().stream()
                        .filter(field -> names.contains(field.name()))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList();
        return Schema.createRecord(ROW.getName(), null, ROW.getNamespace(), false, fields);
    }
}
