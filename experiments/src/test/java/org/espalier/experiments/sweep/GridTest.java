// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds of control in a grid. */
class GridTest {

    private static Sweep sweep(String lines) {
        return Fakes.read(
                Text.of(
                        """
                        name: controls
                        grid:
                          architecture: lenet-5
                          dataset: mnist
                        %srecipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                        """,
                        lines.indent(2)));
    }

    private static List<String> shown(Sweep sweep) {
        return sweep.cells().stream()
                .map(
                        c ->
                                c.seed()
                                        + " "
                                        + c.ratio().canonicalText()
                                        + " "
                                        + (c.control() == null
                                                ? c.methodId()
                                                : Text.word(c.control())))
                .toList();
    }

    /** In the place of the ratio that prunes nothing, in the order of the file. */
    @Test
    void everyKindIsACellWhereNothingIsPruned() {
        Sweep sweep =
                sweep(
                        """
                        seed: [2, 1]
                        density: [0.5, 1]
                        method: [magnitude, undecayed]
                        controls: [other-order, fine-tuned, trained-as-long]
                        """);

        assertThat(sweep.grids().get(0).controls())
                .containsExactly(Control.OTHER_ORDER, Control.FINE_TUNED, Control.TRAINED_AS_LONG);
        assertThat(shown(sweep))
                .containsExactly(
                        "2 pruning-ratio=0.5 magnitude",
                        "2 pruning-ratio=0.5 undecayed",
                        "2 pruning-ratio=0 other-order",
                        "2 pruning-ratio=0 fine-tuned",
                        "2 pruning-ratio=0 trained-as-long",
                        "1 pruning-ratio=0.5 magnitude",
                        "1 pruning-ratio=0.5 undecayed",
                        "1 pruning-ratio=0 other-order",
                        "1 pruning-ratio=0 fine-tuned",
                        "1 pruning-ratio=0 trained-as-long");
    }

    /** 2 architectures, 2 noises, 3 seeds; at each the controls and 2 methods at 2 ratios. */
    @ParameterizedTest
    @CsvSource({
        "fine-tuned, 1",
        "trained-as-long, 1",
        "'[trained-as-long, other-order]', 2",
        "'[fine-tuned, trained-as-long, other-order]', 3"
    })
    void controlsDoNotMultiplyWhatPrunes(String controls, int kinds) {
        Sweep sweep =
                Fakes.read(
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  controls: " + controls + "\n"));
        List<Cell> cells = sweep.cells();

        assertThat(cells).hasSize(2 * 2 * 3 * (kinds + 2 * 2)).doesNotHaveDuplicates();
        assertThat(cells.stream().filter(c -> c.control() != null)).hasSize(12 * kinds);
        // points of the grid, at which controls and methods are not told apart
        assertThat(sweep.grids().get(0).points()).isEqualTo(2 * 2 * 3 * 3 * 2);
    }

    @Test
    void withoutTheKeyTheControlIsFineTuned() {
        assertThat(shown(sweep("seed: 1\ncompression: 1")))
                .containsExactly("1 pruning-ratio=0 fine-tuned");
        assertThat(sweep("seed: 1\ncompression: 2\nmethod: magnitude").grids().get(0).controls())
                .isEmpty();
    }

    /** A pattern without a method removes every kind, one with a method none. */
    @Test
    void patternsRemoveAllKindsOrNone() {
        String grid =
                """
                seed: [1, 2]
                pruning-ratio: [0, 0.5]
                method: [magnitude, undecayed]
                controls: [fine-tuned, other-order]
                """;

        assertThat(shown(sweep(grid + "exclude: [{seed: 1, pruning-ratio: 0}]\n")))
                .containsExactly(
                        "1 pruning-ratio=0.5 magnitude",
                        "1 pruning-ratio=0.5 undecayed",
                        "2 pruning-ratio=0 fine-tuned",
                        "2 pruning-ratio=0 other-order",
                        "2 pruning-ratio=0.5 magnitude",
                        "2 pruning-ratio=0.5 undecayed");
        assertThat(shown(sweep(grid + "exclude: [{seed: 1, method: magnitude}]\n")))
                .containsExactly(
                        "1 pruning-ratio=0 fine-tuned",
                        "1 pruning-ratio=0 other-order",
                        "1 pruning-ratio=0.5 undecayed",
                        "2 pruning-ratio=0 fine-tuned",
                        "2 pruning-ratio=0 other-order",
                        "2 pruning-ratio=0.5 magnitude",
                        "2 pruning-ratio=0.5 undecayed");
    }

    /** Two grids that overlap in one kind have three cells. */
    @Test
    void aControlOfTwoGridsIsOneCell() {
        Sweep sweep =
                Fakes.read(
                        """
                        name: controls
                        grids:
                          - {architecture: lenet-5, dataset: mnist, seed: 1, density: 1,
                             controls: [fine-tuned, other-order]}
                          - {architecture: lenet-5, dataset: mnist, seed: 1, density: 1,
                             controls: [trained-as-long, fine-tuned]}
                        recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                        """);

        assertThat(shown(sweep))
                .containsExactly(
                        "1 pruning-ratio=0 fine-tuned",
                        "1 pruning-ratio=0 other-order",
                        "1 pruning-ratio=0 trained-as-long");
    }

    /** Of nothing pruned, no method and a kind of control each asks for the others. */
    @Test
    void aCellIsAControlOrPrunes() {
        Recipe recipe = sweep("seed: 1\ndensity: 1").recipes().get(0);
        Fakes.Magnitude magnitude = new Fakes.Magnitude();

        assertThat(cell(recipe, "0", null, Control.OTHER_ORDER).methodId()).isEqualTo("control");
        assertThat(cell(recipe, "0.5", magnitude, null).methodId()).isEqualTo("magnitude");
        assertThatThrownBy(() -> cell(recipe, "0", magnitude, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a cell is a control exactly where it prunes nothing and has no method,"
                                + " got Magnitude[] and null at pruning-ratio=0");
        assertThatThrownBy(() -> cell(recipe, "0.5", null, Control.FINE_TUNED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cell(recipe, "0.5", magnitude, Control.FINE_TUNED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cell(recipe, "0", magnitude, Control.FINE_TUNED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cell(recipe, "0", null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cell(recipe, "0.5", null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Cell cell(Recipe recipe, String ratio, Fakes.Magnitude method, Control control) {
        return new Cell(
                "lenet-5",
                "mnist",
                BigDecimal.ZERO,
                method,
                control,
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                recipe,
                1);
    }
}
