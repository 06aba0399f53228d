// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Rows with random values in every column, nulls wherever the schema allows them. */
final class RandomRows {
    private static final List<Double> SPECIAL =
            List.of(
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    -0.0,
                    Double.MIN_VALUE,
                    Double.MAX_VALUE);
    private static final List<String> TEXTS =
            List.of("", " ", "null", "'; --", "\u00e4\u00df\u4e2d\ud83c\udf32", "a\n\tb", "a,b");

    private RandomRows() {}

    static List<CellRow> rows(long seed, int count) {
        var random = new SplittableRandom(seed);
        var rows = new ArrayList<CellRow>();
        for (int i = 0; i < count; i++) {
            var row = (GenericRecord) value(RowSchema.ROW, random);
            row.put("cell_id", "seed" + seed + "-" + i);
            row.put("status", random.nextBoolean() ? "FAILED" : "COMPLETED");
            Schema failure = RowSchema.ROW.getField("failure").schema();
            boolean failed = row.get("status").toString().equals("FAILED");
            row.put("failure", failed ? value(failure.getTypes().get(1), random) : null);
            rows.add(RecordCodec.fromAvro(row, CellRow.class));
        }
        return rows;
    }

    private static Object value(Schema schema, SplittableRandom random) {
        return switch (schema.getType()) {
            case UNION ->
                    random.nextInt(4) == 0 ? null : value(RowSchema.withoutNull(schema), random);
            case RECORD -> {
                var record = new GenericData.Record(schema);
                schema.getFields().forEach(f -> record.put(f.pos(), value(f.schema(), random)));
                yield record;
            }
            case ARRAY -> {
                var list = new ArrayList<Object>();
                for (int left = random.nextInt(4); left > 0; left--) {
                    list.add(value(schema.getElementType(), random));
                }
                yield list;
            }
            case STRING ->
                    random.nextBoolean()
                            ? TEXTS.get(random.nextInt(TEXTS.size()))
                            : "t" + random.nextInt();
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case DOUBLE ->
                    random.nextInt(5) == 0
                            ? SPECIAL.get(random.nextInt(SPECIAL.size()))
                            : random.nextDouble(-1e3, 1e3);
            case BOOLEAN -> random.nextBoolean();
            default -> throw new AssertionError(schema);
        };
    }
}
