// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.math.BigDecimal;
import java.util.List;

/** Settings that several methods share, and how settings are declared. */
final class Settings {
    static final String SAMPLES = "samples";

    private Settings() {}

    static void requireSamples(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be at least 1, got " + samples);
        }
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
