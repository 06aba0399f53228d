// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFileTest {
    private static final Catalogue CATALOGUE =
            new Fakes.FakeCatalogue(Catalogue.UnknownDatasets.REFUSED);

    /** A grid of one control, with more lines of the grid and of the recipe. */
    private static Sweep small(String grid, String recipe) {
        return Fakes.read(
                Text.of(
                        """
                name: small
                grid:
                  architecture: lenet-5
                  dataset: mnist
                %srecipe:
                %s""",
                        grid.indent(2), recipe.indent(2)));
    }

    private static final String SHORT = "dense: {epochs: 1}\nfine-tune: {epochs: 1}\n";

    private static Sweep grid(String lines) {
        return small(lines, SHORT);
    }

    private static Recipe recipe(String lines) {
        return small("density: 1\nseed: 1", lines).recipes().get(0);
    }

    private static List<String> shown(Sweep sweep) {
        return sweep.cells().stream()
                .map(
                        c ->
                                Text.of(
                                        "%s %s %s %s %s %d",
                                        c.recipe().name(),
                                        c.architecture(),
                                        c.noise().toPlainString(),
                                        c.ratio().canonicalText(),
                                        c.methodId(),
                                        c.seed()))
                .toList();
    }

    private static List<Long> seeds(String axis) {
        return grid("density: 1\nseed: " + axis).cells().stream().map(Cell::seed).toList();
    }

    @Test
    void expandsTheProductWithOneControlForAllMethods() {
        List<Cell> cells = Fakes.read(Fakes.VALID).cells();

        // 2 architectures, 2 noises, 3 seeds; at each the control and 2 methods at 2 ratios
        assertThat(cells).hasSize(2 * 2 * 3 * (1 + 2 * 2)).doesNotHaveDuplicates();
        assertThat(cells.stream().filter(c -> c.method() == null)).hasSize(12);
    }

    @Test
    void keepsTheOrderThatIsPromised() {
        Sweep sweep = grid("seed: [2, 1]\nmethod: [undecayed, magnitude]\npruning-ratio: [0.5, 0]");

        assertThat(shown(sweep))
                .containsExactly(
                        "default lenet-5 0 pruning-ratio=0.5 undecayed 2",
                        "default lenet-5 0 pruning-ratio=0.5 magnitude 2",
                        "default lenet-5 0 pruning-ratio=0 control 2",
                        "default lenet-5 0 pruning-ratio=0.5 undecayed 1",
                        "default lenet-5 0 pruning-ratio=0.5 magnitude 1",
                        "default lenet-5 0 pruning-ratio=0 control 1");
    }

    @Test
    void needsNoMethodWhereNothingIsPruned() {
        for (String sizes : List.of("pruning-ratio: 0", "density: 1.0", "compression: 1")) {
            assertThat(grid(sizes + "\nseed: 1").cells())
                    .singleElement()
                    .satisfies(
                            c -> {
                                assertThat(c.method()).isNull();
                                assertThat(c.ratio().isControl()).isTrue();
                                assertThat(c.noise()).isEqualTo(BigDecimal.ZERO);
                            });
        }
    }

    @Test
    void advancesZippedAxesTogether() {
        Sweep sweep =
                Fakes.read(
                        """
                        name: zipped
                        grid:
                          architecture: [lenet-5, mlp-10, lenet-5]
                          dataset: [mnist, mnist, fashion-mnist]
                          seed: [1, 2]
                          density: 1
                          zip: [[dataset, architecture]]
                        recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                        """);

        assertThat(sweep.cells().stream().map(c -> c.architecture() + " " + c.dataset() + c.seed()))
                .containsExactly(
                        "lenet-5 mnist1",
                        "lenet-5 mnist2",
                        "mlp-10 mnist1",
                        "mlp-10 mnist2",
                        "lenet-5 fashion-mnist1",
                        "lenet-5 fashion-mnist2");
    }

    @Test
    void removesWhatIsExcluded() {
        Sweep sweep =
                Fakes.read(
                        Fakes.valid(
                                "  seed: 1..3\n",
                                """
                                  seed: 1..3
                                  exclude:
                                    - {method: undecayed, pruning-ratio: 0.9}
                                    - {architecture: lenet-5, seed: 2..3}
                                """));

        // lenet-300-100: 2 noises, 3 seeds, 1 + 4 - 1 cells; lenet-5: seed 1 alone
        assertThat(sweep.cells()).hasSize(2 * 3 * 4 + 2 * 4);
        assertThat(sweep.cells())
                .noneMatch(c -> c.architecture().equals("lenet-5") && c.seed() > 1)
                .noneMatch(
                        c ->
                                c.methodId().equals("undecayed")
                                        && c.ratio().value().equals(new BigDecimal("0.9")));
    }

    @Test
    void excludesOneSettingOfAMethod() {
        Sweep sweep =
                grid(
                        """
                        pruning-ratio: 0.5
                        seed: 1
                        method: [{undecayed: {samples: 1}}, {undecayed: {samples: 2}}]
                        exclude: [{method: {undecayed: {samples: 2}}}]""");

        assertThat(sweep.cells())
                .singleElement()
                .extracting(c -> c.method().settings().get("samples"))
                .isEqualTo("1");
    }

    @Test
    void mergesEqualCellsOfSeveralGrids() {
        Sweep sweep =
                Fakes.read(
                        """
                        name: two
                        grids:
                          - {architecture: lenet-5, dataset: mnist, pruning-ratio: [0, 0.50],
                             method: magnitude, seed: 1..2}
                          - {architecture: lenet-5, dataset: mnist, pruning-ratio: [5e-1, 0],
                             method: [undecayed, magnitude], seed: 2..3}
                        recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                        """);

        // the first has 2 x 2 cells; of the second's 2 x 3, seed 2's control and magnitude are
        // there
        assertThat(sweep.cells()).hasSize(4 + 6 - 2).doesNotHaveDuplicates();
    }

    @Test
    void takesAllNamedRecipesOrThoseThatAreChosen() {
        String file =
                """
                name: recipes
                grid: {architecture: lenet-5, dataset: mnist, density: 0.5, method: undecayed,
                       seed: 1%s}
                recipes:
                  plain: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                  decayed: {dense: {epochs: 1, weight-decay: 5e-4}, fine-tune: {epochs: 1}}
                """;

        assertThat(Fakes.read(Text.of(file, "")).cells())
                .extracting(
                        c -> c.recipe().name() + " " + c.method().settings().get("weight-decay"))
                .containsExactly("plain 0", "decayed 0.0005");
        assertThat(Fakes.read(Text.of(file, ", recipe: decayed")).cells())
                .extracting(c -> c.recipe().name())
                .containsExactly("decayed");
    }

    @Test
    void fillsInTheDefaultsOfARecipe() {
        Training dense =
                new Training(
                        new Optimizer.Adam(
                                new BigDecimal("0.9"),
                                new BigDecimal("0.999"),
                                new BigDecimal("1e-8")),
                        LearningRate.constant(new BigDecimal("0.001")),
                        WeightDecay.NONE,
                        64,
                        10);

        assertThat(recipe("dense: {epochs: 10}\nfine-tune: {epochs: 5}"))
                .isEqualTo(
                        new Recipe(
                                "default",
                                "vector",
                                dense,
                                new ScheduleSettings.OneShot(),
                                dense.withEpochs(5),
                                Recipe.Scope.GLOBAL,
                                Recipe.OutputLayer.PRUNE,
                                Recipe.StartFrom.LAST,
                                Recipe.OptimizerState.FRESH,
                                BigDecimal.ZERO,
                                Recipe.TrainEvaluation.ON,
                                Recipe.Recorded.NONE,
                                0));
    }

    @Test
    void fineTunesAsInTheDensePhaseButWithoutSteps() {
        Recipe recipe =
                recipe(
                        """
                        dense: {optimizer: nesterov, momentum: 0.8, learning-rate: 1e-1,
                                learning-rate-steps: [8, 9], learning-rate-factor: 0.2,
                                weight-decay: 5e-4, weight-decay-kind: decoupled,
                                batch-size: 128, epochs: 10}
                        fine-tune: {epochs: 5}""");

        assertThat(recipe.dense().learningRate())
                .isEqualTo(
                        new LearningRate(
                                new BigDecimal("0.1"), List.of(8, 9), new BigDecimal("0.2")));
        assertThat(recipe.fineTune())
                .isEqualTo(
                        new Training(
                                new Optimizer.Nesterov(new BigDecimal("0.8")),
                                LearningRate.constant(new BigDecimal("0.1")),
                                new WeightDecay(
                                        new BigDecimal("0.0005"), WeightDecay.Kind.DECOUPLED),
                                128,
                                5));
    }

    @Test
    void takesTheFactorOfTheDensePhaseAndOnlyTheSameOptimizersSettings() {
        Recipe recipe =
                recipe(
                        """
                        dense: {optimizer: adam, beta1: 0.5, learning-rate-steps: [1],
                                learning-rate-factor: 0.3, epochs: 2}
                        fine-tune: {optimizer: nesterov, learning-rate-steps: [4], epochs: 5}""");

        assertThat(recipe.fineTune().optimizer())
                .isEqualTo(new Optimizer.Nesterov(new BigDecimal("0.9")));
        assertThat(recipe.fineTune().learningRate().factor()).isEqualTo(new BigDecimal("0.3"));
    }

    @Test
    void readsTheProtocol() {
        Recipe recipe =
                recipe(
                        SHORT
                                + """
                                engine: dl4j
                                schedule: one-shot
                                scope: layer-wise
                                output-layer: keep
                                start-from: best-validation
                                optimizer-state: kept
                                validation: 0.10
                                """);

        assertThat(recipe.engine()).isEqualTo("dl4j");
        assertThat(recipe.scope()).isEqualTo(Recipe.Scope.LAYER_WISE);
        assertThat(recipe.outputLayer()).isEqualTo(Recipe.OutputLayer.KEEP);
        assertThat(recipe.startFrom()).isEqualTo(Recipe.StartFrom.BEST_VALIDATION);
        assertThat(recipe.optimizerState()).isEqualTo(Recipe.OptimizerState.KEPT);
        assertThat(recipe.validation()).isEqualTo(new BigDecimal("0.1"));
    }

    @Test
    void readsNumbersAsYaml12Does() {
        assertThat(seeds("[010, 0x10, 0o10, +3]")).containsExactly(10L, 16L, 8L, 3L);
        assertThat(seeds("9223372036854775807")).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void readsAWordThatYaml11TookForABooleanAsAName() {
        Sweep sweep =
                SweepFile.read(
                        Fakes.valid("[mnist]", "[no, \"2024\"]").getBytes(StandardCharsets.UTF_8),
                        "sweep.yaml",
                        new Fakes.FakeCatalogue(Catalogue.UnknownDatasets.ACCEPTED));

        assertThat(sweep.cells().stream().map(Cell::dataset).distinct())
                .containsExactly("no", "2024");
    }

    @Test
    void readsRanges() {
        assertThat(seeds("1..4")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(seeds("[7, 1..2, 10..30 step 10]")).containsExactly(7L, 1L, 2L, 10L, 20L, 30L);
        assertThat(seeds("5..5")).containsExactly(5L);
        assertThat(grid("pruning-ratio: 0.1..0.5 step 0.1\nmethod: magnitude\nseed: 1").cells())
                .extracting(Cell::ratio)
                .containsExactly(
                        ratio("0.1"), ratio("0.2"), ratio("0.3"), ratio("0.4"), ratio("0.5"));
    }

    private static Ratio ratio(String value) {
        return new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(value));
    }

    @Test
    void keepsDecimalsExact() {
        assertThat(recipe("dense: {learning-rate: 3.00e-4, epochs: 1}\nfine-tune: {epochs: 0}"))
                .extracting(r -> r.dense().learningRate().initial())
                .isEqualTo(new BigDecimal("0.0003"));
    }

    @Test
    void acceptsAByteOrderMarkAndWindowsLineEnds() {
        assertThat(Fakes.read("\ufeff" + Fakes.VALID.replace("\n", "\r\n")))
                .isEqualTo(Fakes.read(Fakes.VALID));
    }

    @Test
    void readsAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), Fakes.VALID);

        assertThat(SweepFile.read(file, CATALOGUE)).isEqualTo(Fakes.read(Fakes.VALID));
    }

    @Test
    void refusesWhatIsNoFile(@TempDir Path folder) {
        Path missing = folder.resolve("missing.yaml");

        assertThatThrownBy(() -> SweepFile.read(missing, CATALOGUE))
                .isInstanceOf(SweepFileException.class)
                .hasMessage(
                        Text.of(
                                "espalier: %s: 1 problem, nothing was run%n  there is no such file",
                                missing));
        assertThatThrownBy(() -> SweepFile.read(folder, CATALOGUE))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith("  expected a file, got a folder");
    }

    @Test
    void refusesAFileOfMoreThanOneMebibyte(@TempDir Path folder) throws IOException {
        int free = (1 << 20) - Fakes.VALID.length();
        String comment = ("#" + "x".repeat(62) + "\n").repeat(free / 64) + "\n".repeat(free % 64);
        Path largest = Files.writeString(folder.resolve("a.yaml"), Fakes.VALID + comment);
        Path larger = Files.writeString(folder.resolve("b.yaml"), Fakes.VALID + comment + "\n");

        assertThat(SweepFile.read(largest, CATALOGUE).cells()).hasSize(60);
        assertThatThrownBy(() -> SweepFile.read(larger, CATALOGUE))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith("  expected a file of at most 1048576 bytes, got more");
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] bytes = "name: demo\nx: ä".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> SweepFile.read(bytes, "sweep.yaml", CATALOGUE))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith(
                        "\n  line 2, column 4: expected text in UTF-8, got the byte 0xe4");
    }

    @Test
    void refusesACutOffCharacterAtTheEnd() {
        byte[] bytes = {'a', (byte) 0xc3};

        assertThatThrownBy(() -> SweepFile.read(bytes, "sweep.yaml", CATALOGUE))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith(
                        "\n  line 1, column 2: expected text in UTF-8, got the byte 0xc3");
    }

    @Test
    void showsAHundredProblemsAndHoldsAll() {
        String keys = "a: 1\n".repeat(103);

        assertThatThrownBy(() -> Fakes.read(keys))
                .isInstanceOfSatisfying(
                        SweepFileException.class,
                        e -> {
                            // name, grid and recipe are missing, a is unknown, 102 times a again
                            assertThat(e.problems()).hasSize(3 + 1 + 102);
                            assertThat(e.getMessage().lines()).hasSize(1 + 100 + 1);
                            assertThat(e).hasMessageEndingWith("\n  and 6 more");
                        });
    }

    @Test
    void countsCombinationsBeforeItExpandsThem() {
        String axis = "1..1000000";

        assertThatThrownBy(() -> grid("density: 1\nnoise: [0, 0.1]\nseed: " + axis))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith(
                        "grid: expected at most 1000000 combinations of values, got 2000000");
    }

    @Test
    void refusesSoManyPatternsThatMatchingThemTakesTooLong() {
        String patterns = "{seed: 1}, ".repeat(200) + "{seed: 2}";

        assertThatThrownBy(() -> grid("density: 1\nseed: 1..1000000\nexclude: [" + patterns + "]"))
                .isInstanceOf(SweepFileException.class)
                .hasMessageEndingWith(
                        "grid: expected fewer patterns to exclude from so many combinations,"
                                + " got 201 from 1000000");
    }

    @Test
    void refusesASweepThatCouldNotBeReadBack() {
        StringBuilder file =
                new StringBuilder(
                        "name: a\n"
                                + "grid: {architecture: lenet-5, dataset: mnist, density: 1, seed: 1}\n"
                                + "recipes:\n");
        for (int i = 0; i < 2500; i++) {
            file.append(Text.of("  r%d: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n", i));
        }

        assertThatThrownBy(() -> Fakes.read(file.toString()))
                .isInstanceOf(SweepFileException.class)
                .hasMessageMatching(
                        "(?s).*  expected at most 1048576 bytes with all defaults written out,"
                                + " got 1[0-9]{6}");
    }

    @Test
    void escapesTheNameOfTheFile() {
        assertThatThrownBy(() -> SweepFile.read(new byte[0], "a\nb", CATALOGUE))
                .hasMessageStartingWith("espalier: \"a\\nb\": 1 problem");
    }

    /**
     * As an editor indents it: JSON has tabs between its tokens, and inside of its strings none.
     */
    @Test
    void readsJsonThatIsIndentedByTabs() {
        String json =
                """
                {
                \t"name": "demo",
                \t"grid": {
                \t\t"architecture":\t"lenet-5", "dataset": "mnist", "pruning-ratio": [0,\t0.5],
                \t\t"method": "magnitude", "seed": 1
                \t},
                \t"recipe": {"dense": {"epochs": 1},\t"fine-tune": {"epochs": 1}}
                }
                """;

        assertThat(Fakes.read(json)).isEqualTo(Fakes.read(json.replace('\t', ' ')));
        assertThat(Fakes.read(json).cells()).hasSize(2);
    }
}
