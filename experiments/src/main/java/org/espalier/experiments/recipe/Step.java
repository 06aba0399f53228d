// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment of a training, counted from its start: after so many epochs, {@code 160ep}, or after so
 * many updates, {@code 500it}. Which of two steps comes first depends on the length of an epoch, so
 * a step has no order of its own.
 *
 * @param count at least 0
 */
public record Step(Unit unit, long count) implements Serializable {

    /** The start of every training. */
    public static final Step ZERO = epochs(0);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})(ep|it)");

    /** What is counted. */
    public enum Unit {
        EPOCH("ep"),
        ITERATION("it");

        private final String suffix;

        Unit(String suffix) {
            this.suffix = suffix;
        }
    }

    public Step {
        if (count < 0) {
            throw new IllegalArgumentException("a step is not negative, got " + count);
        }
    }

    /** After this many epochs. */
    public static Step epochs(long count) {
        return new Step(Unit.EPOCH, count);
    }

    /** After this many updates. */
    public static Step iterations(long count) {
        return new Step(Unit.ITERATION, count);
    }

    /**
     * Reads {@code 160ep} or {@code 500it}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static Step parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected epochs or iterations such as 160ep or 500it, got " + text);
        }
        long count = Long.parseLong(matcher.group(1));
        return matcher.group(2).equals("ep") ? epochs(count) : iterations(count);
    }

    /**
     * Updates up to this step.
     *
     * @throws ArithmeticException if they are more than a long can count
     */
    public long iterations(EpochLength epoch) {
        return unit == Unit.EPOCH ? Math.multiplyExact(count, (long) epoch.iterations()) : count;
    }

    /** Whole epochs up to this step, rounded down. */
    public long wholeEpochs(EpochLength epoch) {
        return iterations(epoch) / epoch.iterations();
    }

    /** Negative where this comes before the other, 0 where they are one moment, else positive. */
    public int compare(Step other, EpochLength epoch) {
        return Long.compare(iterations(epoch), other.iterations(epoch));
    }

    /** The same moment in its one spelling: in epochs wherever it is the end of one. */
    public Step simplest(EpochLength epoch) {
        long iterations = iterations(epoch);
        return iterations % epoch.iterations() == 0
                ? epochs(iterations / epoch.iterations())
                : iterations(iterations);
    }

    /** {@code 160ep}, {@code 500it}. */
    @Override
    public String toString() {
        return count + unit.suffix;
    }
}
