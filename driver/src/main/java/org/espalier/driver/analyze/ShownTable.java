// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.analyze;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.espalier.experiments.analysis.Column;
import org.espalier.experiments.analysis.Table;
import org.espalier.results.text.Text;

/**
 * A table as people see it: columns that are in files alone and those without any value are left
 * out, what all lines have in common is said once, and a number with its interval is one column.
 *
 * @param common what all lines have, by column
 * @param header names of columns
 * @param keys how many of them, from the first, say what a line is about
 * @param lines texts; empty where there is no value
 */
public record ShownTable(
        Map<String, String> common, List<String> header, int keys, List<List<String>> lines) {
    private static final String LOW = "_low";
    private static final String HIGH = "_high";

    /** A table as it is shown. */
    public static ShownTable of(Table table) {
        Map<String, String> common = new LinkedHashMap<>();
        List<String> header = new ArrayList<>();
        List<List<String>> lines = new ArrayList<>();
        table.lines().forEach(l -> lines.add(new ArrayList<>()));
        int keys = 0;
        for (int c = 0; c < table.columns().size(); c++) {
            Column column = table.columns().get(c);
            if (column.place() == Column.Place.FILES || endOfInterval(table, c)) {
                continue;
            }
            int low = position(table, column.name() + LOW);
            int high = position(table, column.name() + HIGH);
            List<String> texts = new ArrayList<>();
            int decimals = decimals(table, c, low, high);
            for (List<Object> line : table.lines()) {
                texts.add(text(column, line, new int[] {c, low, high}, decimals));
            }
            if (texts.stream().allMatch(String::isEmpty)) {
                continue;
            }
            boolean alike = texts.stream().allMatch(t -> Objects.equals(t, texts.get(0)));
            boolean heading = c == 0 && table.keys() > 1;
            if (alike && (texts.size() > 1 || heading)) {
                common.put(column.name(), texts.get(0));
                continue;
            }
            header.add(column.name());
            keys += c < table.keys() ? 1 : 0;
            for (int i = 0; i < texts.size(); i++) {
                lines.get(i).add(texts.get(i));
            }
        }
        return new ShownTable(common, header, keys, lines);
    }

    private static int position(Table table, String name) {
        for (int c = 0; c < table.columns().size(); c++) {
            if (table.columns().get(c).name().equals(name)) {
                return c;
            }
        }
        return -1;
    }

    /** Whether a column is shown with the one whose interval it ends. */
    private static boolean endOfInterval(Table table, int c) {
        String name = table.columns().get(c).name();
        for (String end : new String[] {LOW, HIGH}) {
            if (name.endsWith(end)) {
                return position(table, name.substring(0, name.length() - end.length())) >= 0;
            }
        }
        return false;
    }

    /** As many decimals as the median of a column's sizes needs to show three figures, 2 to 6. */
    private static int decimals(Table table, int... columns) {
        double[] sizes =
                table.lines().stream()
                        .flatMap(l -> IntStream.of(columns).filter(c -> c >= 0).mapToObj(l::get))
                        .filter(v -> v instanceof Double d && Double.isFinite(d) && d != 0)
                        .mapToDouble(v -> Math.abs((Double) v))
                        .sorted()
                        .toArray();
        if (sizes.length == 0) {
            return 3;
        }
        double median = sizes[sizes.length / 2];
        return (int) Math.max(2, Math.min(6, 2 - Math.floor(Math.log10(median))));
    }

    private static String text(Column column, List<Object> line, int[] at, int decimals) {
        String text = text(column, line.get(at[0]), decimals);
        if (at[1] < 0 || at[2] < 0 || line.get(at[1]) == null || line.get(at[2]) == null) {
            return text;
        }
        return Text.of(
                "%s [%s, %s]",
                text,
                text(column, line.get(at[1]), decimals),
                text(column, line.get(at[2]), decimals));
    }

    /** One value as people read it; empty where there is none. */
    private static String text(Column column, Object value, int decimals) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof Double number)) {
            return value.toString();
        }
        return switch (column.kind()) {
            case PROBABILITY -> number < 0.001 ? "<.001" : fixed(number, 3);
            case SHARE -> fixed(number, 4);
            default -> fixed(number, decimals);
        };
    }

    private static String fixed(double number, int decimals) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == Math.rint(number) && Math.abs(number) < 1e6) {
            return Text.of("%.0f", number + 0.0);
        }
        String text =
                Math.abs(number) >= 1e7
                        ? Text.of("%.3e", number)
                        : Text.of("%." + decimals + "f", number);
        return text.matches("-0\\.?0*") ? text.substring(1) : text;
    }
}
