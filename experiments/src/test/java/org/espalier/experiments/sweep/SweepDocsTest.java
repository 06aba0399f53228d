// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.MethodDefinition.Setting;
import org.espalier.experiments.pruning.Methods;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say of sweep files, against the reader itself. */
class SweepDocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/sweep-file.md");
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FROZEN =
            Pattern.compile("```yaml frozen\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CELLS = Pattern.compile("# (\\d+) cells\\n.*", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9-]*):");

    /** The names of this installation and the data sets that need no file or are published. */
    private record RealCatalogue() implements Catalogue {
        @Override
        public List<String> architectures() {
            return Architectures.list().stream().map(Architectures.Entry::name).toList();
        }

        @Override
        public Optional<String> problemWithArchitecture(String name) {
            return Architectures.problem(name);
        }

        @Override
        public List<MethodDefinition> methods() {
            return Methods.all();
        }

        @Override
        public List<String> datasets() {
            return List.of("diffusion-sorption", "fashion-mnist", "mnist", "strokes");
        }

        @Override
        public UnknownDatasets unknownDatasets() {
            return UnknownDatasets.REFUSED;
        }

        @Override
        public List<String> engines() {
            return List.of("auto", "vector", "dl4j");
        }
    }

    private static Sweep read(String text) {
        return SweepFile.read(
                text.getBytes(StandardCharsets.UTF_8), "example", new RealCatalogue());
    }

    private static List<String> blocks(Pattern kind, Path page) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher block = kind.matcher(Files.readString(page));
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    static List<Named<String>> examples() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<Named<String>> examples = new ArrayList<>();
        for (Path page : pages) {
            for (String text : blocks(YAML, page)) {
                examples.add(Named.of(Text.of("%s %d", page.getFileName(), examples.size()), text));
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleHasTheCellsItSays(String text) {
        Matcher said = CELLS.matcher(text);

        assertThat(said.matches()).as("its first line says its number of cells").isTrue();
        assertThat(read(text).cells()).hasSize(Integer.parseInt(said.group(1)));
    }

    static List<Path> sweeps() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sweeps"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    void aSweepOfTheProjectExpandsAndHasItsFilesName(Path file) {
        Sweep sweep = SweepFile.read(file, new RealCatalogue());

        assertThat(sweep.cells()).isNotEmpty();
        assertThat(file.getFileName()).hasToString(sweep.name() + ".yaml");
    }

    /** 3 seeds, each with a control and 5 methods at 5 ratios: 3 (1 + 25) = 78. */
    @Test
    void theSweepOnMnistHasTheCellsItSays() {
        Sweep sweep = SweepFile.read(Path.of("sweeps/mnist-lenet.yaml"), new RealCatalogue());

        assertThat(sweep.cells()).hasSize(78);
    }

    @Test
    void theFrozenCopyIsThatOfTheFirstExample() throws IOException {
        Sweep first = read(blocks(YAML, PAGE).get(0));

        assertThat(blocks(FROZEN, PAGE)).containsExactly(FrozenSweep.text(first));
    }

    /** A frozen copy writes out everything, so its keys are the keys there are. */
    @Test
    void everyKeyIsExplained() throws IOException {
        String all =
                """
                name: all
                grid:
                  architecture: lenet-5
                  dataset: [mnist, fashion-mnist]
                  noise: [0, 0.2]
                  zip: [[dataset, noise]]
                  density: [1, 0.5]
                  method: [magnitude, random]
                  seed: 1
                  exclude: [{method: random, density: 0.5, dataset: mnist}]
                recipe:
                  dense: {learning-rate-steps: [2], weight-decay: 0.1, epochs: 4}
                  fine-tune: {optimizer: nesterov, epochs: 1}
                """;
        Matcher keys = KEY.matcher(FrozenSweep.text(read(all)));
        var missing = new TreeSet<String>();
        String page = Files.readString(PAGE);
        int found = 0;
        for (; keys.find(); found++) {
            if (!page.contains("`" + keys.group(1) + "`") && !keys.group(1).equals("default")) {
                missing.add(keys.group(1));
            }
        }

        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(25);
    }

    @Test
    void everyMethodAndSettingIsExplained() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/methods.md"));

        for (MethodDefinition method : Methods.all()) {
            assertThat(page.contains("## `" + method.id() + "`"))
                    .as("docs/methods.md has a section ## `%s`", method.id())
                    .isTrue();
            for (Setting setting : method.settings()) {
                assertThat(page.contains("| `" + setting.name() + "` |"))
                        .as("docs/methods.md has a row | `%s` | of a table", setting.name())
                        .isTrue();
            }
        }
    }
}
