// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/** What methods and ratios are called in tables and figures. */
public final class ConditionNames {
    private final Map<String, Set<String>> variants = new HashMap<>();

    /**
     * @param keys of all that is shown together
     */
    public ConditionNames(Collection<Key> keys) {
        for (Key key : keys) {
            variants.computeIfAbsent(key.method(), m -> new HashSet<>()).add(key.methodSettings());
        }
    }

    /** The method, with its settings where it is there with more than one; the kind of control. */
    public String method(Key key) {
        if (key.isControl()) {
            return key.isReference() ? key.method() : key.method() + " " + key.control();
        }
        String settings = key.methodSettings().replaceAll("[{}\"]", "").replace(':', '=');
        boolean told = !settings.isEmpty() && variants.get(key.method()).size() > 1;
        return told ? key.method() + " " + settings : key.method();
    }

    /** A ratio by its kind: {@code 0.9}, {@code 10x}, {@code density 0.1}. */
    public static String ratio(Key key) {
        return ratio(key.ratioKind(), key.ratio());
    }

    /** The same of its parts. */
    public static String ratio(String kind, double ratio) {
        String value = Decimal.text(BigDecimal.valueOf(ratio));
        return switch (kind) {
            case "pruning-ratio", "" -> value;
            case "compression" -> value + "x";
            case "levels" -> "level " + value;
            default -> kind + " " + value;
        };
    }
}
