// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.MethodDefinition.Setting;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/** Reads methods: a name, or one name with its settings. */
final class MethodReader {
    private static final String SHAPE =
            "a method, or one method with its settings such as {undecayed: {weight-decay: 5e-4}}";

    private final List<MethodDefinition> definitions;

    MethodReader(List<MethodDefinition> definitions) {
        this.definitions = definitions;
    }

    /** What the file says of a method: which, and the settings it gives. */
    private record Written(MethodDefinition definition, Map<String, Object> given) {}

    /** A method of an axis, with all its settings that do not differ between the recipes. */
    Optional<GridMethod> read(Value value, Collection<Recipe> recipes) {
        Optional<Written> written = written(value);
        if (written.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(resolve(written.get(), recipes));
        } catch (IllegalArgumentException e) {
            value.problem(e.getMessage());
            return Optional.empty();
        }
    }

    /** Places on the axis of the methods that have this name and at least these settings. */
    List<Integer> places(Value value, List<GridMethod> axis) {
        Optional<Written> pattern = written(value);
        List<Integer> places = new ArrayList<>();
        if (pattern.isEmpty()) {
            return places;
        }
        for (int i = 0; i < axis.size(); i++) {
            GridMethod method = axis.get(i);
            if (method.method().id().equals(pattern.get().definition().id())
                    && method.settings().entrySet().containsAll(texts(pattern.get()).entrySet())
                    && pattern.get().definition().settings().stream()
                            .filter(setting -> isLeftOut(setting, pattern.get().given()))
                            .noneMatch(s -> method.settings().containsKey(s.name()))) {
                places.add(i);
            }
        }
        if (places.isEmpty()) {
            value.expected("a method of this grid");
        }
        return places;
    }

    private Optional<Written> written(Value value) {
        if (value.isString()) {
            return definition(value, value.string().orElseThrow())
                    .map(d -> new Written(d, Map.of()));
        }
        Optional<Fields> fields = Fields.named(value, SHAPE);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (fields.get().all().size() != 1) {
            value.expected(SHAPE, fields.get().all().size() + " names");
            return Optional.empty();
        }
        Map.Entry<String, Value> only = fields.get().all().entrySet().iterator().next();
        return definition(value, only.getKey()).flatMap(d -> settings(d, only.getValue()));
    }

    private Optional<MethodDefinition> definition(Value value, String id) {
        Optional<MethodDefinition> found =
                definitions.stream().filter(d -> d.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            List<String> ids = definitions.stream().map(MethodDefinition::id).toList();
            value.problem(NearMatch.unknown(id, ids));
        }
        return found;
    }

    private static Optional<Written> settings(MethodDefinition definition, Value value) {
        List<String> names = definition.settings().stream().map(Setting::name).toList();
        if (names.isEmpty()) {
            value.expected(Text.of("%s alone, which has no settings", definition.id()));
            return Optional.empty();
        }
        int before = value.problems().count();
        Optional<Fields> fields =
                Fields.of(value, Text.of("settings of %s: %s", definition.id(), names), names);
        Map<String, Object> given = new HashMap<>();
        for (Setting setting : definition.settings()) {
            fields.flatMap(f -> f.find(setting.name()))
                    .flatMap(v -> setting(setting, v))
                    .ifPresent(v -> given.put(setting.name(), v));
        }
        return value.problems().count() > before
                ? Optional.empty()
                : Optional.of(new Written(definition, given));
    }

    private static Optional<Object> setting(Setting setting, Value value) {
        return switch (setting.kind()) {
            case DECIMAL ->
                    value.decimal(setting.expected(), v -> fits(setting, v)).map(v -> (Object) v);
            case INTEGER ->
                    value.integer(setting.expected(), v -> isInt(v) && fits(setting, v))
                            .map(Math::toIntExact);
            case CHOICE -> value.choice(setting.choices()).map(v -> (Object) v);
        };
    }

    private static boolean fits(Setting setting, BigDecimal value) {
        return setting.minimum() == null || value.compareTo(setting.minimum()) >= 0;
    }

    private static boolean isInt(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0
                && value.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
    }

    private static GridMethod resolve(Written written, Collection<Recipe> recipes) {
        PruningMethod method = written.definition().create().apply(written.given());
        List<SortedMap<String, String>> resolutions =
                recipes.stream().map(r -> method.resolve(r).settings()).toList();
        SortedMap<String, String> settings = texts(written);
        Map<String, Object> typed = new HashMap<>(written.given());
        for (Setting setting : written.definition().settings()) {
            List<String> texts =
                    resolutions.stream().map(r -> r.getOrDefault(setting.name(), "")).toList();
            if (texts.stream().distinct().count() == 1) {
                typed(setting, texts.get(0))
                        .ifPresent(
                                value -> {
                                    settings.put(setting.name(), text(value));
                                    typed.put(setting.name(), value);
                                });
            }
        }
        return new GridMethod(written.definition().create().apply(typed), settings);
    }

    /** What is given, in canonical spelling; without what a method leaves out of its settings. */
    private static SortedMap<String, String> texts(Written written) {
        SortedMap<String, String> texts = new TreeMap<>();
        written.given().forEach((name, value) -> texts.put(name, text(value)));
        written.definition().settings().stream()
                .filter(setting -> isLeftOut(setting, written.given()))
                .forEach(setting -> texts.remove(setting.name()));
        return texts;
    }

    /** Whether a setting is given at the value at which methods leave it out. */
    private static boolean isLeftOut(Setting setting, Map<String, Object> given) {
        Object value = given.get(setting.name());
        return value != null && setting.leftOut().equals(Optional.of(text(value)));
    }

    private static String text(Object value) {
        return value instanceof BigDecimal decimal ? Decimal.text(decimal) : value.toString();
    }

    /** A method's own text of a setting as the value that a file would give. */
    private static Optional<Object> typed(Setting setting, String text) {
        if (setting.kind() == Setting.Kind.CHOICE) {
            return setting.choices().contains(text) ? Optional.of(text) : Optional.empty();
        }
        Optional<BigDecimal> number = Value.number(text).filter(v -> fits(setting, v));
        return setting.kind() == Setting.Kind.DECIMAL
                ? number.map(Decimal::canonical)
                : number.filter(MethodReader::isInt).map(BigDecimal::intValueExact);
    }
}
