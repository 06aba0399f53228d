// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/**
 * What settings of one folder are called: architecture and data set, and of the rest what is not
 * usual and what tells a setting from another one of that architecture and data set. No two
 * settings have one name.
 */
public final class SettingNames {
    private static final String LONG_HASH = "([0-9a-f]{12})[0-9a-f]{20,}";

    private final Map<Key, String> names = new LinkedHashMap<>();

    /** A part of a setting that is told where it is not usual, or differs between settings. */
    private record Trait(String label, Function<Key, String> value, String usual) {
        String told(Key setting, Collection<Key> others) {
            String own = value.apply(setting);
            boolean alike = others.stream().allMatch(other -> value.apply(other).equals(own));
            return alike && (usual == null || own.equals(usual)) ? "" : ", " + label + " " + own;
        }
    }

    private static final List<Trait> TRAITS =
            List.of(
                    new Trait("noise", k -> Decimal.text(BigDecimal.valueOf(k.noise())), "0"),
                    new Trait("recipe", Key::recipe, "default"),
                    new Trait(
                            "schedule",
                            k ->
                                    k.schedule().equals(ScheduleSettings.OneShot.ID)
                                            ? k.schedule()
                                            : k.scheduleText(),
                            ScheduleSettings.OneShot.ID),
                    new Trait("data with fingerprint", k -> shortened(k.fingerprint()), null),
                    new Trait("arithmetic", Key::numerics, null),
                    new Trait("science", k -> k.science().isEmpty() ? "1" : k.science(), null));

    /**
     * @param settings of all that is shown together, as {@link Key#setting} makes them
     */
    public SettingNames(Collection<Key> settings) {
        Map<String, List<Key>> comparable =
                settings.stream().collect(Collectors.groupingBy(SettingNames::beginning));
        for (Key setting : settings) {
            StringBuilder name = new StringBuilder(beginning(setting));
            List<Key> others = comparable.get(name.toString());
            TRAITS.forEach(trait -> name.append(trait.told(setting, others)));
            names.put(setting, name.toString());
        }
        tellRecipesApart();
    }

    /** The name of one of the settings. */
    public String of(Key setting) {
        return names.get(setting);
    }

    private static String beginning(Key setting) {
        return setting.architecture() + " on " + setting.dataset();
    }

    private static String shortened(String fingerprint) {
        return fingerprint.replaceAll(LONG_HASH, "$1");
    }

    /** Settings that still share a name differ in what the recipe of that name says. */
    private void tellRecipesApart() {
        Map<String, List<Key>> alike =
                names.keySet().stream().collect(Collectors.groupingBy(names::get));
        alike.values().stream()
                .filter(keys -> keys.size() > 1)
                .forEach(
                        keys -> {
                            List<String> told =
                                    differences(keys.stream().map(Key::recipeSettings).toList());
                            for (int i = 0; i < keys.size(); i++) {
                                if (!told.get(i).isEmpty()) {
                                    names.merge(keys.get(i), ", " + told.get(i), String::concat);
                                }
                            }
                        });
    }

    /**
     * Of each text what is not in all of them: its words, {@code key=value}, or {@code key=[words]}
     * of which only the words that differ are told.
     */
    static List<String> differences(List<String> texts) {
        List<List<String>> words = texts.stream().map(SettingNames::words).toList();
        List<String> told = new ArrayList<>();
        for (List<String> own : words) {
            told.add(
                    own.stream()
                            .filter(word -> !words.stream().allMatch(w -> w.contains(word)))
                            .collect(Collectors.joining(" ")));
        }
        return told;
    }

    /** Words of a canonical text; those in brackets each with the key of the brackets before it. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        String inside = "";
        for (String word : text.split(" ")) {
            String plain = word;
            int open = word.indexOf("=[");
            if (open >= 0) {
                inside = word.substring(0, open) + " ";
                plain = word.substring(open + 2);
            }
            words.add(inside + (plain.endsWith("]") ? plain.replaceAll("]+$", "") : plain));
            if (word.endsWith("]")) {
                inside = "";
            }
        }
        return words;
    }
}
