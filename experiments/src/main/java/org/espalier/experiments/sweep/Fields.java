// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.experiments.text.NearMatch;
import org.espalier.experiments.text.Quoted;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** The keys of a mapping, each known and there once. Everything else has been reported. */
final class Fields {
    private final Value mapping;
    private final Map<String, Value> fields = new LinkedHashMap<>();
    private final Set<String> misspelled = new LinkedHashSet<>();

    private Fields(Value mapping) {
        this.mapping = mapping;
    }

    /** The fields of what must be a mapping with no keys but the known ones. */
    static Optional<Fields> of(Value value, String expected, List<String> known) {
        Optional<Fields> all = named(value, expected);
        all.ifPresent(fields -> fields.refuseOthers(known));
        return all;
    }

    /** The fields of what must be a mapping of at least one entry, whatever the keys. */
    static Optional<Fields> named(Value value, String expected) {
        if (!value.isMapping() || value.mapping().getValue().isEmpty()) {
            value.expected(expected);
            return Optional.empty();
        }
        Fields fields = new Fields(value);
        for (NodeTuple entry : value.mapping().getValue()) {
            Value key = new Value(value.key(), entry.getKeyNode(), value.problems());
            Optional<String> name = key.string();
            if (name.isEmpty()) {
                key.problem("expected a key that is a word, got " + key.shown());
                continue;
            }
            Value named = value.at(name.get(), entry.getValueNode());
            Value first = fields.fields.putIfAbsent(name.get(), named);
            if (first != null) {
                new Value(named.key(), entry.getKeyNode(), value.problems())
                        .problem("expected the key once, got it again");
            }
        }
        return Optional.of(fields);
    }

    private void refuseOthers(List<String> known) {
        for (NodeTuple entry : mapping.mapping().getValue()) {
            Optional<String> name = new Value("", entry.getKeyNode(), mapping.problems()).string();
            if (name.isEmpty() || known.contains(name.get()) || fields.remove(name.get()) == null) {
                continue;
            }
            List<String> free = known.stream().filter(k -> !fields.containsKey(k)).toList();
            Optional<String> meant = NearMatch.of(name.get(), free);
            meant.ifPresent(misspelled::add);
            new Value(
                            mapping.at(name.get(), entry.getKeyNode()).key(),
                            entry.getKeyNode(),
                            mapping.problems())
                    .problem(
                            "unknown key"
                                    + meant.map(m -> "; did you mean " + Quoted.of(m) + "? known: ")
                                            .orElse("; known: ")
                                    + String.join(", ", known));
        }
    }

    Value mapping() {
        return mapping;
    }

    Map<String, Value> all() {
        return fields;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    Optional<Value> find(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    /** The value of a key that must be there; reported where it is not. */
    Optional<Value> require(String key, String expected) {
        if (!has(key) && !misspelled.contains(key)) {
            mapping.at(key, mapping.mapping()).expected(expected, "nothing");
        }
        return find(key);
    }

    /** Whether an unknown key was probably meant to be this one, and has been reported as such. */
    boolean misspelled(String key) {
        return misspelled.contains(key);
    }
}
