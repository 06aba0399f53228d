// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.espalier.experiments.journal.Journal;
import org.espalier.results.CellRow;

/** Rows and journals without what differs from run to run: times, and where a run took place. */
final class Timeless {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TIMES =
            Set.of(
                    "seconds",
                    "trainSeconds",
                    "evaluateSeconds",
                    "timings",
                    "provenance",
                    "attempt",
                    "sweep");

    private Timeless() {}

    /** Every number with all its digits; a line for each column of the top level. */
    static String of(CellRow row) {
        StringBuilder lines = new StringBuilder();
        without(JSON.valueToTree(row))
                .fields()
                .forEachRemaining(
                        field ->
                                lines.append(field.getKey())
                                        .append(": ")
                                        .append(field.getValue())
                                        .append('\n'));
        return lines.toString();
    }

    /** The entries of a journal, with their kinds. */
    static List<String> of(Journal journal) {
        return journal.entries().stream()
                .map(e -> e.getClass().getSimpleName() + without(JSON.valueToTree(e)))
                .toList();
    }

    private static JsonNode without(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(TIMES);
        }
        node.forEach(Timeless::without);
        return node;
    }
}
