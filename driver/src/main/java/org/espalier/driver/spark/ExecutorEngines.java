// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.executors.engine.Engines;
import org.espalier.results.text.Text;

/** Which engine all executors can run, with one arithmetic. */
final class ExecutorEngines {
    private final List<String> engines;
    private final Function<String, Map<String, Answer>> ask;

    /**
     * @param engines by name, in the order in which {@code auto} tries them
     * @param ask every executor for an engine by name: answers by executor, at least one
     */
    ExecutorEngines(List<String> engines, Function<String, Map<String, Answer>> ask) {
        this.engines = List.copyOf(engines);
        this.ask = ask;
    }

    /**
     * What one executor says of an engine.
     *
     * @param numerics empty where it cannot run the engine
     * @param hindrance why; empty where it can
     */
    record Answer(String host, String numerics, String hindrance) {
        boolean able() {
            return hindrance.isEmpty();
        }
    }

    /** The answer of this JVM. */
    static Answer here(String engine, String host) {
        try {
            return new Answer(host, Engines.resolve(engine).numerics(), "");
        } catch (IllegalStateException e) {
            return new Answer(host, "", Text.firstLine(e));
        }
    }

    /**
     * The engine that is asked for, of {@code auto} the first that every executor can run.
     *
     * @throws IllegalStateException if there is none, or executors disagree on its arithmetic
     */
    Engines.Resolved resolve(String asked) {
        if (!asked.equals(Engines.AUTO)) {
            Map<String, Answer> answers = ask.apply(asked);
            if (!answers.values().stream().allMatch(Answer::able)) {
                throw new IllegalStateException(hindrances(answers));
            }
            return new Engines.Resolved(asked, numerics(asked, answers), "");
        }
        List<String> passedOver = new ArrayList<>();
        for (String engine : engines) {
            Map<String, Answer> answers = ask.apply(engine);
            if (answers.values().stream().allMatch(Answer::able)) {
                return new Engines.Resolved(
                        engine, numerics(engine, answers), Engines.remark(engine, passedOver));
            }
            passedOver.add(hindrances(answers));
        }
        throw new IllegalStateException(
                "no engine can run on every executor: " + String.join("; ", passedOver));
    }

    private static String numerics(String engine, Map<String, Answer> answers) {
        Set<String> distinct =
                answers.values().stream()
                        .map(Answer::numerics)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (distinct.size() > 1) {
            Map<String, String> byHost = new TreeMap<>();
            answers.values().forEach(it -> byHost.put(it.host(), it.numerics()));
            throw new IllegalStateException(
                    Text.of(
                            "executors disagree on engine %s: %s; give them equal machines and options, or name another engine in the recipe",
                            engine, byHost));
        }
        return distinct.iterator().next();
    }

    /** Why it cannot run, where it cannot: each reason with the hosts that give it. */
    private static String hindrances(Map<String, Answer> answers) {
        Map<String, Set<String>> hosts = new TreeMap<>();
        answers.values().stream()
                .filter(it -> !it.able())
                .forEach(
                        it ->
                                hosts.computeIfAbsent(it.hindrance(), why -> new TreeSet<>())
                                        .add(it.host()));
        return hosts.entrySet().stream()
                .map(it -> Text.of("%s (on %s)", it.getKey(), String.join(", ", it.getValue())))
                .collect(Collectors.joining("; "));
    }
}
