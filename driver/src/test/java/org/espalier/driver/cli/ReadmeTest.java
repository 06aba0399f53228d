// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.driver.plan.KnownNames;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.SweepFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What README promises: its first command is run, every other one is at least understood. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @TempDir static Path folder;
    private String printed;
    private int exit;

    @BeforeAll
    void runsTheFirstCommand() {
        StringWriter text = new StringWriter();
        exit = quickstart(text);
        printed = text.toString();
    }

    private static int quickstart(StringWriter text, String... more) {
        CommandLine line = Espalier.commandLine();
        line.setOut(new PrintWriter(text));
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("quickstart", "--out", out().toString(), "--master", "local[2]"));
        arguments.addAll(List.of(more));
        return line.execute(arguments.toArray(String[]::new));
    }

    private static Path out() {
        return folder.resolve("quickstart");
    }

    @Test
    void quickstartEndsWellAndPrintsWhatItFound() {
        assertThat(exit).isZero();
        assertThat(printed)
                .contains("lenet-300-100", "strokes", "elimination-compensation")
                .contains("mlp-32-32-tanh", "diffusion-sorption")
                .contains(out() + "/results/*.parquet");
    }

    /** Spark could not start with this setting, so that nothing can have been trained. */
    @Test
    void quickstartOnAFinishedFolderTrainsNothing() throws IOException {
        Map<String, FileTime> before = files();

        int again = quickstart(new StringWriter(), "--conf", "spark.driver.port=no-port");

        assertThat(again).isZero();
        assertThat(files()).isEqualTo(before).isNotEmpty();
    }

    /** Files of results with the times at which they were written. */
    private static Map<String, FileTime> files() throws IOException {
        Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(out())) {
            for (Path file : all.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                files.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    @Test
    void itsQueryRunsInDuckDb() throws IOException, SQLException {
        String query = block("sql").replaceAll("'results/mnist-lenet/", "'" + out() + "/");

        List<String> methods = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                methods.add(rows.getString("method"));
                assertThat(rows.getInt("seeds")).isPositive();
                assertThat(rows.getDouble("just_pruned_loss")).isPositive();
            }
        }
        assertThat(methods).contains("control", "random", "magnitude", "undecayed");
    }

    /** Bits are the same everywhere, so the very numbers are. */
    @Test
    void whatItShowsOfTheFirstCommandIsWhatIsPrinted() throws IOException {
        List<String> shown =
                blocks("").stream()
                        .filter(block -> block.startsWith("lenet-300-100 on strokes\n"))
                        .flatMap(String::lines)
                        .map(line -> line.strip().replaceAll(" +", " "))
                        .filter(line -> !line.equals("..."))
                        .toList();

        assertThat(shown).hasSizeGreaterThan(5);
        assertThat(printed.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsAll(shown);
    }

    /** One line for each condition; two tasks and what their losses are stay apart. */
    @Test
    void itsQueryAveragesOverSeedsAlone() throws IOException, SQLException {
        String rows = "'" + out() + "/results/*.parquet'";
        String query = block("sql").replaceAll("'results/mnist-lenet/results/[^']*'", rows);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            int lines = 0;
            try (ResultSet answer = statement.executeQuery(query.replace(";", ""))) {
                while (answer.next()) {
                    lines++;
                    boolean regression = answer.getString("task").equals("regression");
                    answer.getDouble("accuracy");
                    assertThat(answer.wasNull()).isEqualTo(regression);
                    assertThat(answer.getInt("seeds")).isEqualTo(3);
                }
            }
            try (ResultSet conditions =
                    statement.executeQuery("SELECT count(DISTINCT condition.text) FROM " + rows)) {
                assertThat(conditions.next()).isTrue();
                assertThat(lines).isEqualTo(conditions.getInt(1));
            }
        }
    }

    @Test
    void itIsCitedByTheVersionThatItIs() throws IOException {
        Matcher version =
                Pattern.compile("<artifactId>espalier</artifactId>\\s*<version>([^<]+)<")
                        .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(readme()).contains("version = {" + version.group(1) + "}");
        assertThat(Files.readString(ROOT.resolve("CITATION.cff")))
                .contains("\nversion: " + version.group(1) + "\n");
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            Matcher link =
                    Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(page));
            while (link.find()) {
                if (!link.group(1).contains(":")
                        && !Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void itsSweepIsTheOneInTheRepository() throws IOException {
        KnownNames known = new KnownNames(new Datasets(Optional.empty()));
        byte[] shown = block("yaml").getBytes(StandardCharsets.UTF_8);

        assertThat(SweepFile.read(shown, "README.md", known).cells())
                .isEqualTo(
                        SweepFile.read(ROOT.resolve("experiments/sweeps/mnist-lenet.yaml"), known)
                                .cells())
                .hasSize(78);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsUnderstood(String command) {
        List<String> words = List.of(command.trim().split("\\s+"));
        int from = words.contains("--") ? words.indexOf("--") + 1 : 1;
        String[] arguments = words.subList(from, words.size()).toArray(String[]::new);

        CommandLine.ParseResult parsed = Espalier.commandLine().parseArgs(arguments);

        assertThat(parsed.hasSubcommand()).isTrue();
        assertThat(words.get(0))
                .satisfies(script -> assertThat(ROOT.resolve(script)).isExecutable());
        Stream.of(arguments)
                .filter(word -> word.startsWith("experiments/"))
                .forEach(file -> assertThat(ROOT.resolve(file)).isRegularFile());
    }

    static Stream<String> commands() throws IOException {
        Matcher blocks = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(readme());
        return blocks.results()
                .flatMap(found -> found.group(1).replace("\\\n", " ").lines())
                .map(line -> line.replaceAll("\\s+#.*", ""))
                .filter(line -> line.startsWith("scripts/"));
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
        assertThat(block.find()).isTrue();
        return block.group(1).replaceAll("(?m)^--.*\n", "");
    }

    /** All blocks of a language. */
    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences =
                Pattern.compile("(?m)^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                        .matcher(readme());
        while (fences.find()) {
            if (fences.group(1).equals(language)) {
                blocks.add(fences.group(2));
            }
        }
        return blocks;
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
