// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.List;
import java.util.Map;

/**
 * What rows say to a question.
 *
 * @param tables in the order of reading; of no line at all where a question does not apply
 * @param readings sentences in plain words that the tables support
 * @param caveats what a reader must know
 * @param families what was corrected together: by name, how many tests
 * @param computed how the numbers were computed, a sentence each
 */
public record Answer(
        Question question,
        List<Table> tables,
        List<String> readings,
        List<Caveat> caveats,
        Map<String, Integer> families,
        List<String> computed) {
    public Answer {
        tables = List.copyOf(tables);
        readings = List.copyOf(readings);
        caveats = List.copyOf(caveats);
        families = Map.copyOf(families);
        computed = List.copyOf(computed);
    }

    /** Whether the rows say anything to it. */
    public boolean answered() {
        return tables.stream().anyMatch(t -> !t.lines().isEmpty());
    }

    /** A table by its id. */
    public Table table(String id) {
        return tables.stream()
                .filter(t -> t.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no table " + id));
    }
}
