// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Locale;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.junit.jupiter.api.Test;

class Dl4jEngineTest {

    @Test
    void numericsNameTheKernelsThatTheEnvironmentAskedFor() {
        String asked = System.getenv("OPENBLAS_CORETYPE");
        assumeThat(asked).as("OPENBLAS_CORETYPE").isNotNull();

        assertThat(new Dl4jEngine().numerics())
                .isEqualTo("dl4j-1/" + asked.toLowerCase(Locale.ROOT));
    }

    @Test
    void backendNamesLibrariesAndVersions() {
        assertThat(new Dl4jEngine().backend())
                .matches(
                        "ND4J 1\\.0\\.0-M2\\.1, OpenBLAS [a-z0-9]+, "
                                + System.getProperty("os.arch"));
    }

    @Test
    void refusesAnEmptyBatch() {
        Architecture architecture =
                new Architecture(
                        "line",
                        Shape.flat(2),
                        List.of(
                                new Architecture.Node(
                                        "fc", new Layer.Dense(1), List.of(Architecture.INPUT))),
                        Architecture.Loss.SQUARED_ERROR);

        assertThatThrownBy(() -> new Dl4jEngine().compile(architecture, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch size must be at least 1, got 0");
    }
}
