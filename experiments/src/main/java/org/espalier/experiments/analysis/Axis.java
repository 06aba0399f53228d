// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.Locale;
import java.util.function.Function;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/** Something by which the lines of a table are told apart. */
public enum Axis {
    /** Network. */
    ARCHITECTURE(k -> k.architecture(), "network"),
    /** Data set. */
    DATASET(k -> k.dataset(), "data set"),
    /** Noise on targets. */
    NOISE(k -> k.noise(), "noise on targets"),
    /** Recipe by its name. */
    RECIPE(k -> k.recipe(), "recipe of training"),
    /** Schedule with its settings. */
    SCHEDULE(k -> k.scheduleText(), "schedule of prunings, with its settings"),
    /** Pruning method or control. */
    METHOD(k -> k.method(), "pruning method, or the kind of control"),
    /** How much is pruned. */
    RATIO(k -> k.ratio(), "how much is pruned, as the kind of ratio has it; 0 for controls");

    private final Function<Key, Object> value;
    private final String meaning;

    Axis(Function<Key, Object> value, String meaning) {
        this.value = value;
        this.meaning = meaning;
    }

    /** As tables and the command name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Object of(Key key) {
        return value.apply(key);
    }

    Column column() {
        return this == NOISE || this == RATIO
                ? Column.number(word(), meaning)
                : Column.text(word(), meaning);
    }

    /** Whether it is one of what conditions that are compared share. */
    boolean ofSetting() {
        return this != METHOD && this != RATIO;
    }
}
