// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.results.text.Text;

/** Collects what held of the rows, one sentence a kind with the lines that it held of. */
final class Notes {
    private static final int MOST_NAMED = 4;

    private final Map<Caveat.Kind, Map<String, Set<String>>> places =
            new EnumMap<>(Caveat.Kind.class);

    /** Says a sentence once. */
    void say(Caveat.Kind kind, String sentence) {
        places.computeIfAbsent(kind, k -> new LinkedHashMap<>())
                .computeIfAbsent(sentence, s -> new LinkedHashSet<>());
    }

    /** Says a sentence with all the places that it holds of. */
    void at(Caveat.Kind kind, String sentence, String place) {
        say(kind, sentence);
        places.get(kind).get(sentence).add(place);
    }

    void all(Collection<Caveat> caveats) {
        caveats.forEach(c -> say(c.kind(), c.sentence()));
    }

    List<Caveat> caveats() {
        List<Caveat> caveats = new ArrayList<>();
        places.forEach(
                (kind, sentences) ->
                        sentences.forEach(
                                (sentence, where) ->
                                        caveats.add(new Caveat(kind, sentence + list(where)))));
        return caveats;
    }

    private static String list(Set<String> where) {
        if (where.isEmpty()) {
            return "";
        }
        List<String> named = where.stream().limit(MOST_NAMED).toList();
        return ": "
                + String.join("; ", named)
                + (where.size() > MOST_NAMED
                        ? Text.of("; and %d more", where.size() - MOST_NAMED)
                        : "");
    }
}
