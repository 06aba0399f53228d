// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.espalier.driver.spark.ExecutorEngines.Answer;
import org.espalier.executors.engine.Engines;
import org.junit.jupiter.api.Test;

class ExecutorEnginesTest {
    private static final Answer VECTOR = new Answer("a", "vector-9", "");
    private static final Answer NO_VECTOR = new Answer("b", "", "engine vector: no module");
    private static final Answer DL4J = new Answer("a", "dl4j-1/haswell", "");

    private static Engines.Resolved resolve(
            String asked, Map<String, Answer> vector, Map<String, Answer> dl4j) {
        return new ExecutorEngines(
                        List.of("vector", "dl4j"),
                        engine -> engine.equals("vector") ? vector : dl4j)
                .resolve(asked);
    }

    @Test
    void autoIsTheFirstThatEveryExecutorCanRun() {
        assertThat(resolve("auto", Map.of("0", VECTOR, "1", VECTOR), Map.of()))
                .isEqualTo(new Engines.Resolved("vector", "vector-9", ""));
        assertThat(
                        resolve(
                                "auto",
                                Map.of("0", VECTOR, "1", NO_VECTOR, "2", NO_VECTOR),
                                Map.of("0", DL4J, "1", DL4J, "2", DL4J)))
                .isEqualTo(
                        new Engines.Resolved(
                                "dl4j",
                                "dl4j-1/haswell",
                                "using engine dl4j, not engine vector: no module (on b)"));
    }

    @Test
    void refusesWhatOneExecutorCannotRun() {
        Map<String, Answer> mixed = Map.of("0", VECTOR, "1", NO_VECTOR);

        assertThatThrownBy(() -> resolve("vector", mixed, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("engine vector: no module (on b)");
        assertThatThrownBy(() -> resolve("auto", mixed, Map.of("0", new Answer("a", "", "none"))))
                .hasMessage(
                        "no engine can run on every executor: engine vector: no module (on b); none (on a)");
    }

    @Test
    void refusesExecutorsOfSeveralArithmetics() {
        Map<String, Answer> mixed = Map.of("0", DL4J, "1", new Answer("b", "dl4j-1/skylakex", ""));

        assertThatThrownBy(() -> resolve("dl4j", Map.of(), mixed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "executors disagree on engine dl4j: {a=dl4j-1/haswell, b=dl4j-1/skylakex}; give them equal machines and options, or name another engine in the recipe");
    }

    @Test
    void answersForThisJvm() {
        assertThat(ExecutorEngines.here("vector", "h").host()).isEqualTo("h");
        assertThat(ExecutorEngines.here("vector", "h").able()).isTrue();
    }
}
