// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * How much is pruned, as asked for. Papers write the same quantity three ways; this type is the
 * only place they meet. N is the number of trained parameters, n of them prunable, k of those kept:
 *
 * <pre>
 *   pruning ratio r   k = n (1 - r)             fraction of prunable weights removed, in [0, 1)
 *   density d         k = n d                   in (0, 1]
 *   compression t     k = N / t - (N - n)       total / remaining parameters, at least 1
 *                                               (Good et al. 2022, arXiv:2206.02976; ShrinkBench)
 * </pre>
 */
public record Ratio(Kind kind, BigDecimal value) implements Serializable {

    /** The way it was written. */
    public enum Kind {
        PRUNING_RATIO("pruning-ratio"),
        DENSITY("density"),
        COMPRESSION("compression");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Key in sweep files. */
        public String key() {
            return key;
        }
    }

    public Ratio {
        boolean inRange =
                switch (kind) {
                    case PRUNING_RATIO ->
                            value.signum() >= 0 && value.compareTo(BigDecimal.ONE) < 0;
                    case DENSITY -> value.signum() > 0 && value.compareTo(BigDecimal.ONE) <= 0;
                    case COMPRESSION -> value.compareTo(BigDecimal.ONE) >= 0;
                };
        if (!inRange) {
            throw new IllegalArgumentException("%s out of range: %s".formatted(kind.key, value));
        }
        value = Decimal.canonical(value);
    }

    /** The control: nothing is pruned. */
    public boolean isControl() {
        return kind == Kind.PRUNING_RATIO
                ? value.signum() == 0
                : value.compareTo(BigDecimal.ONE) == 0;
    }

    /**
     * Number of prunable weights to keep, to the nearest whole weight, halves up.
     *
     * @param prunable n, weights that may be pruned
     * @param all N, all trained parameters
     * @throws IllegalArgumentException if a compression leaves no prunable weight
     */
    public int kept(int prunable, long all) {
        double kept =
                switch (kind) {
                    case PRUNING_RATIO -> prunable * (1 - value.doubleValue());
                    case DENSITY -> prunable * value.doubleValue();
                    case COMPRESSION -> all / value.doubleValue() - (all - prunable);
                };
        if (kind == Kind.COMPRESSION && !(kept > 0)) {
            throw new IllegalArgumentException(
                    "compression %s leaves no prunable weight: %d of %d parameters cannot be pruned"
                            .formatted(Decimal.text(value), all - prunable, all));
        }
        return Math.toIntExact(Math.min(prunable, Math.round(kept)));
    }

    /** Canonical text, {@code pruning-ratio=0.9}. */
    public String canonicalText() {
        return kind.key + "=" + Decimal.text(value);
    }
}
