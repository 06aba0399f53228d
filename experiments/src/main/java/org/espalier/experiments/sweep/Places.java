// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Where in its file a sweep says what, for who finds out later that it does not fit. What a file
 * leaves to defaults is in no place.
 */
public final class Places {
    /** Of a sweep without a file. */
    static final Places NONE = new Places(List.of());

    private static final String GRID = "grids?(\\[\\d+])?\\.";
    private static final String ELEMENT = "(\\[\\d+])?";

    private final List<Entry> entries;

    /**
     * A value.
     *
     * @param text of a scalar, or the only key of a mapping; empty for others
     */
    private record Entry(int line, String key, String text) {}

    private Places(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Of every value below the root of a file. */
    static Places of(Node root) {
        List<Entry> entries = new ArrayList<>();
        add("", root, entries);
        return new Places(entries);
    }

    private static void add(String key, Node node, List<Entry> entries) {
        String text = "";
        if (node instanceof ScalarNode scalar) {
            text = scalar.getValue();
        } else if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
            text = name(mapping.getValue().get(0));
        }
        entries.add(new Entry(node.getStartMark().orElseThrow().getLine() + 1, key, text));
        if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                add(key + "[" + i + "]", list.getValue().get(i), entries);
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String name = name(entry);
                String last = Value.NAME.matcher(name).matches() ? name : Quoted.of(name);
                add(key.isEmpty() ? last : key + "." + last, entry.getValueNode(), entries);
            }
        }
    }

    private static String name(NodeTuple entry) {
        return entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
    }

    /** {@code line 3: grid.architecture: }, or nothing where it is in no place. */
    public String architecture(String name) {
        return axis(Axis.ARCHITECTURE.key(), name::equals);
    }

    /** As {@link #architecture}, of a data set. */
    public String dataset(String name) {
        return axis(Axis.DATASET.key(), name::equals);
    }

    /** As {@link #architecture}, of a level of noise. */
    public String noise(BigDecimal level) {
        return axis(
                Axis.NOISE.key(),
                text -> Value.number(text).filter(v -> v.compareTo(level) == 0).isPresent());
    }

    /** As {@link #architecture}, of a method. */
    public String method(String id) {
        return axis(Axis.METHOD.key(), id::equals);
    }

    /** As {@link #architecture}, of an amount, in whichever way it is written. */
    public String size(Ratio ratio) {
        return Arrays.stream(Ratio.Kind.values())
                .map(kind -> find(GRID + Pattern.quote(kind.key()), is(kind, ratio)))
                .flatMap(Optional::stream)
                .findFirst()
                .map(Places::prefix)
                .orElse("");
    }

    private static Predicate<String> is(Ratio.Kind kind, Ratio ratio) {
        return text -> {
            try {
                return Value.number(text)
                        .map(v -> new Ratio(kind, v).canonical().equals(ratio))
                        .orElse(false);
            } catch (IllegalArgumentException e) { // out of range, and so another one
                return false;
            }
        };
    }

    /** As {@link #architecture}, of the schedule of a cell: on the axis, or in its recipe. */
    public String schedule(String recipe, String id) {
        String onAxis = axis(Axis.SCHEDULE.key(), id::equals);
        return onAxis.isEmpty() ? recipe(recipe, RecipeReader.SCHEDULE) : onAxis;
    }

    /** As {@link #architecture}, of a setting of a recipe: {@code dense.batch-size}. */
    public String recipe(String recipe, String setting) {
        String last = Pattern.quote(setting);
        String named =
                Pattern.quote(Value.NAME.matcher(recipe).matches() ? recipe : Quoted.of(recipe));
        return find("(recipe|recipes\\." + named + ")\\." + last, text -> true)
                .map(Places::prefix)
                .orElse("");
    }

    private String axis(String key, Predicate<String> value) {
        return find(GRID + Pattern.quote(key), value).map(Places::prefix).orElse("");
    }

    /** The element that passes the test; where none does, as in a range, the key itself. */
    private Optional<Entry> find(String key, Predicate<String> value) {
        Pattern element = Pattern.compile(key + ELEMENT);
        Pattern whole = Pattern.compile(key);
        return entries.stream()
                .filter(e -> element.matcher(e.key).matches() && value.test(e.text))
                .findFirst()
                .or(() -> entries.stream().filter(e -> whole.matcher(e.key).matches()).findFirst());
    }

    private static String prefix(Entry entry) {
        return Text.of("line %d: %s: ", entry.line, entry.key);
    }
}
