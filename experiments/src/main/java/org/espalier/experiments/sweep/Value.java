// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.text.NearMatch;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of the file with the key that leads to it. Its readers give what they read, or report
 * what was expected and what came and give nothing.
 */
final class Value {
    /** What everything that becomes part of a path is called. */
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_NUMBER = 80;
    private static final int MOST_DIGITS = 30;

    private final String key;
    private final Node node;
    private final Problems problems;

    Value(String key, Node node, Problems problems) {
        this.key = key;
        this.node = node;
        this.problems = problems;
    }

    String key() {
        return key;
    }

    int line() {
        return node.getStartMark().orElseThrow().getLine() + 1;
    }

    int column() {
        return node.getStartMark().orElseThrow().getColumn() + 1;
    }

    Problems problems() {
        return problems;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    MappingNode mapping() {
        return (MappingNode) node;
    }

    /** The value of a key of this mapping. */
    Value at(String name, Node value) {
        String last = NAME.matcher(name).matches() ? name : Quoted.of(name);
        return new Value(key.isEmpty() ? last : key + "." + last, value, problems);
    }

    /** The elements of a list; a value that is no list is its own only element. */
    List<Value> elements() {
        if (!(node instanceof SequenceNode list)) {
            return List.of(this);
        }
        List<Value> elements = new ArrayList<>();
        for (Node element : list.getValue()) {
            elements.add(new Value(key + "[" + elements.size() + "]", element, problems));
        }
        return elements;
    }

    /** The elements of what must be a list of at least one; empty where it is not. */
    List<Value> list(String expected) {
        List<Value> elements = isList() ? elements() : List.of();
        if (elements.isEmpty()) {
            expected(expected);
        }
        return elements;
    }

    /** What came, for a message. */
    String shown() {
        if (isMapping()) {
            return mapping().getValue().isEmpty() ? "an empty mapping" : "a mapping";
        }
        if (isList()) {
            return elements().isEmpty() ? "an empty list" : "a list";
        }
        if (node.getTag().equals(Tag.NULL)) {
            return "nothing";
        }
        String quoted = Quoted.of(scalar());
        return isString() ? quoted : quoted.substring(1, quoted.length() - 1);
    }

    void problem(String text) {
        problems.add(this, text);
    }

    void expected(String what) {
        problem(Text.of("expected %s, got %s", what, shown()));
    }

    void expected(String what, String got) {
        problem(Text.of("expected %s, got %s", what, got));
    }

    private String scalar() {
        return ((ScalarNode) node).getValue();
    }

    boolean isString() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.STR);
    }

    /** Any string; empty, and nothing reported, where it is something else. */
    Optional<String> string() {
        return isString() ? Optional.of(scalar()) : Optional.empty();
    }

    /** A string that is fit to be part of a path. */
    Optional<String> name(String what) {
        String rule = what + " of a-z, 0-9, '.' and '-', starting with a letter or digit";
        if (!isString()) {
            boolean scalar = node instanceof ScalarNode && !node.getTag().equals(Tag.NULL);
            expected(
                    scalar && NAME.matcher(scalar()).matches()
                            ? rule + " (write \"" + scalar() + "\" with quotes)"
                            : rule);
            return Optional.empty();
        }
        String text = scalar();
        if (!NAME.matcher(text).matches()) {
            expected(rule);
            return Optional.empty();
        }
        if (text.length() > LONGEST_NAME) {
            expected(
                    what + Text.of(" of at most %d characters", LONGEST_NAME),
                    text.length() + " characters");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** One of the given words. */
    Optional<String> choice(Collection<String> choices) {
        Optional<String> text = string();
        if (text.isPresent() && choices.contains(text.get())) {
            return text;
        }
        if (text.isPresent()) {
            problem(NearMatch.unknown(text.get(), choices));
        } else {
            expected("one of " + String.join(", ", choices));
        }
        return Optional.empty();
    }

    boolean isNumber() {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }

    /** A decimal number that passes the test, exactly as written. */
    Optional<BigDecimal> decimal(String expected, Predicate<BigDecimal> test) {
        Optional<BigDecimal> number = isNumber() ? number(scalar()) : Optional.empty();
        if (number.isEmpty() || !test.test(number.get())) {
            expected(expected);
            return Optional.empty();
        }
        if (!sane(number.get())) {
            expected(
                    Text.of(
                            "a number of at most %d digits between 1e-%d and 1e%d",
                            MOST_DIGITS, MOST_DIGITS, MOST_DIGITS));
            return Optional.empty();
        }
        return number.map(Decimal::canonical);
    }

    /** A whole number in a range. */
    Optional<Long> integer(String what, long least, long most) {
        return integer(
                Text.of("%s from %d to %d", what, least, most),
                n ->
                        n.compareTo(BigDecimal.valueOf(least)) >= 0
                                && n.compareTo(BigDecimal.valueOf(most)) <= 0);
    }

    /** A whole number that passes the test, which must refuse what is no {@code long}. */
    Optional<Long> integer(String expected, Predicate<BigDecimal> test) {
        Optional<BigDecimal> number =
                node.getTag().equals(Tag.INT) ? number(scalar()) : Optional.empty();
        if (number.isEmpty() || !test.test(number.get())) {
            expected(expected);
            return Optional.empty();
        }
        return Optional.of(number.get().longValueExact());
    }

    /** The number that a text means in YAML 1.2; empty for infinity, NaN and what is no number. */
    static Optional<BigDecimal> number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (text.length() > 2 ? text.substring(0, 2) : "") {
                        case "0o" -> new BigDecimal(new BigInteger(text.substring(2), 8));
                        case "0x" -> new BigDecimal(new BigInteger(text.substring(2), 16));
                        default -> new BigDecimal(text);
                    });
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Small enough to be written without an exponent. */
    static boolean sane(BigDecimal number) {
        BigDecimal value = Decimal.canonical(number);
        long magnitude = (long) value.precision() - value.scale();
        return value.precision() <= MOST_DIGITS && Math.abs(magnitude) <= MOST_DIGITS;
    }
}
