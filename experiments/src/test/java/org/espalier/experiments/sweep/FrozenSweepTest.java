// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenSweepTest {

    @Test
    void writesEveryDefaultOut() {
        assertThat(FrozenSweep.text(Fakes.read(Fakes.VALID)))
                .isEqualTo(
                        """
                        name: demo
                        grids:
                          - recipe: [default]
                            architecture: [lenet-5, lenet-300-100]
                            dataset: [mnist]
                            noise: [0, 0.2]
                            seed: [1, 2, 3]
                            pruning-ratio: [0, 0.5, 0.9]
                            method: [magnitude, {undecayed: {samples: 128, weight-decay: 0.0005}}]
                            controls: [fine-tuned]
                        recipes:
                          default:
                            engine: vector
                            dense: {optimizer: adam, beta1: 0.9, beta2: 0.999, epsilon: 0.00000001, \
                        learning-rate: 0.001, learning-rate-steps: [], weight-decay: 0, \
                        batch-size: 64, epochs: 10}
                            schedule: one-shot
                            fine-tune: {optimizer: adam, beta1: 0.9, beta2: 0.999, \
                        epsilon: 0.00000001, learning-rate: 0.001, learning-rate-steps: [], \
                        weight-decay: 0, batch-size: 64, epochs: 5}
                            scope: global
                            output-layer: prune
                            start-from: last
                            optimizer-state: fresh
                            validation: 0
                            train-evaluation: on
                            record: none
                            min-per-layer: 0
                        """);
    }

    @Test
    void writesControlsAndWhatIsRecorded() {
        String frozen =
                FrozenSweep.text(
                        Fakes.read(
                                Fakes.valid(
                                        "  seed: 1..3\nrecipe:\n",
                                        """
                                          seed: 1..3
                                          controls: [other-order, fine-tuned, trained-as-long]
                                        recipe:
                                          record: predictions
                                          train-evaluation: off
                                        """)));

        assertThat(frozen)
                .contains("\n    controls: [other-order, fine-tuned, trained-as-long]\n")
                .contains("\n    train-evaluation: off\n    record: predictions\n");
    }

    /** Sizes that all prune have no controls to write. */
    @Test
    void writesNoControlsWhereThereAreNone() {
        assertThat(FrozenSweep.text(Fakes.read(Fakes.valid("[0, 0.5, 0.9]", "[0.5, 0.9]"))))
                .doesNotContain("controls");
    }

    static List<String> examples() {
        String recipe = "recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n";
        String recipes =
                """
                recipes:
                  plain: {dense: {epochs: 1}, fine-tune: {epochs: 1, weight-decay: 1e-4}}
                  "1e5": {dense: {optimizer: nesterov, learning-rate-steps: [3, 5], epochs: 9,
                          weight-decay: 1e-3, weight-decay-kind: decoupled},
                          fine-tune: {optimizer: sgd, weight-decay: 0, epochs: 0}}
                """;
        String grid = "grid: {architecture: lenet-5, dataset: mnist, ";
        return List.of(
                Fakes.VALID,
                // names that would read as numbers without quotes
                "name: \"1e5\"\ngrid: {architecture: mlp-3, dataset: \"2024\", density: 1, seed: 1}\n"
                        + recipe,
                "name: \"true\"\n" + grid + "density: 1, seed: 1}\n" + recipe,
                // long ranges, with and without steps, falling values, extremes
                "name: a\n"
                        + grid
                        + "density: 1, seed: [9..1000, 3, 2, 1, 0, 10..90 step 10]}\n"
                                .replace("10..90 step 10", "2000..9000 step 1000")
                        + recipe,
                "name: a\n"
                        + grid
                        + "noise: [0.01..0.99 step 0.01, 1e-30, 123456789012345678901234567890],"
                        + " density: 1, seed: 9223372036854775807}\n"
                        + recipe,
                // a setting that each recipe gives
                "name: a\n"
                        + grid
                        + "density: 0.5, method: [undecayed, {undecayed: {weight-decay:"
                        + " 0.1}}], seed: 1, exclude: [{method: {undecayed: {weight-decay: 0.1}},"
                        + " recipe: plain}]}\n"
                        + recipes,
                // every kind of control in an order of its own, predictions, no training samples
                "name: a\n"
                        + grid
                        + "density: [1, 0.5], method: magnitude, seed: 1,"
                        + " controls: [other-order, fine-tuned, trained-as-long]}\n"
                        + "recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1},"
                        + " record: predictions, train-evaluation: off}\n",
                // one group of three axes, one of two, patterns across them
                "name: a\n"
                        + """
                        grid:
                          architecture: [lenet-5, lenet-5, mlp-2]
                          dataset: [mnist, fashion-mnist, mnist]
                          seed: [1, 1, 2]
                          compression: [2, 4.50]
                          method: [magnitude, {elimination: {output: softmax}}]
                          recipe: ["1e5", plain]
                          zip: [[seed, dataset, architecture], [method, compression]]
                          exclude:
                            - {architecture: lenet-5, dataset: [fashion-mnist], recipe: plain}
                            - {compression: 4.5, seed: 2}
                        """
                        + recipes);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsBackAsTheSameSweep(String file) {
        assertReadsBack(file);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void readsBackWhateverTheSweep(long seed) {
        RandomStream random = new RandomStream(seed);
        for (int i = 0; i < 25; i++) {
            assertReadsBack(randomFile(random));
        }
    }

    private static void assertReadsBack(String file) {
        Sweep sweep = Fakes.read(file);

        String frozen = FrozenSweep.text(sweep);
        Sweep again = Fakes.read(frozen);

        assertThat(again.cells()).as(file).isEqualTo(sweep.cells()).isNotEmpty();
        assertThat(again).as(file).isEqualTo(sweep);
        assertThat(FrozenSweep.text(again)).isEqualTo(frozen);
    }

    /** A file that is valid: patterns name one value of the first axes and never all of it. */
    private static String randomFile(RandomStream random) {
        StringBuilder file = new StringBuilder("name: random\n");
        boolean named = random.nextInt(2) == 0;
        file.append("grids:\n");
        int grids = 1 + random.nextInt(3);
        for (int g = 0; g < grids; g++) {
            List<String> architectures =
                    some(random, "lenet-5", "lenet-300-100", "mlp-4", "mlp-5-6");
            List<String> seeds = some(random, "0", "10..14", "100..900 step 200", "0x7f", "42");
            String sizes =
                    switch (random.nextInt(3)) {
                        case 0 -> "pruning-ratio: " + some(random, "0", "0.5", "1e-1", "0.90");
                        case 1 -> "density: " + some(random, "1", "0.1..0.9 step 0.2", "0.02");
                        default -> "compression: " + some(random, "1.0", "2..5", "10", "50");
                    };
            file.append("  - architecture: ").append(architectures).append('\n');
            file.append("    dataset: ").append(some(random, "mnist", "\"2024\"")).append('\n');
            file.append("    seed: ").append(seeds).append('\n');
            file.append("    ").append(sizes).append('\n');
            file.append("    method: ")
                    .append(
                            some(
                                    random,
                                    "magnitude",
                                    "undecayed",
                                    "{undecayed: {samples: 7}}",
                                    "{undecayed: {weight-decay: 1e-2}}",
                                    "{elimination: {output: softmax}}"))
                    .append('\n');
            if (sizes.matches(".*[\\[ ](0|1|1\\.0)[,\\]].*") && random.nextInt(2) == 0) {
                file.append("    controls: ")
                        .append(some(random, "trained-as-long", "fine-tuned", "other-order"))
                        .append('\n');
            }
            if (random.nextInt(2) == 0) {
                file.append("    noise: ").append(some(random, "0", "0.1", "2.5e-3")).append('\n');
            }
            if (named && random.nextInt(2) == 0) {
                file.append("    recipe: ").append(some(random, "r0", "r1")).append('\n');
            }
            if (architectures.size() > 1 && random.nextInt(2) == 0) {
                file.append("    exclude: [{architecture: ")
                        .append(architectures.get(0))
                        .append("}]\n");
            }
        }
        file.append(named ? "recipes:\n" : "recipe: ");
        for (int r = 0; r < (named ? 2 : 1); r++) {
            file.append(named ? "  r" + r + ": " : "").append(randomRecipe(random)).append('\n');
        }
        return file.toString();
    }

    private static String randomRecipe(RandomStream random) {
        String optimizer =
                switch (random.nextInt(4)) {
                    case 0 -> "optimizer: sgd, ";
                    case 1 -> "optimizer: nesterov, momentum: 0.5, ";
                    case 2 -> "beta2: 0.99, epsilon: 1e-7, ";
                    default -> "";
                };
        String steps = random.nextInt(2) == 0 ? "learning-rate-steps: [2, 7], " : "";
        String decay =
                switch (random.nextInt(3)) {
                    case 0 -> "weight-decay: 5e-4, ";
                    case 1 -> "weight-decay: 1e-4, weight-decay-kind: decoupled, ";
                    default -> "";
                };
        String scope = random.nextInt(2) == 0 ? ", scope: layer-wise" : "";
        String recorded = random.nextInt(2) == 0 ? ", record: predictions" : "";
        String fine = random.nextInt(2) == 0 ? "optimizer: sgd, " : "learning-rate: 1e-5, ";
        return Text.of(
                "{dense: {%s%s%sepochs: %d}, fine-tune: {%sepochs: %d}%s%s}",
                optimizer,
                steps,
                decay,
                random.nextInt(9),
                fine,
                random.nextInt(9),
                scope,
                recorded);
    }

    /** At least one of the values, in their order. */
    private static List<String> some(RandomStream random, String... values) {
        List<String> chosen = new ArrayList<>();
        for (String value : values) {
            if (random.nextInt(2) == 0) {
                chosen.add(value);
            }
        }
        return chosen.isEmpty() ? List.of(values[random.nextInt(values.length)]) : chosen;
    }
}
