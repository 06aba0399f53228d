// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.results.text.Text;

/**
 * Reads numbers of axes, where a range stands for many: {@code 1..30} from 1 to 30 by ones, {@code
 * 0.1..0.9 step 0.1} from 0.1 to 0.9 by tenths. A range meets its end exactly. All ranges of a file
 * together have a limit, so that a short file cannot ask for more than memory holds.
 */
final class Numbers {
    private static final int MOST = 1_000_000;
    private static final int LONGEST = 260;
    private static final String NUMBER = "([-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)";
    private static final Pattern RANGE =
            Pattern.compile(NUMBER + "\\.\\." + NUMBER + "(?: +step +" + NUMBER + ")?");
    private static final String EXAMPLES =
            "a rising range such as 1..30, or 0.1..0.9 step 0.1, that meets its end";

    private long expanded;

    /** The number, or the numbers of the range; none where it was reported. */
    List<BigDecimal> decimals(Value value, String expected, Predicate<BigDecimal> test) {
        return isRange(value)
                ? range(value, expected, test)
                : value.decimal(expected, test).stream().toList();
    }

    /** The same for whole numbers, which the test must hold to {@code long}. */
    List<Long> integers(Value value, String expected, Predicate<BigDecimal> test) {
        return isRange(value)
                ? range(value, expected, v -> v.scale() <= 0 && test.test(v)).stream()
                        .map(BigDecimal::longValueExact)
                        .toList()
                : value.integer(expected, test).stream().toList();
    }

    private static boolean isRange(Value value) {
        return value.string().filter(text -> text.contains("..")).isPresent();
    }

    private List<BigDecimal> range(Value value, String expected, Predicate<BigDecimal> test) {
        String text = value.string().orElseThrow();
        Matcher range = RANGE.matcher(text);
        if (text.length() > LONGEST || !range.matches()) {
            value.expected(EXAMPLES);
            return List.of();
        }
        Optional<BigDecimal> first = part(range.group(1));
        Optional<BigDecimal> last = part(range.group(2));
        Optional<BigDecimal> step = part(range.group(3) == null ? "1" : range.group(3));
        if (first.isEmpty() || last.isEmpty() || step.isEmpty() || step.get().signum() <= 0) {
            value.expected(EXAMPLES);
            return List.of();
        }
        boolean whole = first.get().scale() <= 0 && last.get().scale() <= 0;
        BigDecimal[] steps = last.get().subtract(first.get()).divideAndRemainder(step.get());
        if (steps[0].signum() < 0 || steps[1].signum() != 0 || range.group(3) == null && !whole) {
            value.expected(EXAMPLES);
            return List.of();
        }
        if (!test.test(first.get()) || !test.test(last.get())) {
            value.expected(expected);
            return List.of();
        }
        BigInteger count = steps[0].toBigInteger().add(BigInteger.ONE);
        if (count.add(BigInteger.valueOf(expanded)).compareTo(BigInteger.valueOf(MOST)) > 0) {
            value.expected(
                    Text.of("at most %d values in all ranges together", MOST),
                    Text.of("%s in %s", count, value.shown()));
            return List.of();
        }
        expanded += count.longValueExact();
        List<BigDecimal> values = new ArrayList<>();
        for (int i = 0; i < count.intValueExact(); i++) {
            values.add(
                    Decimal.canonical(first.get().add(step.get().multiply(BigDecimal.valueOf(i)))));
        }
        if (!values.stream().allMatch(test)) {
            value.expected(expected);
            return List.of();
        }
        return values;
    }

    private static Optional<BigDecimal> part(String text) {
        return Value.number(text).filter(Value::sane).map(Decimal::canonical);
    }
}
