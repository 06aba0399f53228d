// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.text.Text;

/**
 * A method that takes the highest of its scores instead of the lowest: what matters most goes
 * first. Its scores, and the shifts of what is pruned, are those of the method.
 *
 * <p>Source of the three targets small, large and random: Bartoldson et al. 2020, The
 * Generalization-Stability Tradeoff In Neural Network Pruning, arXiv:1906.03728, who prune filters
 * by them. Small is every method as it is and random a method of its own.
 *
 * @param method what scores
 */
record Targeted(PruningMethod method) implements PruningMethod {
    /** Name of the setting. */
    static final String TARGET = "target";

    /**
     * A method of the catalogue that can take either end of its scores.
     *
     * @param settings without the target
     * @param create makes the method that takes the lowest
     */
    static MethodDefinition definition(
            String id,
            String summary,
            List<MethodDefinition.Setting> settings,
            Function<Map<String, Object>, PruningMethod> create) {
        List<MethodDefinition.Setting> all = new ArrayList<>(settings);
        all.add(
                Settings.choice(TARGET, List.of(Text.word(Target.SMALL), Text.word(Target.LARGE)))
                        .leftOutAt(Text.word(Target.SMALL)));
        return new MethodDefinition(
                id,
                summary,
                all,
                given -> {
                    Map<String, Object> others = new HashMap<>(given);
                    Object target = others.remove(TARGET);
                    PruningMethod method = create.apply(others);
                    return Text.word(Target.LARGE).equals(target) ? new Targeted(method) : method;
                });
    }

    @Override
    public String id() {
        return method.id();
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>(method.settings());
        settings.put(TARGET, Text.word(Target.LARGE));
        return settings;
    }

    @Override
    public Unit unit() {
        return method.unit();
    }

    @Override
    public Target target() {
        return Target.LARGE;
    }

    @Override
    public Ranking rank(Evidence evidence) {
        Ranking ranking = method.rank(evidence);
        return new Ranking(ranking.scores(), ranking.shifts(), Target.LARGE);
    }

    @Override
    public List<Need> needs() {
        return method.needs();
    }

    @Override
    public Optional<String> remark(LayerKind kind) {
        return method.remark(kind);
    }

    @Override
    public Set<Draw> draws() {
        return method.draws();
    }

    @Override
    public PruningMethod resolve(Recipe recipe) {
        return new Targeted(method.resolve(recipe));
    }

    @Override
    public PruningMethod on(String structure) {
        return new Targeted(method.on(structure));
    }

    @Override
    public String besideSettings() {
        return method.besideSettings();
    }

    @Override
    public List<String> notes() {
        return method.notes();
    }
}
