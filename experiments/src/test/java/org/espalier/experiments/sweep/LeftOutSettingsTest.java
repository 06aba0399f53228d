// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that a method leaves out at the value that means what was done before they came. */
class LeftOutSettingsTest {

    private record RealMethods() implements Catalogue {
        @Override
        public List<String> architectures() {
            return List.of("mlp-2");
        }

        @Override
        public Optional<String> problemWithArchitecture(String name) {
            return Optional.empty();
        }

        @Override
        public List<MethodDefinition> methods() {
            return Methods.all();
        }

        @Override
        public List<String> datasets() {
            return List.of("strokes");
        }

        @Override
        public UnknownDatasets unknownDatasets() {
            return UnknownDatasets.REFUSED;
        }

        @Override
        public List<String> engines() {
            return List.of("auto");
        }
    }

    private static Sweep read(String methods, String more) {
        String text =
                Text.of(
                        "name: a%ngrid: {architecture: mlp-2, dataset: strokes, seed: 1,"
                                + " density: 0.5, method: %s%s}%n"
                                + "recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}%n",
                        methods, more);
        return SweepFile.read(
                text.getBytes(StandardCharsets.UTF_8), "sweep.yaml", new RealMethods());
    }

    @Test
    void areOneMethodWhetherGivenOrNot() {
        Sweep given = read("[{magnitude: {target: small}}]", "");

        assertThat(given).isEqualTo(read("[magnitude]", ""));
        assertThat(FrozenSweep.text(given)).contains("method: [magnitude]");
    }

    @Test
    void aMinimumIsReadAndWrittenAgain() {
        String text = FrozenSweep.text(read("[magnitude]", "")).replace("layer: 0", "layer: 12");

        Sweep sweep =
                SweepFile.read(
                        text.getBytes(StandardCharsets.UTF_8), "frozen.yaml", new RealMethods());

        assertThat(sweep.recipes().get(0).minPerLayer()).isEqualTo(12);
        assertThat(FrozenSweep.text(sweep)).isEqualTo(text).contains("min-per-layer: 12");
    }

    @Test
    void areWrittenAtOtherValues() {
        String frozen = FrozenSweep.text(read("[{gradient: {target: large}}, magnitude]", ""));

        assertThat(frozen).contains("[{gradient: {samples: 128, target: large}}, magnitude]");
        assertThat(
                        FrozenSweep.text(
                                SweepFile.read(
                                        frozen.getBytes(StandardCharsets.UTF_8),
                                        "frozen.yaml",
                                        new RealMethods())))
                .isEqualTo(frozen);
    }

    @ParameterizedTest
    @CsvSource({"small, target=large", "large, magnitude"})
    void areFoundByPatterns(String removed, String left) {
        Sweep sweep =
                read(
                        "[magnitude, {magnitude: {target: large}}]",
                        Text.of(", exclude: [{method: {magnitude: {target: %s}}}]", removed));

        assertThat(sweep.cells())
                .singleElement()
                .satisfies(cell -> assertThat(cell.method().canonicalText()).contains(left));
        assertThat(sweep.cells().get(0).method().target())
                .hasToString(removed.equals("small") ? "LARGE" : "SMALL");
    }
}
