// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * One column of a row.
 *
 * @param path names from the row down, joined by dots; through a list as through a record
 */
record Column(String path, Schema.Field field) {

    /** All columns, a record or list of records before those in it. */
    static List<Column> of(Schema record) {
        var columns = new ArrayList<Column>();
        collect(record, "", columns);
        return columns;
    }

    boolean nullable() {
        return field.schema().isNullable();
    }

    String doc() {
        return field.doc();
    }

    String unit() {
        return field.getProp("unit");
    }

    @Override
    public String toString() {
        return path;
    }

    /** As a reader of Parquet calls it: {@code list<list<long>>}. */
    String type() {
        return type(field.schema());
    }

    private static String type(Schema schema) {
        Schema value = RowSchema.withoutNull(schema);
        return switch (value.getType()) {
            case ARRAY -> "list<" + type(value.getElementType()) + ">";
            case RECORD -> "struct";
            default -> value.getType().getName();
        };
    }

    private static void collect(Schema record, String prefix, List<Column> into) {
        for (Schema.Field field : record.getFields()) {
            into.add(new Column(prefix + field.name(), field));
            Schema value = RowSchema.withoutNull(field.schema());
            while (value.getType() == Schema.Type.ARRAY) {
                value = value.getElementType();
            }
            if (value.getType() == Schema.Type.RECORD) {
                collect(value, prefix + field.name() + ".", into);
            }
        }
    }
}
