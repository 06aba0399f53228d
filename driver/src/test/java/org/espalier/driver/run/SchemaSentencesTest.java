// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.driver.RanCells;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Selection;
import org.espalier.results.CellRow.Status;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sentences of the schema's page, held against rows of cells that were run. */
class SchemaSentencesTest {
    private static final String RECIPES =
            """
            recipes:
              plain:
                validation: 0.2
                dense: {optimizer: adam, learning-rate: 0.02, batch-size: 8, epochs: 6}
                fine-tune: {optimizer: nesterov, momentum: 0.9, learning-rate: 0.01, epochs: 4}
              best:
                validation: 0.2
                train-evaluation: off
                record: none
                scope: layer-wise
                output-layer: keep
                start-from: best-validation
                dense: {optimizer: adam, learning-rate: 0.02, batch-size: 8, epochs: 6, weight-decay: 0.001}
                fine-tune: {epochs: 1}
              wild:
                dense: {optimizer: sgd, learning-rate: 1e29, batch-size: 8, epochs: 2}
                fine-tune: {epochs: 1}
            """;

    private static List<CellRow> rows;

    @BeforeAll
    static void run() {
        rows = new ArrayList<>();
        rows.addAll(
                RanCells.of(
                        """
                        name: classes
                        grid:
                          recipe: [plain, best, wild]
                          architecture: mlp-8
                          dataset: tiny
                          noise: [0, 0.2]
                          pruning-ratio: [0, 0.33, 0.9]
                          method: [magnitude, {magnitude: {target: large}}, {undecayed: {weight-decay: 5e-4}}, random]
                          controls: [fine-tuned, trained-as-long]
                          seed: 1
                        """
                                + RECIPES));
        rows.addAll(
                RanCells.of(
                        """
                        name: values
                        grid:
                          recipe: [small, small-best]
                          architecture: mlp-8-tanh
                          dataset: diffusion-sorption
                          noise: [0, 0.01]
                          compression: [1, 2]
                          method: [magnitude]
                          seed: 1
                        recipes:
                          small:
                            validation: 0.1
                            dense: {optimizer: adam, learning-rate: 0.01, batch-size: 64, epochs: 4}
                            fine-tune: {epochs: 2}
                          small-best:
                            validation: 0.1
                            start-from: best-validation
                            dense: {optimizer: adam, learning-rate: 0.01, batch-size: 64, epochs: 4}
                            fine-tune: {epochs: 2}
                        """));
    }

    private static Stream<CellRow> completed() {
        return rows.stream().filter(r -> r.status() == Status.COMPLETED);
    }

    private static Stream<CellRow> failed() {
        return rows.stream().filter(r -> r.status() == Status.FAILED);
    }

    private static boolean classes(CellRow row) {
        return row.condition().dataset().equals("tiny");
    }

    /** 3 recipes x 2 noises x (2 controls + 2 ratios x 4 methods), and 2 x 2 x 2. */
    @Test
    void allThatIsLookedAtIsThere() {
        assertThat(rows).hasSize(3 * 2 * 10 + 8);
        assertThat(failed()).hasSize(20).allMatch(r -> r.condition().recipe().equals("wild"));
        assertThat(rows).extracting(CellRow::cellId).doesNotHaveDuplicates();
    }

    @Test
    void taskIsAFactOfTheDataSet() {
        assertThat(rows)
                .allSatisfy(
                        r -> {
                            assertThat(r.task())
                                    .isEqualTo(classes(r) ? "classification" : "regression");
                            assertThat(r.network().classes())
                                    .isEqualTo(classes(r) ? (Integer) 3 : null);
                        });
        assertThat(rows.stream().map(r -> r.task() + " " + (r.condition().noise() > 0)).distinct())
                .hasSize(4);
    }

    @Test
    void noiseKindIsNullWhereNoiseIs0() {
        assertThat(rows)
                .allSatisfy(
                        r ->
                                assertThat(r.condition().noiseKind())
                                        .isEqualTo(
                                                r.condition().noise() == 0
                                                        ? null
                                                        : classes(r)
                                                                ? "label-flips"
                                                                : "uniform-targets"));
    }

    @Test
    void aControlHasNoMethodAndNoSettingsAndAPrunedCellNoControl() {
        assertThat(rows)
                .allSatisfy(
                        r -> {
                            boolean control = r.condition().method().equals("control");
                            if (control) {
                                assertThat(r.condition().methodSettings()).isNull();
                                assertThat(r.condition().control())
                                        .isIn("fine-tuned", "trained-as-long");
                                assertThat(r.pruned()).isEqualTo(r.dense());
                                assertThat(r.events()).isEmpty();
                                assertThat(r.rounds()).isEmpty();
                                assertThat(r.ticket()).isNull();
                            } else {
                                assertThat(r.condition().methodSettings()).startsWith("{");
                                assertThat(r.condition().control()).isNull();
                            }
                        });
        assertThat(rows.stream().map(r -> r.condition().methodSettings()).distinct())
                .contains("{}", "{\"samples\":\"128\",\"weight-decay\":\"0.0005\"}");
    }

    /** The threshold is a true score: below what is pruned where the target is large. */
    @Test
    void anEventSaysWhichScoresItTook() {
        assertThat(completed().filter(r -> r.condition().control() == null))
                .isNotEmpty()
                .allSatisfy(
                        r -> {
                            CellRow.Event event = r.events().get(0);
                            boolean large = r.condition().methodSettings().contains("large");
                            boolean chance = r.condition().method().equals("random");
                            assertThat(event.target())
                                    .isEqualTo(large ? "large" : chance ? "random" : "small");
                            Double threshold = event.scoring().threshold();
                            if (threshold != null) {
                                double mean = event.scoring().meanPruned();
                                assertThat(large ? threshold : mean)
                                        .isNotNegative()
                                        .isLessThanOrEqualTo(large ? mean : threshold);
                            }
                        });
        assertThat(completed().flatMap(r -> r.events().stream()).map(CellRow.Event::target))
                .contains("large", "small", "random");
    }

    @Test
    void aConstantPredictorIsMarkedWithItsClass() {
        List<CellRow.Measures> tests =
                completed()
                        .flatMap(r -> Stream.of(r.dense(), r.pruned(), r.fineTuned()))
                        .map(CellRow.Evaluation::test)
                        .toList();
        assertThat(tests)
                .allSatisfy(
                        test -> {
                            List<Integer> taken =
                                    IntStream.range(0, test.confusion().size())
                                            .filter(
                                                    k ->
                                                            test.confusion().stream()
                                                                    .anyMatch(c -> c.get(k) > 0))
                                            .boxed()
                                            .toList();
                            assertThat(test.constantClass())
                                    .isEqualTo(taken.size() == 1 ? taken.get(0) : null);
                        });
        assertThat(tests).anyMatch(test -> test.constantClass() != null);
    }

    @Test
    void settingsAreNullWhereTheyMeanNothing() {
        assertThat(rows)
                .allSatisfy(
                        r ->
                                assertThat(
                                                Stream.of(
                                                        r.condition().dense(),
                                                        r.condition().fineTune()))
                                        .allSatisfy(
                                                t -> {
                                                    boolean adam = t.optimizer().equals("adam");
                                                    assertThat(t.beta1() != null).isEqualTo(adam);
                                                    assertThat(t.beta2() != null).isEqualTo(adam);
                                                    assertThat(t.epsilon() != null).isEqualTo(adam);
                                                    assertThat(t.momentum() != null)
                                                            .isEqualTo(
                                                                    t.optimizer()
                                                                            .equals("nesterov"));
                                                    assertThat(t.weightDecayKind() != null)
                                                            .isEqualTo(t.weightDecay() != 0);
                                                    assertThat(t.weightDecayOn() != null)
                                                            .isEqualTo(t.weightDecay() != 0);
                                                    assertThat(t.learningRateSteps()).isEmpty();
                                                    assertThat(t.learningRateFactor()).isNull();
                                                }));
    }

    /** The tensor of a layer's weights is called as the layer, with {@code .weight} behind it. */
    @Test
    void layersAreCalledAsInTheArchitecture() {
        List<String> layers =
                Architectures.create(
                                "mlp-8",
                                new Shape(1, 6, 6),
                                3,
                                Architecture.Loss.SOFTMAX_CROSS_ENTROPY)
                        .parameters()
                        .stream()
                        .map(p -> p.name())
                        .filter(name -> name.endsWith(".weight"))
                        .map(name -> name.substring(0, name.length() - ".weight".length()))
                        .toList();
        assertThat(layers).hasSize(2);

        assertThat(completed().filter(SchemaSentencesTest::classes))
                .isNotEmpty()
                .allSatisfy(
                        r -> {
                            boolean keep = r.condition().outputLayer().equals("keep");
                            List<String> prunable = keep ? layers.subList(0, 1) : layers;
                            assertThat(r.sparsity().layers())
                                    .extracting(LayerSparsity::layer)
                                    .isEqualTo(prunable);
                            assertThat(r.events())
                                    .allSatisfy(
                                            e ->
                                                    assertThat(e.layers())
                                                            .extracting(l -> l.layer())
                                                            .isEqualTo(prunable));
                            assertThat(r.network().parameters()).isEqualTo(36 * 8 + 8 + 8 * 3 + 3);
                            assertThat(r.network().prunableWeights())
                                    .isEqualTo(keep ? 36 * 8 : 36 * 8 + 8 * 3);
                        });
        assertThat(failed())
                .allSatisfy(
                        r -> {
                            boolean control = r.condition().control() != null;
                            assertThat(r.sparsity().layers().isEmpty()).isEqualTo(!control);
                            assertThat(r.sparsity().achieved() == null).isEqualTo(!control);
                        });
    }

    /**
     * A pruning ratio of prunable weights is the sparsity; a compression of c leaves 1/c of all
     * parameters, biases included, of which none is pruned.
     */
    @Test
    void sparsityIsAskedBeforeRounding() {
        assertThat(rows)
                .allSatisfy(
                        r -> {
                            double all = r.network().parameters();
                            double prunable = r.network().prunableWeights();
                            double ratio = r.condition().ratio();
                            double asked =
                                    r.condition().ratioKind().equals("compression")
                                            ? (all - all / ratio) / prunable
                                            : ratio;
                            assertThat(r.sparsity().asked()).isCloseTo(asked, within(1e-12));
                        });
        assertThat(completed())
                .allSatisfy(
                        r -> {
                            double prunable = r.network().prunableWeights();
                            long pruned = sum(r, LayerSparsity::pruned);
                            int layers = r.sparsity().layers().size();
                            assertThat(r.sparsity().achieved())
                                    .isEqualTo(pruned / prunable)
                                    .isCloseTo(r.sparsity().asked(), within(layers / prunable));
                            assertThat(sum(r, LayerSparsity::weights)).isEqualTo((long) prunable);
                            assertThat(r.sparsity().compressionAchieved())
                                    .isEqualTo(
                                            (double) r.network().parameters()
                                                    / (r.network().parameters() - pruned));
                            for (LayerSparsity layer : r.sparsity().layers()) {
                                if (r.condition().scope().equals("global")) {
                                    assertThat(layer.askedPruned()).isEqualTo(layer.pruned());
                                } else {
                                    assertThat((double) layer.askedPruned())
                                            .isCloseTo(
                                                    r.sparsity().asked() * layer.weights(),
                                                    within(1.0));
                                }
                            }
                        });
    }

    private static long sum(CellRow row, Function<LayerSparsity, Long> of) {
        return row.sparsity().layers().stream().mapToLong(of::apply).sum();
    }

    /** Of equal epochs the earliest; rules of accuracy have no place in a regression. */
    @Test
    void everyRuleTakesTheEpochThatItsSentenceSays() {
        assertThat(completed())
                .allSatisfy(
                        r -> {
                            for (String phase : phases(r)) {
                                List<CurvePoint> curve =
                                        r.curve().stream()
                                                .filter(p -> p.phase().equals(phase))
                                                .toList();
                                List<String> expected = new ArrayList<>();
                                expected.add("last " + curve.get(curve.size() - 1).epoch());
                                expected.add(
                                        "validation-loss "
                                                + least(curve, CurvePoint::validationLoss));
                                expected.add("test-loss " + least(curve, CurvePoint::testLoss));
                                if (classes(r)) {
                                    expected.add(
                                            "validation-accuracy "
                                                    + least(curve, p -> -p.validationAccuracy()));
                                    expected.add(
                                            "test-accuracy "
                                                    + least(curve, p -> -p.testAccuracy()));
                                }
                                assertThat(
                                                r.selections().stream()
                                                        .filter(s -> s.phase().equals(phase)))
                                        .extracting(s -> s.rule() + " " + s.epoch())
                                        .containsExactlyInAnyOrderElementsOf(expected);
                            }
                            assertThat(r.selections())
                                    .allSatisfy(
                                            s -> {
                                                CurvePoint point = point(r, s);
                                                assertThat(s.test().loss())
                                                        .isEqualTo(point.testLoss());
                                                assertThat(s.test().accuracy())
                                                        .isEqualTo(point.testAccuracy());
                                            });
                        });
    }

    private static List<String> phases(CellRow row) {
        return row.curve().stream().map(CurvePoint::phase).distinct().toList();
    }

    private static int least(List<CurvePoint> curve, Function<CurvePoint, Double> value) {
        return curve.stream().min(Comparator.comparing(value)).orElseThrow().epoch();
    }

    private static CurvePoint point(CellRow row, Selection selection) {
        return row.curve().stream()
                .filter(p -> p.phase().equals(selection.phase()))
                .filter(p -> p.round() == selection.round() && p.epoch() == selection.epoch())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Pruning starts from the last epoch, or from the one of highest validation accuracy; of lowest
     * loss where there are no classes. What it does not start from is another network somewhere.
     */
    @Test
    void pruningStartsFromTheEpochThatTheRecipeSays() {
        List<CellRow> pruned = completed().filter(r -> r.condition().control() == null).toList();
        int others = 0;
        for (CellRow r : pruned) {
            boolean last = r.condition().startFrom().equals("last");
            String rule = last ? "last" : classes(r) ? "validation-accuracy" : "validation-loss";
            Selection chosen =
                    r.selections().stream()
                            .filter(s -> s.phase().equals("dense") && s.rule().equals(rule))
                            .findFirst()
                            .orElseThrow();
            assertThat(r.dense().test()).isEqualTo(chosen.test());
            others += !last && chosen.epoch() < r.condition().dense().epochs() ? 1 : 0;
        }
        assertThat(others).isPositive();
    }

    @Test
    void whatWasMeasuredIsThereAndTheRestIsNull() {
        assertThat(completed())
                .allSatisfy(
                        r ->
                                assertThat(Stream.of(r.dense(), r.pruned(), r.fineTuned()))
                                        .allSatisfy(e -> assertMeasured(r, e)));
    }

    private static void assertMeasured(CellRow r, Evaluation e) {
        boolean noisy = r.condition().noise() > 0;
        boolean train = r.condition().trainEvaluation().equals("on");
        assertThat(e.test()).isNotNull();
        assertThat(e.test().accuracy() != null).isEqualTo(classes(r));
        assertThat(e.test().top5Accuracy()).isNull();
        assertThat(e.test().calibration()).hasSize(classes(r) ? 15 : 0);
        assertThat(e.testClean() != null).isEqualTo(noisy && !classes(r));
        assertThat(e.train() != null).isEqualTo(train);
        assertThat(e.trainClean() != null).isEqualTo(train && noisy);
        assertThat(e.flipped() != null).isEqualTo(train && noisy && classes(r));
        assertThat(e.predictions()).isNull();
    }

    @Test
    void aFirstRunReusesNoTrunk() {
        assertThat(rows).noneMatch(r -> r.timings().trunkReused());
    }

    /** A failed row tells where it failed; the dense training of these was the first to. */
    @Test
    void rowsOfAFailedTrunkTellWhatIsKnownOfThem() {
        assertThat(failed())
                .allSatisfy(
                        r -> {
                            assertThat(r.dense()).isNull();
                            assertThat(r.pruned()).isNull();
                            assertThat(r.fineTuned()).isNull();
                            assertThat(r.failure().causeId()).isEqualTo(r.identity().trunk());
                        });
    }

    @Test
    void stagesEndWithTheNetworkAtTheEndAndHoldTheTrunk() {
        assertThat(rows)
                .allSatisfy(
                        r ->
                                assertThat(r.identity().stages())
                                        .contains(r.identity().trunk())
                                        .doesNotHaveDuplicates());
    }
}
