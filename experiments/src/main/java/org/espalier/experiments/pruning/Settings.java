// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Settings that several methods share, and how settings are declared. */
final class Settings {
    static final String SAMPLES = "samples";
    static final String BATCHES = "batches";

    private Settings() {}

    static void requireSamples(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be at least 1, got " + samples);
        }
    }

    static void requireBatches(int batches) {
        if (batches < 1) {
            throw new IllegalArgumentException("batches must be at least 1, got " + batches);
        }
    }

    /** Adds a number of batches, but for 1: that was all there was before it could be said. */
    static SortedMap<String, String> withBatches(Map<String, String> settings, int batches) {
        SortedMap<String, String> all = new TreeMap<>(settings);
        if (batches != 1) {
            all.put(BATCHES, Integer.toString(batches));
        }
        return all;
    }

    static MethodDefinition.Setting batches() {
        return new MethodDefinition.Setting(
                        BATCHES,
                        MethodDefinition.Setting.Kind.INTEGER,
                        "a whole number of at least 1",
                        List.of(),
                        BigDecimal.ONE)
                .leftOutAt("1");
    }

    static MethodDefinition.Setting samples() {
        return new MethodDefinition.Setting(
                SAMPLES,
                MethodDefinition.Setting.Kind.INTEGER,
                "a whole number of at least 1",
                List.of(),
                BigDecimal.ONE);
    }

    static MethodDefinition.Setting decimal(String name) {
        return new MethodDefinition.Setting(
                name,
                MethodDefinition.Setting.Kind.DECIMAL,
                "a decimal of at least 0",
                List.of(),
                BigDecimal.ZERO);
    }

    static MethodDefinition.Setting choice(String name, List<String> choices) {
        return new MethodDefinition.Setting(
                name,
                MethodDefinition.Setting.Kind.CHOICE,
                "one of " + String.join(", ", choices),
                choices,
                null);
    }
}
