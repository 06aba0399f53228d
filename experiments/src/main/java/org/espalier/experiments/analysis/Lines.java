// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A table in the making: values are put by the names of their columns. */
final class Lines {
    private final String id;
    private final String title;
    private final int keys;
    private final List<Column> columns;
    private final List<Map<String, Object>> lines = new ArrayList<>();

    Lines(String id, String title, List<Column> keys, List<Column> values) {
        this.id = id;
        this.title = title;
        this.keys = keys.size();
        columns = new ArrayList<>(keys);
        columns.addAll(values);
    }

    /** A new line. */
    Line line(List<Object> keyValues) {
        Map<String, Object> line = new HashMap<>();
        for (int i = 0; i < keyValues.size(); i++) {
            line.put(columns.get(i).name(), keyValues.get(i));
        }
        lines.add(line);
        return new Line(line);
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Finite values of a column, by line; NaN where there is none. */
    double[] numbers(String column) {
        return lines.stream()
                .mapToDouble(l -> l.get(column) instanceof Double d ? d : Double.NaN)
                .toArray();
    }

    void put(int line, String column, Object value) {
        new Line(lines.get(line)).put(column, value);
    }

    Table table() {
        List<List<Object>> values = new ArrayList<>();
        for (Map<String, Object> line : lines) {
            List<Object> row = new ArrayList<>();
            columns.forEach(c -> row.add(line.get(c.name())));
            values.add(row);
        }
        return new Table(id, title, keys, columns, values);
    }

    /** One line of the table. */
    final class Line {
        private final Map<String, Object> values;

        private Line(Map<String, Object> values) {
            this.values = values;
        }

        Column.Kind kind(String column) {
            return columns.stream()
                    .filter(c -> c.name().equals(column))
                    .findFirst()
                    .orElseThrow()
                    .kind();
        }

        Line put(String column, Object value) {
            if (columns.stream().noneMatch(c -> c.name().equals(column))) {
                throw new IllegalArgumentException("table " + id + " has no column " + column);
            }
            values.put(column, value instanceof Integer whole ? Long.valueOf(whole) : value);
            return this;
        }
    }
}
