// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.Table;
import org.espalier.results.text.Text;

/**
 * Numbers that papers print, beside those of the same data set, network, method and ratio. A
 * network that a paper calls a family ({@code lenet}) is set beside every one of it.
 */
final class Published {
    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"|([^,]*)");

    /** A published number and ours. */
    record Beside(String what, String published, String ours, String source) {}

    private record Entry(List<String> fields) {
        String get(int i) {
            return fields.get(i);
        }
    }

    private Published() {}

    static List<Entry> entries() {
        try (InputStream in = Published.class.getResourceAsStream("published.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .filter(l -> !l.isBlank())
                    .map(l -> new Entry(fields(l)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher m = FIELD.matcher(line);
        int at = 0;
        while (at <= line.length() && m.find(at)) {
            fields.add(m.group(1) == null ? m.group(2) : m.group(1));
            at = m.end() + 1;
        }
        return fields;
    }

    /** What of an answer has a published number beside it. */
    static List<Beside> beside(Answer recall) {
        List<Beside> found = new ArrayList<>();
        for (Entry e : entries()) {
            Table table =
                    recall.table(
                            e.get(6).equals("pooled slope") ? "recall_pooled" : "recall_details");
            String column = e.get(6).equals("pooled slope") ? "slope" : "alpha_median";
            for (int i = 0; i < table.lines().size(); i++) {
                if (matches(e, table, i) && table.value(i, column) instanceof Double value) {
                    Object label = label(recall.table("recall"), table, i);
                    found.add(
                            new Beside(
                                    Text.of(
                                            "%s, %s at %sx, %s (paper: %s)",
                                            table.value(i, "setting"),
                                            e.get(3),
                                            e.get(5),
                                            e.get(6),
                                            e.get(2)),
                                    e.get(7)
                                            + (e.get(8).equals("0") ? "" : " ± " + e.get(8))
                                            + (e.get(9).isEmpty() ? "" : ", label " + e.get(9)),
                                    Text.of("%.3f", value)
                                            + (e.get(9).isEmpty() || label == null
                                                    ? ""
                                                    : ", label " + label)
                                            + Text.of(", %s networks", table.value(i, "n")),
                                    e.get(10)));
                }
            }
        }
        return found;
    }

    private static boolean matches(Entry e, Table table, int line) {
        String network = (String) table.value(line, "architecture");
        return e.get(1).equals(table.value(line, "dataset"))
                && (network.equals(e.get(2)) || network.startsWith(e.get(2) + "-"))
                && e.get(3).equals(table.value(line, "method"))
                && e.get(4).equals(table.value(line, "ratio_kind"))
                && Double.parseDouble(e.get(5)) == (Double) table.value(line, "ratio");
    }

    private static Object label(Table recall, Table of, int line) {
        for (int i = 0; i < recall.lines().size(); i++) {
            boolean same = true;
            for (int k = 0; k < recall.keys(); k++) {
                same &=
                        java.util.Objects.equals(
                                recall.lines().get(i).get(k), of.lines().get(line).get(k));
            }
            if (same) {
                return recall.value(i, "label");
            }
        }
        return null;
    }
}
