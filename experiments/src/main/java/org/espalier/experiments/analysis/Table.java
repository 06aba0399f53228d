// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.results.text.Text;

/**
 * Numbers with names, one line for each thing that is told apart.
 *
 * @param id file name without its ending
 * @param title for people
 * @param keys how many columns, from the first, say what a line is about
 * @param columns their names differ
 * @param lines a value for each column: String, Long or Double; null where there is none
 */
public record Table(
        String id, String title, int keys, List<Column> columns, List<List<Object>> lines) {
    private static final int SHORT = 20;

    public Table {
        columns = List.copyOf(columns);
        lines = lines.stream().map(Table::copy).toList();
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("two columns are called " + column.name());
            }
        }
        for (List<Object> line : lines) {
            if (line.size() != columns.size()) {
                throw new IllegalArgumentException(
                        Text.of(
                                "table %s: expected %d values, got %d",
                                id, columns.size(), line.size()));
            }
            for (int c = 0; c < line.size(); c++) {
                require(columns.get(c), line.get(c));
            }
        }
    }

    private static List<Object> copy(List<Object> line) {
        List<Object> values = new ArrayList<>();
        for (Object value : line) { // a number that does not exist is none
            boolean none = value instanceof Double number && number.isNaN();
            values.add(none ? null : value instanceof Integer whole ? Long.valueOf(whole) : value);
        }
        return Collections.unmodifiableList(values);
    }

    private static void require(Column column, Object value) {
        Class<?> expected =
                switch (column.kind()) {
                    case TEXT -> String.class;
                    case COUNT -> Long.class;
                    case NUMBER, AMOUNT, SHARE, PROBABILITY -> Double.class;
                };
        if (value != null && !expected.isInstance(value)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "column %s: expected a %s, got %s",
                            column.name(), expected.getSimpleName(), value));
        }
    }

    /** Which column has a name. */
    public int index(String name) {
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c).name().equals(name)) {
                return c;
            }
        }
        throw new IllegalArgumentException("table " + id + " has no column " + name);
    }

    /** A value by line and name. */
    public Object value(int line, String name) {
        return lines.get(line).get(index(name));
    }

    /**
     * A table for each value of the first column, in the order of the lines; itself where there is
     * one value, or where that column alone says what a line is about.
     */
    public List<Table> byFirstKey() {
        Map<Object, List<List<Object>>> parts = new LinkedHashMap<>();
        for (List<Object> line : lines) {
            parts.computeIfAbsent(line.get(0), k -> new ArrayList<>()).add(line);
        }
        boolean shortNames =
                parts.keySet().stream().allMatch(k -> String.valueOf(k).length() <= SHORT);
        if (parts.size() < 2 || keys < 2 || parts.size() == lines.size() && shortNames) {
            return List.of(this);
        }
        return parts.values().stream().map(l -> new Table(id, title, keys, columns, l)).toList();
    }
}
