// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Recipe.OutputLayer;
import org.espalier.experiments.stage.Facts.PrunableLayer;
import org.espalier.experiments.sweep.Cell;
import org.junit.jupiter.api.Test;

/**
 * Of a network of 6 inputs, a hidden layer of 4 with dropout before and after it, and 2 outputs: 6
 * * 4 + 4 * 2 = 32 weights, 4 + 2 = 6 biases, 38 parameters.
 */
class FactsTest {

    @Test
    void areThoseOfTheNetworkAndTheRatio() {
        Facts facts = facts(Ratio.Kind.PRUNING_RATIO, "0.75", OutputLayer.PRUNE);

        assertThat(facts)
                .isEqualTo(
                        new Facts(
                                "classification",
                                2,
                                38,
                                List.of(
                                        new PrunableLayer("hidden", 24),
                                        new PrunableLayer("out", 8)),
                                0.75,
                                0.5));
        assertThat(facts.prunableWeights()).isEqualTo(32);
        assertThat(facts.isClassification()).isTrue();
    }

    /** 38 / 2 = 19 are to stay: 13 of 32 weights, or 5 of 24, where 38 - 24 = 14 stay anyway. */
    @Test
    void aCompressionDependsOnWhatMayBePruned() {
        assertThat(facts(Ratio.Kind.COMPRESSION, "2", OutputLayer.PRUNE).sparsityAsked())
                .isEqualTo(19.0 / 32);
        Facts kept = facts(Ratio.Kind.COMPRESSION, "2", OutputLayer.KEEP);
        assertThat(kept.sparsityAsked()).isCloseTo(19.0 / 24, within(1e-15));
        assertThat(kept.layers()).containsExactly(new PrunableLayer("hidden", 24));
        assertThat(kept.prunableWeights()).isEqualTo(24);
    }

    /** 38 / 3 = 12.7 parameters, of which 14 are not prunable. */
    @Test
    void refuseACompressionThatCannotBe() {
        assertThatThrownBy(() -> facts(Ratio.Kind.COMPRESSION, "3", OutputLayer.KEEP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "compression 3 leaves no prunable weight: 14 of 38 parameters cannot be"
                                + " pruned");
    }

    @Test
    void refuseANetworkWithNothingToPrune() {
        Architecture one =
                new Architecture(
                        "one",
                        Shape.flat(6),
                        List.of(node("out", new Layer.Dense(2), Architecture.INPUT)),
                        Architecture.Loss.SQUARED_ERROR);
        Cell keep = cell(Ratio.Kind.DENSITY, "0.5", OutputLayer.KEEP);

        assertThatThrownBy(() -> Facts.of(keep, one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "one has no prunable weights: 1 of its layers have weights, and the recipe"
                                + " keeps the output layer");
    }

    @Test
    void aRegressionHasNoClasses() {
        Facts facts =
                Facts.of(
                        cell(Ratio.Kind.DENSITY, "1", OutputLayer.PRUNE),
                        new Architecture(
                                "one",
                                Shape.flat(6),
                                List.of(node("out", new Layer.Dense(2), Architecture.INPUT)),
                                Architecture.Loss.SQUARED_ERROR));

        assertThat(facts)
                .isEqualTo(
                        new Facts(
                                "regression",
                                null,
                                14, // 6 * 2 weights, 2 biases
                                List.of(new PrunableLayer("out", 12)),
                                0,
                                0));
        assertThat(facts.isClassification()).isFalse();
    }

    @Test
    void shareNoList() {
        List<PrunableLayer> layers = new ArrayList<>(List.of(new PrunableLayer("a", 1)));
        Facts facts = new Facts("regression", null, 1, layers, 0, 0);

        layers.clear();

        assertThat(facts.layers()).hasSize(1);
    }

    private static Facts facts(Ratio.Kind kind, String value, OutputLayer outputLayer) {
        return Facts.of(
                cell(kind, value, outputLayer),
                new Architecture(
                        "net",
                        Shape.flat(6),
                        List.of(
                                node("few", new Layer.Dropout(0.25), Architecture.INPUT),
                                node("hidden", new Layer.Dense(4), "few"),
                                node("half", new Layer.Dropout(0.5), "hidden"),
                                node("out", new Layer.Dense(2), "half")),
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY));
    }

    private static Architecture.Node node(String name, Layer layer, String input) {
        return new Architecture.Node(name, layer, List.of(input));
    }

    private static Cell cell(Ratio.Kind kind, String value, OutputLayer outputLayer) {
        Recipe r = SomeCells.recipe("default", 1, 1);
        Ratio ratio = new Ratio(kind, new BigDecimal(value));
        return new Cell(
                "net",
                "digits",
                BigDecimal.ZERO,
                ratio.isControl() ? null : SomeCells.method("magnitude"),
                ratio.isControl() ? Control.FINE_TUNED : null,
                ratio,
                new Recipe(
                        r.name(),
                        r.engine(),
                        r.dense(),
                        r.schedule(),
                        r.fineTune(),
                        r.scope(),
                        outputLayer,
                        r.startFrom(),
                        r.optimizerState(),
                        r.validation(),
                        r.trainEvaluation(),
                        r.recorded(),
                        r.minPerLayer()),
                1);
    }
}
