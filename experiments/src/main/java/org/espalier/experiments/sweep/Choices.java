// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.Arrays;
import org.espalier.results.text.Text;

/** Reads fields that name one of some constants. */
final class Choices {
    private Choices() {}

    /** The constant that a field names; the default where there is no field, or a wrong one. */
    static <E extends Enum<E>> E of(Fields fields, String key, E byDefault) {
        E[] constants = byDefault.getDeclaringClass().getEnumConstants();
        return fields.find(key)
                .flatMap(v -> v.choice(Arrays.stream(constants).map(Text::word).toList()))
                .flatMap(
                        w ->
                                Arrays.stream(constants)
                                        .filter(c -> Text.word(c).equals(w))
                                        .findFirst())
                .orElse(byDefault);
    }
}
