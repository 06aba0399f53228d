// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.espalier.results.CellRow;

/** Copies of rows, and of the records in them, of which a test has changed some components. */
public final class CopiedRow {
    private CopiedRow() {}

    /**
     * The record with other values at paths of component names: {@code with(row, "seed", 2L,
     * "condition.method", "random")}.
     */
    @SuppressWarnings("unchecked")
    public static <T> T with(T record, Object... pathsAndValues) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndValues.length; i += 2) {
            changes.put((String) pathsAndValues[i], pathsAndValues[i + 1]);
        }
        return (T) changed(record, changes);
    }

    private static Object changed(Object record, Map<String, Object> changes) {
        Map<String, Object> open = new LinkedHashMap<>(changes);
        try {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int c = 0; c < components.length; c++) {
                String name = components[c].getName();
                types[c] = components[c].getType();
                values[c] =
                        open.containsKey(name)
                                ? open.remove(name)
                                : below(components[c].getAccessor().invoke(record), name, open);
            }
            if (!open.isEmpty()) {
                throw new AssertionError(record.getClass() + " has no " + open.keySet());
            }
            return record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no copy of " + record, e);
        }
    }

    private static Object below(Object value, String name, Map<String, Object> open) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (String path : List.copyOf(open.keySet())) {
            if (path.startsWith(name + ".")) {
                changes.put(path.substring(name.length() + 1), open.remove(path));
            }
        }
        return changes.isEmpty() ? value : changed(value, changes);
    }

    /** What two runs of one cell agree on: all but times and provenance. */
    public static CellRow timeless(CellRow row) {
        return with(
                row,
                "timings",
                null,
                "provenance",
                null,
                "curve",
                each(row.curve(), p -> with(p, "seconds", 0.0)),
                "events",
                each(row.events(), e -> e.scoring() == null ? e : with(e, "scoring.seconds", 0.0)));
    }

    private static <T> List<T> each(List<T> all, Function<T, T> change) {
        return all.stream().map(change).toList();
    }
}
