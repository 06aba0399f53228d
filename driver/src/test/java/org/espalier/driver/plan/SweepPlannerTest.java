// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
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

    private final List<String> asked = new ArrayList<>();

    /**
     * f = 784 * 8 + 8 * 10 = 6,352 multiply-adds forward; n training samples, a tenth held out; m
     * test samples. Two cells share the trunk.
     */
    @Test
    void estimatesWorkByHand() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        double n = data.trainSamples();
        double m = data.testSamples();
        double f = 6_352;
        double epoch = f * (3 * 0.9 * n + 0.1 * n + m);
        double evaluation = f * (n + m);
        double trunk = 2 * epoch + evaluation;
        double branch = (evaluation + f * m) + (epoch + evaluation);

        Plan plan = plan(SWEEP);

        assertThat(plan.totalWork()).isEqualTo(trunk + 2 * branch);
        assertThat(plan.unsharedWork()).isEqualTo(2 * (trunk + branch));
        assertThat(plan.expectedSeconds(2)).isEqualTo((trunk + 2 * branch) / 50e9 / 2);
    }

    /** Two epochs are trained once for both; the longer training is evaluated at its end too. */
    @Test
    void epochsThatAreSharedCountOnce() throws Exception {
        DatasetInfo data = DATASETS.info("strokes");
        double evaluation = 6_352.0 * (data.trainSamples() + data.testSamples());
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
        assertThat(both.totalWork()).isEqualTo(one.totalWork() + branches + evaluation);
    }

    private static double trunk(Plan plan) {
        return plan.tree().trunks().stream().mapToDouble(plan.work()::of).sum();
    }

    @Test
    void asksAnEngineOnceAndTellsNotesOnce() throws Exception {
        Plan plan = plan(SWEEP.replace("seed: 1", "seed: 1..5"));

        assertThat(asked).hasSize(1);
        assertThat(plan.cells()).hasSize(10).doesNotHaveDuplicates();
        assertThat(plan.notes())
                .containsExactly("equals gradient: the weight decay of undecayed is 0");
        assertThat(plan.cells().get(0).leaf().root().numerics())
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

    private Plan plan(String text) throws Exception {
        return new SweepPlanner(
                        DATASETS,
                        engine -> {
                            asked.add(engine);
                            return new Engines.Resolved(engine, "bits of " + engine, "");
                        })
                .plan(
                        SweepFile.read(
                                text.getBytes(StandardCharsets.UTF_8),
                                "sweep.yaml",
                                new KnownNames(DATASETS)));
    }
}
