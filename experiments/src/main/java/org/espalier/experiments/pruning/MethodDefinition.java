// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A method as a sweep file sees it: its name, what it is, its settings, and how it is made.
 *
 * @param summary one line for {@code espalier list}
 * @param create makes the method from the settings that were given; values are {@link BigDecimal},
 *     {@link Integer} or {@link String} as their setting's kind says, already checked against it;
 *     settings not given are absent
 */
public record MethodDefinition(
        String id,
        String summary,
        List<Setting> settings,
        Function<Map<String, Object>, PruningMethod> create) {
    public MethodDefinition {
        settings = List.copyOf(settings);
    }

    /**
     * One setting.
     *
     * @param expected what a value must be, for a message: {@code a decimal of at least 0}
     * @param choices allowed values of a {@link Kind#CHOICE}; empty otherwise
     * @param minimum smallest allowed number, or null
     * @param leftOut value at which a method's {@link PruningMethod#settings()} do not have it: it
     *     came later and means what was done before; empty where they always do
     */
    public record Setting(
            String name,
            Kind kind,
            String expected,
            List<String> choices,
            BigDecimal minimum,
            Optional<String> leftOut) {
        public Setting {
            choices = List.copyOf(choices);
        }

        /** A setting that a method always has among its settings. */
        public Setting(
                String name, Kind kind, String expected, List<String> choices, BigDecimal minimum) {
            this(name, kind, expected, choices, minimum, Optional.empty());
        }

        /** The same, left out of a method's settings at this value. */
        Setting leftOutAt(String value) {
            return new Setting(name, kind, expected, choices, minimum, Optional.of(value));
        }

        /** Type of a setting's value. */
        public enum Kind {
            DECIMAL,
            INTEGER,
            CHOICE
        }
    }
}
