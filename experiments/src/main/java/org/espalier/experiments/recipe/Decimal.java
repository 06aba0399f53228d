// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.math.BigDecimal;

/**
 * Decimal settings and their one spelling. Settings are decimals, not doubles, so that {@code 0.9},
 * {@code 0.90} and {@code 9e-1} are one value with one text on every JDK.
 */
public final class Decimal {
    private Decimal() {}

    /** The value without trailing zeros: equal values become equal objects. */
    public static BigDecimal canonical(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** Canonical text, never with an exponent. */
    public static String text(BigDecimal value) {
        return canonical(value).toPlainString();
    }
}
