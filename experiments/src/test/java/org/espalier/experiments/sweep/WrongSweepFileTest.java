// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are wrong, and every line of what is said of them. */
class WrongSweepFileTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void saysWhatIsWrong(String title, String text, List<String> lines) {
        SweepFileException refused =
                catchThrowableOfType(SweepFileException.class, () -> Fakes.read(text));

        assertThat(refused).as(title).isNotNull();
        String count = lines.size() == 1 ? "1 problem" : lines.size() + " problems";
        assertThat(refused.getMessage().lines())
                .first()
                .isEqualTo("espalier: sweep.yaml: " + count + ", nothing was run");
        assertThat(refused.getMessage().lines().skip(1).map(String::strip))
                .containsExactlyElementsOf(lines);
        assertThat(refused.problems()).hasSameSizeAs(lines);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments(
                        "unknown key at the top",
                        Fakes.valid("name: demo", "nmae: demo"),
                        List.of(
                                "line 1: nmae: unknown key; did you mean \"name\"? known: name, grid, grids, recipe, recipes")),
                arguments(
                        "unknown key far from all",
                        Fakes.valid("name: demo", "name: demo\nauthor: me"),
                        List.of(
                                "line 2: author: unknown key; known: name, grid, grids, recipe, recipes")),
                arguments(
                        "misspelled axis",
                        Fakes.valid("seed:", "seeds:"),
                        List.of(
                                "line 8: grid.seeds: unknown key; did you mean \"seed\"? known: recipe, architecture, dataset, noise, seed, schedule, pruning-ratio, density, compression, levels, method, controls, zip, exclude")),
                arguments(
                        "misspelled size",
                        Fakes.valid("pruning-ratio:", "prunning-ratio:"),
                        List.of(
                                "line 6: grid.prunning-ratio: unknown key; did you mean \"pruning-ratio\"? known: recipe, architecture, dataset, noise, seed, schedule, pruning-ratio, density, compression, levels, method, controls, zip, exclude")),
                arguments(
                        "duplicate key",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..3\n  seed: 1..3\n"),
                        List.of("line 9: grid.seed: expected the key once, got it again")),
                arguments(
                        "key that is no word",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..3\n  1: x\n"),
                        List.of("line 9: grid: expected a key that is a word, got 1")),
                arguments(
                        "name that leaves the folder",
                        Fakes.valid("name: demo", "name: ../demo"),
                        List.of(
                                "line 1: name: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got \"../demo\"")),
                arguments(
                        "name with capitals",
                        Fakes.valid("name: demo", "name: Demo"),
                        List.of(
                                "line 1: name: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got \"Demo\"")),
                arguments(
                        "name that is a number",
                        Fakes.valid("name: demo", "name: 2024"),
                        List.of(
                                "line 1: name: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit (write \"2024\" with quotes), got 2024")),
                arguments(
                        "name missing its value",
                        Fakes.valid("name: demo", "name:"),
                        List.of(
                                "line 1: name: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got nothing")),
                arguments(
                        "unknown architecture",
                        Fakes.valid("[lenet-5, lenet-300-100]", "[lenet-5, lenet-300-10]"),
                        List.of(
                                "line 3: grid.architecture[1]: expected an architecture, got \"lenet-300-10\" (there is none of this name); did you mean \"lenet-300-100\"? known: lenet-5, lenet-300-100, mlp-<widths>")),
                arguments(
                        "architecture with a bad width",
                        Fakes.valid("[lenet-5, lenet-300-100]", "mlp-784-0-10"),
                        List.of(
                                "line 3: grid.architecture: expected an architecture, got \"mlp-784-0-10\" (widths must be positive); known: lenet-5, lenet-300-100, mlp-<widths>")),
                arguments(
                        "unknown data set",
                        Fakes.valid("[mnist]", "[minst]"),
                        List.of(
                                "line 4: grid.dataset[0]: unknown \"minst\"; did you mean \"mnist\"? known: mnist, fashion-mnist, 2024")),
                arguments(
                        "data set that leaves the folder",
                        Fakes.valid("[mnist]", "[../mnist]"),
                        List.of(
                                "line 4: grid.dataset[0]: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got \"../mnist\"")),
                arguments(
                        "data set name with a number's spelling",
                        Fakes.valid("[mnist]", "2024"),
                        List.of(
                                "line 4: grid.dataset: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit (write \"2024\" with quotes), got 2024")),
                arguments(
                        "empty axis",
                        Fakes.valid("[mnist]", "[]"),
                        List.of(
                                "line 4: grid.dataset: expected names of data sets, got an empty list")),
                arguments(
                        "axis that is a mapping",
                        Fakes.valid("[mnist]", "{mnist: 1}"),
                        List.of(
                                "line 4: grid.dataset: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got a mapping")),
                arguments(
                        "noise below 0",
                        Fakes.valid("[0, 0.2]", "[0, -0.2]"),
                        List.of(
                                "line 5: grid.noise[1]: expected a number of at least 0, got -0.2")),
                arguments(
                        "noise not a number",
                        Fakes.valid("[0, 0.2]", "[0, .nan]"),
                        List.of(
                                "line 5: grid.noise[1]: expected a number of at least 0, got .nan")),
                arguments(
                        "noise infinite",
                        Fakes.valid("[0, 0.2]", ".inf"),
                        List.of("line 5: grid.noise: expected a number of at least 0, got .inf")),
                arguments(
                        "noise beyond all digits",
                        Fakes.valid("[0, 0.2]", "1e999999999"),
                        List.of(
                                "line 5: grid.noise: expected a number of at most 30 digits between 1e-30 and 1e30, got 1e999999999")),
                arguments(
                        "ratio written as compression",
                        Fakes.valid("[0, 0.5, 0.9]", "[0, 0.5, 10]"),
                        List.of(
                                "line 6: grid.pruning-ratio[2]: expected a fraction in [0, 1) (for a 10 times smaller network write compression: 10), got 10")),
                arguments(
                        "ratio of 1",
                        Fakes.valid("[0, 0.5, 0.9]", "[0, 0.5, 1.0]"),
                        List.of(
                                "line 6: grid.pruning-ratio[2]: expected a fraction in [0, 1) (for a 10 times smaller network write compression: 10), got 1.0")),
                arguments(
                        "ratio as text",
                        Fakes.valid("[0, 0.5, 0.9]", "[0, \"0.5\"]"),
                        List.of(
                                "line 6: grid.pruning-ratio[1]: expected a fraction in [0, 1) (for a 10 times smaller network write compression: 10), got \"0.5\"")),
                arguments(
                        "ratio in percent",
                        Fakes.valid("[0, 0.5, 0.9]", "[0, 50%]"),
                        List.of(
                                "line 6: grid.pruning-ratio[1]: expected a fraction in [0, 1) (for a 10 times smaller network write compression: 10), got \"50%\"")),
                arguments(
                        "two ways of writing sizes",
                        Fakes.valid(
                                "  pruning-ratio: [0, 0.5, 0.9]",
                                "  pruning-ratio: [0, 0.5, 0.9]\n  density: 0.5"),
                        List.of(
                                "line 7: grid.density: expected one of pruning-ratio, density, compression, levels, got pruning-ratio and density")),
                arguments(
                        "no sizes",
                        Fakes.valid("  pruning-ratio: [0, 0.5, 0.9]\n", ""),
                        List.of(
                                "line 3: grid.pruning-ratio: expected sizes as pruning-ratio, density or compression, or levels, got nothing")),
                arguments(
                        "density of 0",
                        Fakes.valid("pruning-ratio: [0, 0.5, 0.9]", "density: [1, 0]"),
                        List.of("line 6: grid.density[1]: expected a fraction in (0, 1], got 0")),
                arguments(
                        "compression below 1",
                        Fakes.valid("pruning-ratio: [0, 0.5, 0.9]", "compression: [1, 0.5]"),
                        List.of(
                                "line 6: grid.compression[1]: expected a number of at least 1, got 0.5")),
                arguments(
                        "unknown method",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[magnitud, undecayed]"),
                        List.of(
                                "line 7: grid.method[0]: unknown \"magnitud\"; did you mean \"magnitude\"? known: magnitude, undecayed, elimination")),
                arguments(
                        "settings for a method without",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{magnitude: {samples: 3}}]"),
                        List.of(
                                "line 7: grid.method[0].magnitude: expected magnitude alone, which has no settings, got a mapping")),
                arguments(
                        "unknown setting of a method",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{undecayed: {weight-dekay: 5e-4}}]"),
                        List.of(
                                "line 7: grid.method[0].undecayed.weight-dekay: unknown key; did you mean \"weight-decay\"? known: weight-decay, samples")),
                arguments(
                        "setting out of range",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{undecayed: {weight-decay: -1}}]"),
                        List.of(
                                "line 7: grid.method[0].undecayed.weight-decay: expected a decimal of at least 0, got -1")),
                arguments(
                        "setting of the wrong type",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{undecayed: {samples: 1.5}}]"),
                        List.of(
                                "line 7: grid.method[0].undecayed.samples: expected a whole number of at least 1, got 1.5")),
                arguments(
                        "setting not among its choices",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{elimination: {output: logit}}]"),
                        List.of(
                                "line 7: grid.method[0].elimination.output: unknown \"logit\"; did you mean \"logits\"? known: logits, softmax")),
                arguments(
                        "settings that do not go together",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{elimination: {output: softmax, samples: 3}}]"),
                        List.of(
                                "line 7: grid.method[0]: output softmax needs at least 10 samples, got 3")),
                arguments(
                        "two methods in one mapping",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[{undecayed: {samples: 1}, elimination: {samples: 1}}]"),
                        List.of(
                                "line 7: grid.method[0]: expected a method, or one method with its settings such as {undecayed: {weight-decay: 5e-4}}, got 2 names")),
                arguments(
                        "no method where something is pruned",
                        Fakes.valid(
                                "  method: [magnitude, {undecayed: {weight-decay: 5e-4}}]\n", ""),
                        List.of("line 3: grid.method: expected pruning methods, got nothing")),
                arguments(
                        "method twice once resolved",
                        Fakes.valid(
                                "[magnitude, {undecayed: {weight-decay: 5e-4}}]",
                                "[undecayed, {undecayed: {weight-decay: 0.0}}]"),
                        List.of(
                                "line 7: grid.method[1]: expected each value once, got undecayed(samples=128,weight-decay=0) again")),
                arguments(
                        "seed not whole",
                        Fakes.valid("  seed: 1..3\n", "  seed: [1, 2.5]\n"),
                        List.of(
                                "line 8: grid.seed[1]: expected whole numbers from 0 to 9223372036854775807, or ranges such as 1..30, got 2.5")),
                arguments(
                        "seed negative",
                        Fakes.valid("  seed: 1..3\n", "  seed: [-1, 2]\n"),
                        List.of(
                                "line 8: grid.seed[0]: expected whole numbers from 0 to 9223372036854775807, or ranges such as 1..30, got -1")),
                arguments(
                        "seed too large",
                        Fakes.valid("  seed: 1..3\n", "  seed: 9223372036854775808\n"),
                        List.of(
                                "line 8: grid.seed: expected whole numbers from 0 to 9223372036854775807, or ranges such as 1..30, got 9223372036854775808")),
                arguments(
                        "seed twice",
                        Fakes.valid("  seed: 1..3\n", "  seed: [1..3, 2]\n"),
                        List.of("line 8: grid.seed[1]: expected each value once, got 2 again")),
                arguments(
                        "range that falls",
                        Fakes.valid("  seed: 1..3\n", "  seed: 3..1\n"),
                        List.of(
                                "line 8: grid.seed: expected a rising range such as 1..30, or 0.1..0.9 step 0.1, that meets its end, got \"3..1\"")),
                arguments(
                        "range with three dots",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1...3\n"),
                        List.of(
                                "line 8: grid.seed: expected a rising range such as 1..30, or 0.1..0.9 step 0.1, that meets its end, got \"1...3\"")),
                arguments(
                        "range that misses its end",
                        Fakes.valid("[0, 0.5, 0.9]", "0.1..0.9 step 0.3"),
                        List.of(
                                "line 6: grid.pruning-ratio: expected a rising range such as 1..30, or 0.1..0.9 step 0.1, that meets its end, got \"0.1..0.9 step 0.3\"")),
                arguments(
                        "decimal range without a step",
                        Fakes.valid("[0, 0.5, 0.9]", "0.1..0.9"),
                        List.of(
                                "line 6: grid.pruning-ratio: expected a rising range such as 1..30, or 0.1..0.9 step 0.1, that meets its end, got \"0.1..0.9\"")),
                arguments(
                        "range beyond the limit",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..1000001\n"),
                        List.of(
                                "line 8: grid.seed: expected at most 1000000 values in all ranges together, got 1000001 in \"1..1000001\"")),
                arguments(
                        "more cells than allowed",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..100000\n"),
                        List.of(
                                "line 3: grid: expected at most 1000000 combinations of values, got 2400000")),
                arguments(
                        "recipe axis without recipes",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..3\n  recipe: short\n"),
                        List.of(
                                "line 9: grid.recipe: expected no axis of recipes in a file that names none")),
                arguments(
                        "zip of unequal lengths",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  zip: [[architecture, dataset]]\n"),
                        List.of(
                                "line 9: grid.zip[0]: expected axes of equal length, got 2 of architecture and 1 of dataset")),
                arguments(
                        "zip of one",
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  zip: [architecture, noise]\n"),
                        List.of(
                                "line 9: grid.zip[0]: expected a group of two axes or more, e.g. [[architecture, dataset]], got \"architecture\"",
                                "line 9: grid.zip[1]: expected a group of two axes or more, e.g. [[architecture, dataset]], got \"noise\"")),
                arguments(
                        "zip of an axis that is not there",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  zip: [[architecture, densty]]\n"),
                        List.of(
                                "line 9: grid.zip[0][1]: expected an axis of this grid, got \"densty\"; known: architecture, dataset, noise, seed, pruning-ratio, method")),
                arguments(
                        "zip of an axis twice",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  zip: [[architecture, noise], [noise, seed]]\n"),
                        List.of(
                                "line 9: grid.zip[1][0]: expected each axis zipped once, got \"noise\" again")),
                arguments(
                        "exclusion off the axis",
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  exclude: [{seed: [1, 7]}]\n"),
                        List.of(
                                "line 9: grid.exclude[0].seed[1]: expected values of this grid's seed, got 7")),
                arguments(
                        "exclusion of an unknown name",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  exclude: [{architecture: lenet-4}]\n"),
                        List.of(
                                "line 9: grid.exclude[0].architecture: unknown \"lenet-4\"; did you mean \"lenet-5\"? known: lenet-5, lenet-300-100")),
                arguments(
                        "exclusion with another key for sizes",
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  exclude: [{density: 0.5}]\n"),
                        List.of(
                                "line 9: grid.exclude[0].density: unknown key; known: architecture, dataset, noise, seed, pruning-ratio, method")),
                arguments(
                        "exclusion of a method not here",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  exclude: [{method: elimination}]\n"),
                        List.of(
                                "line 9: grid.exclude[0].method: expected a method of this grid, got \"elimination\"")),
                arguments(
                        "exclusion that matches nothing",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  exclude: [{method: magnitude, pruning-ratio: 0}]\n"),
                        List.of(
                                "line 9: grid.exclude[0]: expected a pattern that removes a cell, got one that matches none")),
                arguments(
                        "exclusion of everything",
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  exclude: [{dataset: mnist}]\n"),
                        List.of(
                                "line 3: grid: expected at least one cell, got none: all are excluded")),
                arguments(
                        "exclusion that is no list",
                        Fakes.valid(
                                "  seed: 1..3\n", "  seed: 1..3\n  exclude: {dataset: mnist}\n"),
                        List.of(
                                "line 9: grid.exclude: expected a list of patterns, e.g. [{architecture: lenet-5, noise: 0.2}], got a mapping")),
                arguments(
                        "grid is a list",
                        Fakes.valid("grid:\n", "grid: []\nx:\n"),
                        List.of(
                                "line 2: grid: expected a mapping of axes: architecture, dataset, pruning-ratio, ..., got an empty list",
                                "line 3: x: unknown key; known: name, grid, grids, recipe, recipes")),
                arguments(
                        "grid and grids",
                        Fakes.valid("recipe:", "grids: []\nrecipe:"),
                        List.of("line 9: grids: expected grid or grids, got both")),
                arguments(
                        "recipe and recipes",
                        Fakes.valid("name: demo", "name: demo\nrecipes: {a: {}}"),
                        List.of("line 2: recipes: expected recipe or recipes, got both")),
                arguments(
                        "no fine-tuning said",
                        Fakes.valid("  fine-tune: {epochs: 5}\n", ""),
                        List.of(
                                "line 10: recipe.fine-tune: expected a mapping such as {epochs: 5}, got nothing")),
                arguments(
                        "no epochs",
                        Fakes.valid("fine-tune: {epochs: 5}", "fine-tune: {batch-size: 5}"),
                        List.of(
                                "line 11: recipe.fine-tune.epochs: expected a number of epochs, got nothing")),
                arguments(
                        "epochs negative",
                        Fakes.valid("{epochs: 5}", "{epochs: -5}"),
                        List.of(
                                "line 11: recipe.fine-tune.epochs: expected a number of epochs from 0 to 2147483647, got -5")),
                arguments(
                        "epochs too many",
                        Fakes.valid("{epochs: 5}", "{epochs: 99999999999}"),
                        List.of(
                                "line 11: recipe.fine-tune.epochs: expected a number of epochs from 0 to 2147483647, got 99999999999")),
                arguments(
                        "batch of none",
                        Fakes.valid("batch-size: 64", "batch-size: 0"),
                        List.of(
                                "line 10: recipe.dense.batch-size: expected a number of samples from 1 to 2147483647, got 0")),
                arguments(
                        "rate of 0",
                        Fakes.valid("learning-rate: 0.001", "learning-rate: 0"),
                        List.of(
                                "line 10: recipe.dense.learning-rate: expected a number above 0, got 0")),
                arguments(
                        "unknown optimizer",
                        Fakes.valid("optimizer: adam", "optimizer: adm"),
                        List.of(
                                "line 10: recipe.dense.optimizer: unknown \"adm\"; did you mean \"adam\"? known: sgd, nesterov, adam")),
                arguments(
                        "momentum with adam",
                        Fakes.valid("batch-size: 64", "momentum: 0.9"),
                        List.of(
                                "line 10: recipe.dense.momentum: expected no momentum with optimizer adam (it belongs to sgd and nesterov), got 0.9")),
                arguments(
                        "momentum of 1",
                        Fakes.valid(
                                "{optimizer: adam, learning-rate: 0.001, batch-size: 64, epochs: 10}",
                                "{optimizer: nesterov, momentum: 1, epochs: 10}"),
                        List.of(
                                "line 10: recipe.dense.momentum: expected a fraction in [0, 1), got 1")),
                arguments(
                        "factor without steps",
                        Fakes.valid("batch-size: 64", "learning-rate-factor: 0.5"),
                        List.of(
                                "line 10: recipe.dense.learning-rate-factor: expected learning-rate-steps beside a factor, got a factor alone")),
                arguments(
                        "steps that do not rise",
                        Fakes.valid("batch-size: 64", "learning-rate-steps: [8, 8]"),
                        List.of(
                                "line 10: recipe.dense.learning-rate-steps[1]: expected an epoch after 8, got 8")),
                arguments(
                        "kind of no decay",
                        Fakes.valid("batch-size: 64", "weight-decay-kind: decoupled"),
                        List.of(
                                "line 10: recipe.dense.weight-decay-kind: expected a weight-decay above 0 beside its kind, got no decay")),
                arguments(
                        "decay below 0",
                        Fakes.valid("batch-size: 64", "weight-decay: -1"),
                        List.of(
                                "line 10: recipe.dense.weight-decay: expected a number of at least 0, got -1")),
                arguments(
                        "unknown engine",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  engine: dl4\n"),
                        List.of(
                                "line 12: recipe.engine: unknown \"dl4\"; did you mean \"dl4j\"? known: vector, dl4j")),
                arguments(
                        "unknown schedule",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  schedule: iteratve\n"),
                        List.of(
                                "line 12: recipe.schedule: unknown \"iteratve\"; did you mean \"iterative\"? known: one-shot, iterative, lottery, mask-from, ramp, gradual, at-initialisation, prune-after, noise")),
                arguments(
                        "best of no validation",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  start-from: best-validation\n"),
                        List.of(
                                "line 12: recipe.start-from: expected a validation fraction above 0 beside best-validation, got validation 0")),
                arguments(
                        "all held out",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  validation: 1\n"),
                        List.of(
                                "line 12: recipe.validation: expected a fraction in [0, 1), got 1")),
                arguments(
                        "state kept for another optimizer",
                        Fakes.valid(
                                "fine-tune: {epochs: 5}\n",
                                "fine-tune: {epochs: 5, optimizer: sgd}\n  optimizer-state: kept\n"),
                        List.of(
                                "line 12: recipe.optimizer-state: expected the same optimizer in both phases where its state is kept, got adam and sgd")),
                arguments(
                        "a bare no is a word",
                        Fakes.valid("[mnist]", "no"),
                        List.of(
                                "line 4: grid.dataset: unknown \"no\"; known: mnist, fashion-mnist, 2024")),
                arguments(
                        "anchor and alias",
                        Fakes.valid("[0, 0.5, 0.9]", "&r [0, 0.5]\n  density: *r"),
                        List.of(
                                "line 6, column 18: expected no anchors, got &r",
                                "line 7, column 12: expected no aliases, got *r")),
                arguments(
                        "tag",
                        Fakes.valid("[0, 0.5, 0.9]", "!!seq [0, 0.5]"),
                        List.of("line 6, column 18: expected no tags, got !!seq")),
                arguments(
                        "several documents",
                        Fakes.valid("name: demo", "name: demo\n---\nname: other"),
                        List.of("line 2, column 1: expected one document, got another one")),
                arguments(
                        "other YAML",
                        Fakes.valid("name: demo", "%YAML 1.1\n---\nname: demo"),
                        List.of("line 1, column 1: expected YAML 1.2, got 1.1")),
                arguments(
                        "unclosed list",
                        Fakes.valid("[mnist]", "[mnist"),
                        List.of("line 5, column 8: not YAML: expected ',' or ']', but got :")),
                arguments(
                        "tab for indentation",
                        Fakes.valid("  dataset", "\tdataset"),
                        List.of(
                                "line 4, column 1: not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)")),
                arguments(
                        "a terminal's escape",
                        Fakes.valid("name: demo", "name: \"\\e[31m\""),
                        List.of(
                                "line 1: name: expected a name of a-z, 0-9, '.' and '-', starting with a letter or digit, got \"\\u{1b}[31m\"")),
                arguments(
                        "no name",
                        Fakes.valid("name: demo\n", ""),
                        List.of("line 1: name: expected a name for the sweep, got nothing")),
                arguments(
                        "no seed",
                        Fakes.valid("  seed: 1..3\n", ""),
                        List.of(
                                "line 3: grid.seed: expected whole numbers from 0 to 9223372036854775807, or ranges such as 1..30, got nothing")),
                arguments(
                        "no dense phase",
                        Fakes.valid(
                                "  dense: {optimizer: adam, learning-rate: 0.001, batch-size: 64, epochs: 10}\n",
                                ""),
                        List.of(
                                "line 10: recipe.dense: expected a mapping such as {epochs: 10}, got nothing")),
                arguments(
                        "problem in a second grid",
                        Fakes.valid(
                                "grid:\n",
                                "grids:\n  - {architecture: lenet-5, dataset: mnist, density: 1, seed: 1}\n  - {architecture: lenet-5, dataset: mnist, density: 2, seed: 1}\nx:\n"),
                        List.of(
                                "line 4: grids[1].density: expected a fraction in (0, 1], got 2",
                                "line 5: x: unknown key; known: name, grid, grids, recipe, recipes")),
                arguments(
                        "controls beside nothing unpruned",
                        Fakes.valid("[0, 0.5, 0.9]\n", "[0.5, 0.9]\n  controls: fine-tuned\n"),
                        List.of(
                                "line 7: grid.controls: expected a size that prunes nothing beside controls, as in pruning-ratio: [0, 0.5]")),
                arguments(
                        "a control that there is not",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..3\n  controls: [fine-tune]\n"),
                        List.of(
                                "line 9: grid.controls[0]: unknown \"fine-tune\"; did you mean \"fine-tuned\"? known: fine-tuned, trained-as-long, other-order")),
                arguments(
                        "a control twice",
                        Fakes.valid(
                                "  seed: 1..3\n",
                                "  seed: 1..3\n  controls: [fine-tuned, fine-tuned]\n"),
                        List.of(
                                "line 9: grid.controls[1]: expected each control once, got \"fine-tuned\"")),
                arguments(
                        "no controls",
                        Fakes.valid("  seed: 1..3\n", "  seed: 1..3\n  controls: []\n"),
                        List.of(
                                "line 9: grid.controls: expected one of fine-tuned, trained-as-long, other-order, got an empty list")),
                arguments(
                        "a record that there is not",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  record: prediction\n"),
                        List.of(
                                "line 12: recipe.record: unknown \"prediction\"; did you mean \"predictions\"? known: none, predictions")),
                arguments(
                        "a minimum that is no number of weights",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  min-per-layer: -1\n"),
                        List.of(
                                "line 12: recipe.min-per-layer: expected a whole number of at least 0, got -1")),
                arguments(
                        "a minimum where no layer is ranked with others",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  scope: layer-wise\n  min-per-layer: 3\n"),
                        List.of(
                                "line 13: recipe.min-per-layer: expected scope global beside it, got scope layer-wise")),
                arguments(
                        "recipe without an engine's setting",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune: {epochs: 5}\n  engin: dl4j\n"),
                        List.of(
                                "line 12: recipe.engin: unknown key; did you mean \"engine\"? known: engine, dense, schedule, fine-tune, scope, output-layer, start-from, optimizer-state, validation, train-evaluation, record, min-per-layer")),
                arguments(
                        "epochs as a word",
                        Fakes.valid("{epochs: 5}", "{epochs: five}"),
                        List.of(
                                "line 11: recipe.fine-tune.epochs: expected a number of epochs from 0 to 2147483647, got \"five\"")),
                arguments(
                        "epochs with a fraction",
                        Fakes.valid("{epochs: 5}", "{epochs: 5.0}"),
                        List.of(
                                "line 11: recipe.fine-tune.epochs: expected a number of epochs from 0 to 2147483647, got 5.0")),
                arguments(
                        "setting of another optimizer",
                        Fakes.valid("{epochs: 5}", "{epochs: 5, optimizer: sgd, beta1: 0.9}"),
                        List.of(
                                "line 11: recipe.fine-tune.beta1: expected no beta1 with optimizer sgd (it belongs to adam), got 0.9")),
                arguments(
                        "names as PyTorch has them",
                        Fakes.valid("[mnist]", "[MNIST]"),
                        List.of(
                                "line 4: grid.dataset[0]: unknown \"MNIST\"; did you mean \"mnist\"? known: mnist, fashion-mnist, 2024")),
                arguments(
                        "sparsity",
                        Fakes.valid("pruning-ratio:", "sparsity:"),
                        List.of(
                                "line 6: grid.sparsity: unknown key; did you mean \"pruning-ratio\"? known: recipe, architecture, dataset, noise, seed, schedule, pruning-ratio, density, compression, levels, method, controls, zip, exclude")),
                arguments(
                        "l1",
                        Fakes.valid("method: [", "method: [l1, "),
                        List.of(
                                "line 7: grid.method[0]: unknown \"l1\"; did you mean \"magnitude\"? known: magnitude, undecayed, elimination")),
                arguments(
                        "lr and wd",
                        Fakes.valid("{epochs: 5}", "{epochs: 5, lr: 0.1, wd: 0.001}"),
                        List.of(
                                "line 11: recipe.fine-tune.lr: unknown key; did you mean \"learning-rate\"? known: optimizer, learning-rate, learning-rate-steps, learning-rate-factor, momentum, beta1, beta2, epsilon, weight-decay, weight-decay-kind, batch-size, epochs",
                                "line 11: recipe.fine-tune.wd: unknown key; did you mean \"weight-decay\"? known: optimizer, learning-rate, learning-rate-steps, learning-rate-factor, momentum, beta1, beta2, epsilon, weight-decay, weight-decay-kind, batch-size, epochs")),
                arguments(
                        "an optimizer in capitals",
                        Fakes.valid("{epochs: 5}", "{epochs: 5, optimizer: SGD, momentum: 0.9}"),
                        List.of(
                                "line 11: recipe.fine-tune.optimizer: unknown \"SGD\"; did you mean \"sgd\"? known: sgd, nesterov, adam")),
                arguments(
                        "momentum where there is none",
                        Fakes.valid("{epochs: 5}", "{epochs: 5, optimizer: adam, momentum: 0.9}"),
                        List.of(
                                "line 11: recipe.fine-tune.momentum: expected no momentum with optimizer adam (it belongs to sgd and nesterov), got 0.9")),
                arguments(
                        "a merge key",
                        Fakes.valid("{epochs: 5}", "{<<: {batch-size: 7}, epochs: 5}"),
                        List.of("line 11, column 15: expected no merge keys, got <<")),
                arguments(
                        "a merge key in a block",
                        Fakes.valid(
                                "  fine-tune: {epochs: 5}\n",
                                "  fine-tune:\n    <<: {epochs: 5}\n"),
                        List.of("line 12, column 5: expected no merge keys, got <<")),
                arguments(
                        "empty file",
                        "",
                        List.of("expected a sweep (name, grid, recipe), got an empty file")),
                arguments(
                        "only a comment",
                        "# nothing\n",
                        List.of("expected a sweep (name, grid, recipe), got an empty file")),
                arguments(
                        "a list",
                        "- 1\n",
                        List.of(
                                "line 1, column 1: expected a mapping with name, grid and recipe, got a list")),
                arguments(
                        "a word",
                        "hello\n",
                        List.of(
                                "line 1, column 1: expected a mapping with name, grid and recipe, got \"hello\"")),
                arguments(
                        "deep nesting",
                        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                        List.of("line 1, column 33: expected at most 32 levels, got more")),
                arguments(
                        "a NUL",
                        "name: a\0b\n",
                        List.of("line 1, column 8: expected text, got the character U+0000")),
                arguments(
                        "a recipe that does not read is not unknown too",
                        "name: x\ngrid: {architecture: lenet-5, dataset: mnist, density: 1, seed: 1, recipe: [long, short]}\nrecipes:\n  long: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n  short: {dense: {epochs: 1}}\n",
                        List.of(
                                "line 5: recipes.short.fine-tune: expected a mapping such as {epochs: 5}, got nothing")),
                arguments(
                        "unknown recipe",
                        "name: x\ngrid: {architecture: lenet-5, dataset: mnist, density: 1, seed: 1, recipe: shrt}\nrecipes:\n  long: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n  short: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n",
                        List.of(
                                "line 2: grid.recipe: unknown \"shrt\"; did you mean \"short\"? known: long, short")),
                arguments(
                        "name of a recipe",
                        "name: x\ngrid: {architecture: lenet-5, dataset: mnist, density: 1, seed: 1}\nrecipes:\n  a/b: {dense: {epochs: 1}, fine-tune: {epochs: 1}}\n",
                        List.of(
                                "line 4: recipes.\"a/b\": expected a name of a-z, 0-9, '.' and '-', got \"a/b\"")),
                arguments(
                        "everything at once",
                        "nmae: Demo\ngrid:\n  architecture: lenet-6\n  dataset: [mnist, ]\n  noise: yes\n  pruning-ratio: [0.5, 10]\n  method: [magnitud, {undecayed: {weight-decay: no}}]\n  seed: []\n  colour: red\nrecipe:\n  dense: {optimizer: sgd, beta2: 0.9}\n  fine-tune: 5\n  scope: globl\n",
                        List.of(
                                "line 1: nmae: unknown key; did you mean \"name\"? known: name, grid, grids, recipe, recipes",
                                "line 3: grid.architecture: expected an architecture, got \"lenet-6\" (there is none of this name); did you mean \"lenet-5\"? known: lenet-5, lenet-300-100, mlp-<widths>",
                                "line 5: grid.noise: expected a number of at least 0, got \"yes\"",
                                "line 6: grid.pruning-ratio[1]: expected a fraction in [0, 1) (for a 10 times smaller network write compression: 10), got 10",
                                "line 7: grid.method[0]: unknown \"magnitud\"; did you mean \"magnitude\"? known: magnitude, undecayed, elimination",
                                "line 7: grid.method[1].undecayed.weight-decay: expected a decimal of at least 0, got \"no\"",
                                "line 8: grid.seed: expected whole numbers from 0 to 9223372036854775807, or ranges such as 1..30, got an empty list",
                                "line 9: grid.colour: unknown key; known: recipe, architecture, dataset, noise, seed, schedule, pruning-ratio, density, compression, levels, method, controls, zip, exclude",
                                "line 11: recipe.dense.epochs: expected a number of epochs, got nothing",
                                "line 11: recipe.dense.beta2: expected no beta2 with optimizer sgd (it belongs to adam), got 0.9",
                                "line 12: recipe.fine-tune: expected a mapping such as {epochs: 10}, got 5",
                                "line 13: recipe.scope: unknown \"globl\"; did you mean \"global\"? known: global, layer-wise")));
    }
}
