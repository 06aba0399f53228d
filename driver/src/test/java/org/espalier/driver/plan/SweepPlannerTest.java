// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;

class SweepPlannerTest {
    private static final String SWEEP =
            """
            name: planned
            grid:
              architecture: mlp-8
              dataset: strokes
              pruning-ratio: [0, 0.5]
              method: [undecayed]
              seed: 1
            recipe:
              validation: 0.1
              dense: {batch-size: 16, epochs: 2}
              fine-tune: {epochs: 1}
            """;

    private static final Datasets DATASETS = new Datasets(Optional.empty());

    private static final Percentage ROUNDING = Percentage.withPercentage(1e-9);

    /** Of sums of 1e10 in double. */
    private static final Offset<Double> ABOUT = Offset.offset(1e-3);

    private final List<String> asked = new ArrayList<>();

    /**
     * f = 784 * 8 + 8 * 10 = 6,352 multiply-adds forward; n training samples, a tenth held out; m
     * test samples. Two cells share the trunk; the control prunes nothing, so that it has no
     * network between the dense one and its last.
     */
    @Test
    void estimatesWorkByHand() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        double n = data.trainSamples();
        double m = data.testSamples();
        double f = 6_352;
        double epoch = f * (3 * 0.9 * n + 0.1 * n + m);
        double onTraining = f * 0.9 * n;
        double trunk = 2 * epoch + onTraining;
        double control = epoch + onTraining;
        // the gradient of 128 samples is three passes over them; then the test set
        double pruned = (3 * 128 * f + f * m + onTraining) + (epoch + onTraining);

        Plan plan = plan(SWEEP);

        assertThat(plan.totalWork()).isCloseTo(trunk + control + pruned, ROUNDING);
        assertThat(plan.unsharedWork()).isCloseTo(2 * trunk + control + pruned, ROUNDING);
        assertThat(plan.expectedSeconds(2))
                .isCloseTo((trunk + control + pruned) / 50e9 / 2, ROUNDING);
    }

    /** A schedule that cannot be carried out ends the plan in one sentence, whatever it lacks. */
    @Test
    void refusesSchedulesThatDoNotFit() {
        assertRefused(
                "{ramp: {start: 0, end: 9, period: 1}}",
                "end 10ep is after the end of the dense training, 2ep");
        assertRefused(
                "{lottery: {rewind-to: 2ep}}",
                "rewind-to 2ep is not before the end of the dense training, 2ep");
        assertRefused(
                "{mask-from: {dataset: diffusion-sorption}}",
                "a mask of diffusion-sorption does not fit: mlp-8 on it is another network, as its"
                        + " samples or classes differ from those of strokes");
        assertRefused(
                "{ramp: {start: 0, end: 1, period: 1, layers: {fc9: {ratio: 0}}}}",
                "a ramp with settings of single layers needs scope: layer-wise");
        assertRefused(
                "{ramp: {start: 0, end: 1, period: 1, layers: {fc9: {ratio: 0}}}}\n  scope: layer-wise",
                "layers of the ramp: mlp-8 has no prunable layer fc9; did you mean \"fc1\"? known: fc1, fc2");
    }

    private void assertRefused(String schedule, String why) {
        assertThatThrownBy(
                        () ->
                                plan(
                                        SWEEP.replace(
                                                "  validation:",
                                                "  schedule: " + schedule + "\n  validation:")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("sweep ")
                .hasMessageContaining("mlp-8 on strokes: ")
                .hasMessageContaining(why);
    }

    /** What is measured beside training is not done where it is off. */
    @Test
    void measuringOnTheTrainingSamplesIsWork() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        Plan on = plan(SWEEP);
        Plan off = plan(SWEEP.replace("validation:", "train-evaluation: off\n  validation:"));

        // the dense network, the control's last, the pruned one and its last
        assertThat(on.totalWork() - off.totalWork())
                .isCloseTo(4 * 6_352.0 * 0.9 * data.trainSamples(), ROUNDING);
        assertThat(off.graph().trunks().get(0).name()).isEqualTo(on.graph().trunks().get(0).name());
    }

    /** Two epochs are trained once for both; each of the two is measured at its end. */
    @Test
    void epochsThatAreSharedCountOnce() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        double onTraining = 6_352.0 * 0.9 * data.trainSamples();
        String two =
                SWEEP.replace("  architecture", "  recipe: [short, long]\n  architecture")
                        .replace(
                                "recipe:\n  validation: 0.1\n",
                                """
                                recipes:
                                  long:
                                    validation: 0.1
                                    dense: {batch-size: 16, epochs: 5}
                                    fine-tune: {epochs: 1}
                                  short:
                                    validation: 0.1
                                """)
                        .replace("\n  dense", "\n    dense")
                        .replace("\n  fine-tune: {epochs: 1}\n", "\n    fine-tune: {epochs: 1}\n");
        Plan both = plan(two);
        Plan one = plan(SWEEP.replace("epochs: 2", "epochs: 5"));
        double branches = one.totalWork() - trunk(one);

        assertThat(both.cells()).hasSize(4);
        assertThat(both.totalWork()).isCloseTo(one.totalWork() + branches + onTraining, ROUNDING);
    }

    private static double trunk(Plan plan) {
        return plan.graph().trunks().stream().mapToDouble(plan.work()::of).sum();
    }

    @Test
    void asksAnEngineOnceAndTellsNotesOnce() throws Exception {
        Plan plan = plan(SWEEP.replace("seed: 1", "seed: 1..5"));

        assertThat(asked).hasSize(1);
        assertThat(plan.cells()).hasSize(10).doesNotHaveDuplicates();
        assertThat(plan.notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(plan.cells().get(0).arithmetic().numerics())
                .isEqualTo("bits of " + asked.get(0));
    }

    /** Recipes that differ in name only give each cell once. */
    @Test
    void equalCellsArePlannedOnce() throws Exception {
        String recipe = "{validation: 0.1, dense: {epochs: 2}, fine-tune: {epochs: 1}}";
        String two =
                SWEEP.substring(0, SWEEP.indexOf("recipe:"))
                                .replace("  architecture", "  recipe: [a, b]\n  architecture")
                        + Text.of("recipes:\n  a: %s\n  b: %s\n", recipe, recipe);

        assertThat(plan(two).cells()).extracting(c -> c.cell().recipe().name()).containsOnly("a");
        assertThat(plan(two).cells()).extracting(PlannedCell::id).hasSize(2);
    }

    @Test
    void tellsAllThatDoesNotFitAtOnce() {
        String wrong =
                SWEEP.replace("mlp-8", "[lenet-5, mlp-8]")
                        .replace("strokes", "[diffusion-sorption, mnist]")
                        .replace("pruning-ratio: [0, 0.5]", "compression: [1, 1000]");

        assertThatThrownBy(() -> plan(wrong))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("sweep planned cannot be run, 3 problems:")
                .hasMessageContaining("lenet-5 on diffusion-sorption: lenet-5 does not fit inputs")
                .hasMessageContaining("data set \"mnist\" is in files: expected --data FOLDER")
                .hasMessageContaining(
                        "mlp-8 on diffusion-sorption: compression 1000 leaves no prunable weight");
    }

    /**
     * Of f = 6,352 and 10 outputs: 10,000 samples are more than the 0.9 n that are trained on, of
     * which each goes forward once and back ten times at twice that; magnitude and random look at
     * none.
     */
    @Test
    void pricesWhatMethodsNeed() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        double samples = Math.min(10_000, Math.round(0.9 * data.trainSamples()));

        double magnitude = method("magnitude");
        assertThat(method("random") - magnitude).isZero();
        assertThat(method("gradient") - magnitude).isCloseTo(3 * 128 * 6_352.0, ABOUT);
        assertThat(method("{undecayed: {samples: 2}}") - magnitude)
                .isCloseTo(3 * 2 * 6_352.0, ABOUT);
        assertThat(method("{gradient: {samples: 2, batches: 7}}") - magnitude)
                .isCloseTo(3 * 2 * 7 * 6_352.0, ABOUT);
        assertThat(method("elimination-compensation") - magnitude)
                .isCloseTo(samples * 6_352 * (1 + 2 * 10), ABOUT);
        assertThat(method("{elimination-compensation: {samples: 5}}") - magnitude)
                .isCloseTo(5.0 * 6_352 * 21, ABOUT);
    }

    private double method(String method) throws Exception {
        return plan(SWEEP.replace("[undecayed]", "[" + method + "]")).totalWork();
    }

    /** mlp-8 has 6,272 and 80 weights: 4 of 6,352 are kept at 0.9994, 3 at 0.9995. */
    @Test
    void refusesAMinimumThatLeavesTooMuch() throws Exception {
        String two = SWEEP.replace("recipe:\n", "recipe:\n  min-per-layer: 2\n");

        Plan fits = plan(two.replace("0.5", "0.9994"));

        assertThat(fits.cells().get(1).programme().pruned().operation().canonicalText())
                .contains(" min-per-layer=2 ");
        assertThat(fits.cells().get(1).cell().recipe().canonicalText())
                .endsWith(" min-per-layer=2");
        assertThatThrownBy(() -> plan(two.replace("0.5", "0.9995")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(
                        "mlp-8 on strokes: min-per-layer 2 keeps 4 weights at least, more than the 3"
                                + " that pruning-ratio=0.9995 leaves");
    }

    /** 80 * 0.006 = 0.48 keeps none of them; 1 of 6,352 is in one of two layers. */
    @Test
    void tellsOfLayersThatAreEmptiedForSure() throws Exception {
        String layers =
                SWEEP.replace("recipe:\n", "recipe:\n  scope: layer-wise\n")
                        .replace("[undecayed]", "magnitude");

        assertThat(plan(layers.replace("0.5", "0.994")).notes())
                .containsExactly(
                        "pruning-ratio=0.994 of mlp-8 on strokes takes all 80 weights of layer fc2");
        assertThat(plan(layers.replace("0.5", "0.99")).notes()).isEmpty();
        assertThat(plan(SWEEP.replace("0.5", "0.9998").replace("[undecayed]", "magnitude")).notes())
                .containsExactly(
                        "pruning-ratio=0.9998 of mlp-8 on strokes leaves 1 of 6352 weights, so at"
                                + " least 1 of 2 layers lose all");
    }

    @Test
    void refusesWhatAnEngineCannotShowAMethod() {
        Suitability.Source blind =
                (need, kind) -> Optional.of("engine blind cannot give " + need.text());

        assertThatThrownBy(
                        () ->
                                plan(
                                        SWEEP.replace("[undecayed]", "[gradient, magnitude]"),
                                        id -> blind))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        Text.of(
                                "sweep planned cannot be run, 1 problem:%n  line 6: grid.method[0]: method"
                                        + " gradient cannot rank layers of kind dense of mlp-8: engine blind cannot"
                                        + " give the gradient of 128 samples"));
    }

    /** Ten of 60 are held out at least, or the plan refuses. */
    @Test
    void refusesWhatEveryCellWouldFailOn() {
        assertProblems(
                SWEEP.replace("  pruning", "  noise: [0, 20]\n  pruning"),
                "line 5: grid.noise[1]: expected a rate in [0, 1], since strokes has classes, got"
                        + " 20");
        assertProblems(
                SWEEP.replace("validation: 0.1", "validation: 0.00001"),
                "line 9: recipe.validation: expected a fraction that leaves samples on both sides,"
                        + " got 0.00001, which holds out 0 of the 10000 of strokes");
        assertProblems(
                SWEEP.replace("validation: 0.1", "validation: 0.99999"),
                "line 9: recipe.validation: expected a fraction that leaves samples on both sides,"
                        + " got 0.99999, which holds out 10000 of the 10000 of strokes");
    }

    /** 65,536^2 = 2^32 weights; 784 * 4e4 + 2 * 1.6e9 + 4e5 and biases. */
    @Test
    void refusesNetworksThatNoTensorHolds() {
        assertProblems(
                SWEEP.replace("mlp-8", "mlp-65536-65536"),
                "line 3: grid.architecture: mlp-65536-65536 on strokes: fc2.weight has"
                        + " 4,294,967,296 elements, and a tensor holds at most 2,147,483,639");
        assertProblems(
                SWEEP.replace("mlp-8", "mlp-40000-40000-40000"),
                "line 3: grid.architecture: mlp-40000-40000-40000 on strokes: it has 3,231,880,010"
                        + " parameters, and a ranking takes at most 2,147,483,639");
    }

    /**
     * P = 784 * 8 + 8 + 8 * 10 + 10 = 6,370 and 3 P of Adam's training besides: 101,920 bytes and
     * some for the outputs of a batch.
     */
    @Test
    void refusesNetworksThatAreMoreThanASlotHas() throws Exception {
        assertThat(planWithin(200_000, SWEEP).cells()).hasSize(2);
        assertThatThrownBy(() -> planWithin(101_920, SWEEP))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(
                        "line 3: grid.architecture: mlp-8 on strokes: to train it in batches of 16"
                                + " takes at least 0.0 GiB, and a slot has 0.0 GiB: take fewer"
                                + " slots (--master 'local[1]'), more memory"
                                + " (ESPALIER_JAVA_OPTS=-Xmx...) or smaller batches");
    }

    /** A batch is never more than there is: the largest number is all samples at once. */
    @Test
    void takesBatchesOfMoreThanThereIs() throws Exception {
        Plan all = plan(SWEEP.replace("batch-size: 16", "batch-size: 2147483647"));

        assertThat(all.cells()).hasSize(2);
    }

    /** {@code pruning-ratio: 0}, {@code density: 1} and {@code compression: 1} are one network. */
    @Test
    void trainsAControlOnceHoweverItIsSpelled() throws Exception {
        String grids =
                """
                name: spelled
                grids:
                  - {architecture: mlp-8, dataset: strokes, seed: 1, method: magnitude, pruning-ratio: [0, 0.75]}
                  - {architecture: mlp-8, dataset: strokes, seed: 1, method: magnitude, density: [1, 0.25]}
                  - {architecture: mlp-8, dataset: strokes, seed: 1, method: magnitude, compression: [1, 4]}
                recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                """;

        assertThat(plan(grids).cells().stream().map(c -> c.cell().ratio().canonicalText()))
                .containsExactly("pruning-ratio=0", "pruning-ratio=0.75", "compression=4");
    }

    /** What is typed by users of PyTorch is near ours, by whatever catalogue is asked. */
    @Test
    void knowsWhatUsersOfPyTorchType() {
        String networks =
                "known: mlp-<widths>, mlp-<widths>-tanh, lenet-300-100, lenet-5, lenet-3x3, conv-4,"
                        + " resnet-20";
        assertThatThrownBy(() -> plan(SWEEP.replace("mlp-8", "ResNet18")))
                .hasMessageContaining(
                        "unknown \"ResNet18\"; did you mean \"resnet-20\"? " + networks);
        assertThatThrownBy(() -> plan(SWEEP.replace("dataset: strokes", "dataset: FashionMNIST")))
                .hasMessageContaining(
                        "unknown \"FashionMNIST\"; did you mean \"fashion-mnist\"? known: ");
    }

    private void assertProblems(String text, String... problems) {
        assertThatThrownBy(() -> plan(text))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        Text.of(
                                "sweep planned cannot be run, %d %s:%n  %s",
                                problems.length,
                                problems.length == 1 ? "problem" : "problems",
                                String.join(System.lineSeparator() + "  ", problems)));
    }

    private Plan planWithin(long bytes, String text) throws Exception {
        return new SweepPlanner(
                        DATASETS,
                        engine -> new Engines.Resolved(engine, "bits of " + engine, ""),
                        OptionalLong.of(bytes))
                .plan(
                        SweepFile.read(
                                text.getBytes(StandardCharsets.UTF_8),
                                "sweep.yaml",
                                new KnownNames(DATASETS)));
    }

    private Plan plan(String text) throws Exception {
        return plan(text, Engines::source);
    }

    private Plan plan(String text, Function<String, Suitability.Source> sources) throws Exception {
        return new SweepPlanner(
                        DATASETS,
                        engine -> {
                            asked.add(engine);
                            return new Engines.Resolved(engine, "bits of " + engine, "");
                        },
                        OptionalLong.empty(),
                        sources)
                .plan(
                        SweepFile.read(
                                text.getBytes(StandardCharsets.UTF_8),
                                "sweep.yaml",
                                new KnownNames(DATASETS)));
    }
}
