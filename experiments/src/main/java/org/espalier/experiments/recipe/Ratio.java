// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.espalier.results.text.Text;

/**
 * How much is pruned, as asked for. Papers write the same quantity three ways; this type is the
 * only place they meet. N is the number of trained parameters, n of them prunable, k of those kept:
 *
 * <pre>
 *   pruning ratio r   k = n (1 - r)             fraction of prunable weights removed, in [0, 1)
 *   density d         k = n d                   in (0, 1]
 *   compression t     k = N / t - (N - n)       total / remaining parameters, at least 1
 *                                               (Good et al. 2022, arXiv:2206.02976; ShrinkBench)
 *   level l           l times ceil(p remaining) of them removed, p the level ratio of the schedule
 * </pre>
 */
public record Ratio(Kind kind, BigDecimal value) implements Amount {
    /** More levels than any network has weights to give. */
    private static final BigDecimal MOST_LEVELS = BigDecimal.valueOf(1000);

    /** The way it was written. */
    public enum Kind {
        PRUNING_RATIO("pruning-ratio"),
        DENSITY("density"),
        COMPRESSION("compression"),
        /** Levels of a schedule that has them; how much that is only the schedule knows. */
        LEVELS("levels");

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
                    case LEVELS -> isLevel(value);
                };
        if (!inRange) {
            throw new IllegalArgumentException(Text.of("%s out of range: %s", kind.key, value));
        }
        value = Decimal.canonical(value);
    }

    /** The control: nothing is pruned. */
    public boolean isControl() {
        return kind == Kind.PRUNING_RATIO || kind == Kind.LEVELS
                ? value.signum() == 0
                : value.compareTo(BigDecimal.ONE) == 0;
    }

    /** Whether a value can be a number of levels. */
    public static boolean isLevel(BigDecimal value) {
        return value.signum() >= 0
                && value.stripTrailingZeros().scale() <= 0
                && value.compareTo(MOST_LEVELS) <= 0;
    }

    /** To the nearest whole weight, halves up; exact decimal arithmetic. */
    @Override
    public int kept(int prunable, long all) {
        return keptOf(0, prunable, prunable, all);
    }

    /** The same share of each layer: {@code layer * k / n}, to the nearest weight, halves up. */
    @Override
    public int keptOf(int place, int layer, int prunable, long all) {
        Density density = density(prunable, all);
        // floor(layer * d + 1/2), as one division of whole multiples
        return density.part()
                .multiply(BigDecimal.valueOf(2L * layer))
                .add(density.whole())
                .divideToIntegralValue(density.whole().multiply(BigDecimal.valueOf(2)))
                .intValueExact();
    }

    /**
     * The same share of some weights, to the next whole weight up: what ramps leave, as the code of
     * Bartoldson et al. 2020 (arXiv:1906.03728) rounds.
     *
     * @throws IllegalArgumentException if a compression leaves no prunable weight
     */
    public int keptUp(int weights, int prunable, long all) {
        Density density = density(prunable, all);
        return density.part()
                .multiply(BigDecimal.valueOf(weights))
                .divide(density.whole(), 0, RoundingMode.CEILING)
                .intValueExact();
    }

    /** {@code 1 - k / n} before rounding. */
    @Override
    public double sparsity(int prunable, long all) {
        Density density = density(prunable, all);
        return density.whole()
                .subtract(density.part())
                .divide(density.whole(), MathContext.DECIMAL64)
                .doubleValue();
    }

    /** A density part / whole, kept as two decimals since N / t is mostly none. */
    private record Density(BigDecimal part, BigDecimal whole) {}

    private Density density(int prunable, long all) {
        if (prunable < 1 || prunable > all) {
            throw new IllegalArgumentException(
                    Text.of("prunable must be in [1, %d], got %d", all, prunable));
        }
        return switch (kind) {
            case PRUNING_RATIO -> new Density(BigDecimal.ONE.subtract(value), BigDecimal.ONE);
            case DENSITY -> new Density(value, BigDecimal.ONE);
            case LEVELS -> throw new IllegalArgumentException("levels have no size of their own");
            case COMPRESSION -> {
                BigDecimal fixed = BigDecimal.valueOf(all - prunable).multiply(value);
                BigDecimal part = BigDecimal.valueOf(all).subtract(fixed);
                if (part.signum() <= 0) {
                    throw new IllegalArgumentException(
                            Text.of(
                                    "compression %s leaves no prunable weight: %d of %d parameters cannot be pruned",
                                    Decimal.text(value), all - prunable, all));
                }
                yield new Density(part, BigDecimal.valueOf(prunable).multiply(value));
            }
        };
    }

    /**
     * Text of what becomes of a network: as {@link #canonicalText()}, but ratio r and density 1 - r
     * are one. A compression depends on the network and stays as it is.
     */
    @Override
    public String stageText() {
        return kind == Kind.PRUNING_RATIO
                ? new Ratio(Kind.DENSITY, BigDecimal.ONE.subtract(value)).canonicalText()
                : canonicalText();
    }

    /**
     * The one spelling of what is one thing on every network: a density d is pruning ratio 1 - d,
     * and all that prunes nothing is pruning ratio 0. Compressions and levels depend on the network
     * and stay.
     */
    public Ratio canonical() {
        if (isControl()) {
            return new Ratio(Kind.PRUNING_RATIO, BigDecimal.ZERO);
        }
        return kind == Kind.DENSITY
                ? new Ratio(Kind.PRUNING_RATIO, BigDecimal.ONE.subtract(value))
                : this;
    }

    /** Canonical text, {@code pruning-ratio=0.9}. */
    public String canonicalText() {
        return kind.key + "=" + Decimal.text(value);
    }
}
