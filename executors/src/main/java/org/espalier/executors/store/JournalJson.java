// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.espalier.experiments.journal.Entry;

/**
 * How headers of snapshots and journals in them are written as JSON. A reader ignores what it does
 * not know, and takes nothing, 0 or an empty list for what is missing: a file with a field more or
 * less is as good as any, so that one added later does not throw away what was trained before.
 */
final class JournalJson {
    /** Reads and writes headers; immutable. */
    static final ObjectMapper MAPPER = mapper();

    private JournalJson() {}

    private static ObjectMapper mapper() {
        JsonMapper mapper =
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .addMixIn(Entry.class, EntryKinds.class)
                        .build();
        mapper.configOverride(List.class)
                .setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        return mapper;
    }

    /** Kinds of entries by the names under which they stand in files, which never change. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Entry.Trained.class, name = "trained"),
        @JsonSubTypes.Type(value = Entry.Pruned.class, name = "pruned"),
        @JsonSubTypes.Type(value = Entry.Perturbed.class, name = "perturbed"),
        @JsonSubTypes.Type(value = Entry.Rewound.class, name = "rewound"),
        @JsonSubTypes.Type(value = Entry.Measured.class, name = "measured"),
        @JsonSubTypes.Type(value = Entry.Note.class, name = "note")
    })
    private interface EntryKinds {}
}
