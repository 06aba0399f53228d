// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageTypeParser;
import org.espalier.driver.TinyData;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The whole command line in this JVM: what it prints and its exit codes. */
class CommandLineTest {
    private static final String TINY =
            """
            name: tiny
            grid:
              architecture: mlp-4
              dataset: %s
              pruning-ratio: [0, 0.5]
              method: [random]
              seed: 1..1
            recipe:
              dense: {optimizer: %s, batch-size: 4, epochs: 2}
              fine-tune: {epochs: 0}
            """;

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String sweep;

    @BeforeEach
    void write() throws IOException {
        sweep = file("tiny.yaml", Text.of(TINY, "strokes", "adam"));
    }

    /** A data folder with one set: ten images of 2x2 in two classes to train on, and to test. */
    private String blobs() throws IOException {
        Path set = Files.createDirectories(folder.resolve("data/blobs"));
        for (String part : List.of("train", "t10k")) {
            ByteBuffer images = ByteBuffer.allocate(16 + 40);
            images.putInt(0x803).putInt(10).putInt(2).putInt(2);
            ByteBuffer labels = ByteBuffer.allocate(8 + 10);
            labels.putInt(0x801).putInt(10);
            for (int i = 0; i < 10; i++) {
                images.putInt(i % 2 == 0 ? 0x00ff00ff + i : 0xff10ff10 - i);
                labels.put((byte) (i % 2));
            }
            Files.write(set.resolve(part + "-images-idx3-ubyte"), images.array());
            Files.write(set.resolve(part + "-labels-idx1-ubyte"), labels.array());
        }
        return folder.resolve("data").toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private int espalier(String... arguments) {
        return execute(Espalier.commandLine(), arguments);
    }

    private int execute(CommandLine line, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /** A user's mistake: exit code 2, nothing printed as a result, no stack. */
    private void refused(List<String> expected, String... arguments) {
        assertThat(espalier(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("espalier: ")
                .contains(expected)
                .doesNotContain("\tat ", "Exception");
    }

    private void refused(String expected, String... arguments) {
        refused(List.of(expected), arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "quickstart",
                "plan",
                "run",
                "show",
                "list",
                "data",
                "data list",
                "data fetch",
                "version",
                "help"
            })
    void everyCommandHasHelpOf80Columns(String command) {
        String[] arguments = (command + " --help").strip().split(" ");

        assertThat(espalier(arguments)).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("Usage: espalier").contains("--help");
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void helpLeadsANewcomer() {
        assertThat(espalier("help")).isZero();
        assertThat(out.toString())
                .contains("Start with `espalier quickstart`", "Exit codes: 0 all done, 1 our fault")
                .contains("quickstart ", "plan ", "run ", "show ", "list ", "data ", "version ");
        assertThat(espalier("run", "--help")).isZero();
        assertThat(out.toString()).contains("Example:", "--retry-failed", "local[*]");
    }

    @Test
    void versionNamesWhatItRunsOn() {
        assertThat(espalier("version")).isZero();
        String lines = out.toString();
        assertThat(lines).startsWith("espalier ").contains("\njava ", "\nspark 3.5", "openblas");
        assertThat(espalier("--version")).isZero();
        assertThat(out.toString()).isEqualTo(lines);
        refused("expected no more arguments, got \"x\"", "version", "x");
    }

    @Test
    void listNamesWhatASweepFileMayHold() {
        assertThat(espalier("list")).isZero();
        assertThat(out.toString())
                .contains("architecture\n", "  lenet-300-100 ", "dataset\n", "  strokes ")
                .contains("method\n", "  magnitude ", "    weight-decay ")
                .contains(
                        "    (ranks)  ",
                        " weights\n",
                        "    (on)  ",
                        "every kind of layer, every engine\n")
                .contains("    (needs)  ");
        assertThat(out.toString().replaceAll("\\s+", " ")) // wherever lines are broken
                .contains("derivatives of the logits of 10000 samples ")
                .contains("convolution without bias, engine dl4j: there is no bias to shift, so");
        assertThat(espalier("data", "list")).isZero();
        assertThat(out.toString()).startsWith("dataset\n").contains("  mnist ", "not found here");
    }

    @Test
    void wrongCommandsAndOptionsHaveANearMatch() {
        refused(List.of("expected a command, got none", "  quickstart ", "  version "));
        refused(
                List.of("unknown command \"versio\"; did you mean \"version\"?", "  quickstart "),
                "versio");
        refused(
                List.of(
                        "unknown option \"--exten\"; did you mean \"--extend\"?",
                        "espalier run --help"),
                "run",
                sweep,
                "--out",
                "o",
                "--exten");
        refused("unknown option \"--slot\"; did you mean \"--slots\"?", "plan", sweep, "--slot=2");
        refused("unknown option \"--outt\"; did you mean \"--out\"?", "quickstart", "--outt=x");
        refused("expected `data list` or `data fetch NAME`, got neither", "data");
        refused(
                List.of("unknown command \"lst\"; did you mean \"list\"?", "  fetch "),
                "data",
                "lst");
        refused("unknown option \"--ot\"; did you mean \"--out\"?", "run", "--ot=x");
    }

    @Test
    void listRefusesDataThatIsNotThere() throws IOException {
        refused("not found", "list", "--data", path("nope"));
        refused(path("file"), "list", "--data", file("file", "x"));
        refused("expected no more arguments, got \"x\"", "list", "x");
        refused("not found", "data", "list", "--data", path("nope"));
    }

    @Test
    void fetchRefusesWhatItCannotFetch() throws IOException {
        String data = path("data");
        refused(
                "cannot fetch \"mnis\"; did you mean \"mnist\"? known: mnist, fashion-mnist",
                "data",
                "fetch",
                "mnis",
                "--data",
                data);
        refused("'--data=FOLDER'", "data", "fetch", "mnist");
        refused(
                "between 0.001 and 3600 seconds, got 0.0",
                "data",
                "fetch",
                "mnist",
                "--data",
                data,
                "--timeout",
                "0");
        refused("got NaN", "data", "fetch", "mnist", "--data", data, "--timeout", "NaN");
        refused("got a URI", "data", "fetch", "mnist", "--data", "hdfs://host/data");
        assertThat(Files.exists(folder.resolve("data"))).isFalse();
    }

    @Test
    void planSaysWhatASweepComesTo() {
        assertThat(espalier("plan", sweep, "--slots", "1")).isZero();
        assertThat(out.toString())
                .contains("sweep tiny\n", "  cells        2", "  trunks       1", "on 1 slot,");
        assertThat(espalier("plan", sweep, "--cells")).isZero();
        assertThat(out.toString())
                .containsPattern("(?m)^[0-9a-f]{16,}  mlp-4 strokes .*control")
                .containsPattern("(?m)^[0-9a-f]{16,}  mlp-4 strokes .*random");
    }

    /** By hand: one cell, no control, so one dense training that nothing is shared of. */
    @Test
    void planCountsInGrammarAndFitsTheScreen() throws IOException {
        String one =
                file(
                        "one.yaml",
                        """
                        name: one
                        grid: {architecture: lenet-300-100, dataset: strokes, pruning-ratio: 0.5, method: undecayed, seed: 1}
                        recipe:
                          schedule: {gradual: {start: 0it, end: 1ep, period: 40it}}
                          dense: {epochs: 1}
                        """);
        assertThat(espalier("plan", one, "--slots", "1", "--cells")).as(err::toString).isZero();

        assertThat(out.toString())
                .contains("       1  one row each", "       1  dense training; sharing saves 0")
                .contains(" on 1 slot, by a rule of thumb")
                .contains("  prunes  lenet-300-100 strokes gradual");
        for (String[] command :
                new String[][] {{"plan", one, "--cells"}, {"list"}, {"data", "list"}}) {
            assertThat(espalier(command)).isZero();
            assertThat(out.toString().lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        }
    }

    @Test
    void planTellsAllProblemsOfAFile() throws IOException {
        String bad =
                file(
                        "bad.yaml",
                        Text.of(TINY, "strokes", "adam")
                                .replace("0.5]", "1.5]")
                                .replace("random", "randon")
                                .replace("batch-size", "batchsize"));

        refused(
                List.of(
                        bad + ": 3 problems, nothing was run",
                        "line 5: grid.pruning-ratio[1]",
                        "got 1.5",
                        "did you mean \"random\"?",
                        "did you mean \"batch-size\"?"),
                "plan",
                bad);
    }

    @Test
    void planRefusesWhatIsNoSweepFile() throws IOException {
        refused("Missing required parameter: 'FILE'", "plan");
        refused("there is no such file", "plan", path("nope.yaml"));
        refused("expected a file, got a folder", "plan", folder.toString());
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xca, (byte) 0xfe, 0, 1});
        refused("expected text in UTF-8, got the byte 0xca", "plan", path("binary"));
        refused(
                "--slots must be a whole number of at least 1, got 0",
                "plan",
                sweep,
                "--slots",
                "0");
        refused("No FileSystem for scheme", "plan", "foo://host/sweep.yaml");
        String mnist = file("mnist.yaml", Text.of(TINY, "mnist", "adam"));
        refused("expected --data FOLDER with mnist/ in it", "plan", mnist);
        refused("not found", "plan", mnist, "--data", path("nope"));
    }

    @Test
    void runRefusesBadOptions() throws IOException {
        String dir = path("out");
        refused("Missing required option: '--out=DIR'", "run", sweep);
        refused("--out: expected a folder, got nothing", "run", sweep, "--out", "");
        String occupied = file("occupied", "x");
        refused("expected a folder, got a file", "run", sweep, "--out", occupied);
        refused("Not a directory", "run", sweep, "--out", occupied + "/below");
        refused("expected a path or the URI", "run", sweep, "--out", "foo://host/x");
        refused("--store " + occupied, "run", sweep, "--out", dir, "--store", occupied);
        refused(
                "--flush-rows must be a whole number of at least 1, got -1",
                "run",
                sweep,
                "--out",
                dir,
                "--flush-rows=-1");
        refused(
                "--flush-seconds must be at least 0, got -2.0",
                "run",
                sweep,
                "--out",
                dir,
                "--flush-seconds=-2");
        refused(
                "should be in KEY=VALUE format but was abc",
                "run",
                sweep,
                "--out",
                dir,
                "--conf",
                "abc");
        refused("expected a setting of Spark", "run", sweep, "--out", dir, "--conf", "foo=bar");
        refused("there is no such file", "run", path("nope.yaml"), "--out", dir);
        refused("expected a folder, got a file", "quickstart", "--out", occupied);
        refused("expected no more arguments, got \"extra\"", "quickstart", "extra");
    }

    @Test
    void runTellsInASentenceWhySparkDoesNotStart() {
        String dir = path("out");
        refused(
                "Spark did not start with master foo and the settings given: Could not parse Master URL",
                "run",
                sweep,
                "--out",
                dir,
                "--master",
                "foo",
                "--conf",
                "spark.ui.enabled=false");

        assertThat(espalier("run", sweep, "--out", dir, "--master", "local[0]", "--debug"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("Asked to run locally with 0 threads", "\tat org.apache.spark.");
    }

    @Test
    void showRefusesWhatHoldsNoResults() throws IOException {
        refused("Missing required parameter: 'DIR'", "show");
        refused("holds no results", "show", path("nope"));
        refused("DIR: expected a folder, got nothing", "show", "");
        Path results = Files.createDirectories(folder.resolve("html/results"));
        Files.writeString(results.resolve("rows-00000001.parquet"), "<html>not found</html>");
        refused("it is no Parquet file, or was cut short", "show", path("html"));
    }

    @Test
    void showRefusesForeignParquet() throws IOException {
        Path results = Files.createDirectories(folder.resolve("foreign/results"));
        var type = MessageTypeParser.parseMessageType("message m { required int32 a; }");
        try (var writer =
                ExampleParquetWriter.builder(
                                new org.apache.hadoop.fs.Path(
                                        results.resolve("rows-00000001.parquet").toUri()))
                        .withType(type)
                        .build()) {
            SimpleGroup group = new SimpleGroup(type);
            group.add("a", 1);
            writer.write(group);
        }

        refused("something other than Espalier wrote it", "show", path("foreign"));
    }

    /** Made by version 0.1.0: no command touches it, and each says in a sentence who reads it. */
    @Test
    void rowsOfVersion1AreRefusedAndLeftAsTheyAre() throws IOException {
        Path results = Files.createDirectories(folder.resolve("old/results"));
        Path rows =
                Files.copy(
                        Path.of(
                                "../results-schema/src/test/resources/org/espalier/results/cell-row-v1.parquet"),
                        results.resolve("rows-00000001.parquet"));
        byte[] before = Files.readAllBytes(rows);
        String dir = path("old");
        List<String> expected = List.of(dir, "version 1", "0.1");

        refused(expected, "show", dir);
        assertThat(err.toString().lines()).hasSize(1);
        refused(expected, "run", sweep, "--out", dir, "--extend", "--master", "local[1]");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(Files.readAllBytes(rows)).isEqualTo(before);
        assertThat(folder.resolve("old/sweep.yaml")).doesNotExist();
    }

    /** A file of rows that somebody copied: nothing is averaged over rows that are there twice. */
    @Test
    void showRefusesRowsThatAreThereTwice() throws IOException {
        String file = file("blobs.yaml", Text.of(TINY, "blobs", "adam"));
        String dir = path("twice");
        assertThat(espalier("run", file, "--data", blobs(), "--out", dir, "--master", "local[1]"))
                .as(err::toString)
                .isZero();
        Path rows;
        try (Stream<Path> files = Files.list(Path.of(dir, "results"))) {
            rows = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
        }
        Files.copy(rows, rows.resolveSibling("rows-of-a-friend.parquet"));

        refused(List.of(dir, "both hold a row of cell "), "show", dir);
    }

    /** Two cells, each in a file of its own; files are taken away again. */
    @Test
    void showSaysHowFarASweepHasCome() throws IOException {
        String file = file("blobs.yaml", Text.of(TINY, "blobs", "adam"));
        String dir = path("going");
        String[] run = {
            "run",
            file,
            "--data",
            blobs(),
            "--out",
            dir,
            "--master",
            "local[1]",
            "--flush-rows",
            "1"
        };
        assertThat(espalier(run)).as(err::toString).isZero();
        for (int left : new int[] {1, 2}) {
            Path rows;
            try (Stream<Path> files = Files.list(Path.of(dir, "results"))) {
                rows = files.sorted().findFirst().orElseThrow();
            }
            Files.delete(rows);

            assertThat(espalier("show", dir)).isZero();
            assertThat(out.toString())
                    .startsWith(
                            Text.of(
                                    "%d of 2 cells completed, 0 failed; %d to go%n%n",
                                    2 - left, left));
        }
    }

    /** A link to nowhere in the place of the folder that rows are written in. */
    @Test
    void rowsThatCannotBeWrittenAreToldBeforeTheFirstCell() throws IOException {
        String file = file("blobs.yaml", Text.of(TINY, "blobs", "adam"));
        Path dir = Files.createDirectories(folder.resolve("stuck"));
        Path link = Files.createSymbolicLink(dir.resolve("_unfinished"), folder.resolve("gone"));
        String[] run = {
            "run", file, "--data", blobs(), "--out", dir.toString(), "--master", "local[1]"
        };

        assertThat(espalier(run)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line)
                                        .contains(dir + "/results cannot hold results: ")
                                        .endsWith(
                                                "; mend that or choose another folder with --out,"
                                                        + " nothing was computed yet"));

        Files.delete(link);
        assertThat(espalier(run)).as(err::toString).isZero();
        assertThat(
                        ResultsFolder.read(
                                new org.apache.hadoop.fs.Path(dir.toUri()), new Configuration()))
                .hasSize(2);
    }

    /** Spaces, percent signs, plus signs and what is beyond ASCII, in every folder and file. */
    @Test
    void namesOfAllKindsWork() throws IOException {
        String name = "a b%20c+d#" + (beyondAscii() ? "gr\u00fcn-\u679d" : "");
        Path data = folder.resolve(name + " data");
        TinyData.write(data.resolve("blobs"));
        String file = file(name + ".yaml", Text.of(TINY, "blobs", "adam"));
        String dir = folder.resolve(name).resolve("out").toString();
        String figure = folder.resolve(name + ".png").toString();

        assertThat(
                        espalier(
                                "run",
                                file,
                                "--data=" + data,
                                "--out=" + dir,
                                "--store=" + folder.resolve(name + "store"),
                                "--master=local[1]"))
                .as(err::toString)
                .isZero();
        assertThat(espalier("show", dir, "--figure", figure)).as(err::toString).isZero();
        assertThat(Path.of(dir, "results", "rows-00000001.parquet")).isRegularFile();
        assertThat(Path.of(figure)).isRegularFile();
    }

    /** In an ASCII locale this JVM can name no such file, whoever asks. */
    private static boolean beyondAscii() {
        return Charset.forName(System.getProperty("sun.jnu.encoding"))
                .newEncoder()
                .canEncode("\u679d");
    }

    /** What cannot be drawn is told before anything is printed. */
    @Test
    void showChecksTheFigureFirst() throws IOException {
        String file = file("blobs.yaml", Text.of(TINY, "blobs", "adam"));
        String dir = path("drawn");
        assertThat(espalier("run", file, "--data", blobs(), "--out", dir, "--master", "local[1]"))
                .as(err::toString)
                .isZero();

        refused(".png, .svg or .pdf, got", "show", dir, "--figure", path("figure.jpg"));
        refused(".png, .svg or .pdf, got \"/\"", "show", dir, "--figure", "/");
        refused("there is no folder", "show", dir, "--figure", path("nowhere/figure.png"));
        Files.createDirectories(folder.resolve("folder.png"));
        refused("expected a file, got the folder", "show", dir, "--figure", path("folder.png"));
        assertThat(espalier("show", dir, "--figure", path("figure.png"))).isZero();
        assertThat(folder.resolve("figure.png")).isNotEmptyFile();
    }

    @Test
    void endsWith0WhenAllIsDoneAndDoesNothingTheSecondTime() throws IOException {
        String dir = path("done");
        String file = file("blobs.yaml", Text.of(TINY, "blobs", "adam"));
        String[] run = {"run", file, "--data", blobs(), "--out", dir, "--master", "local[1]"};
        assertThat(espalier(run)).as(err::toString).isZero();
        var rows = ResultsFolder.read(new org.apache.hadoop.fs.Path(dir), new Configuration());
        assertThat(rows).hasSize(2);
        assertThat(espalier(run)).isZero();
        assertThat(ResultsFolder.read(new org.apache.hadoop.fs.Path(dir), new Configuration()))
                .isEqualTo(rows);
        assertThat(espalier("show", dir)).isZero();
        assertThat(out.toString()).startsWith("mlp-4 on blobs\n").contains("control ", "random ");

        String other = file("other.yaml", Files.readString(Path.of(file)).replace("1..1", "1..2"));
        refused(
                List.of("holds results of another sweep", "--extend"),
                "run",
                other,
                "--data",
                blobs(),
                "--out",
                dir);
    }

    /**
     * Each of six steps multiplies the weights by 1 - 1e9 * 0.5, so that no finite number is left.
     */
    @Test
    void endsWith3WhenCellsFailed() throws IOException {
        String wild =
                file(
                        "wild.yaml",
                        Text.of(TINY, "blobs", "sgd, learning-rate: 1e9, weight-decay: 0.5"));
        String dir = path("wild");

        assertThat(espalier("run", wild, "--data", blobs(), "--out", dir, "--master", "local[1]"))
                .as(err::toString)
                .isEqualTo(3);
        assertThat(espalier("show", dir)).isZero();
        assertThat(out.toString()).contains("Failed cells by cause", "2  DIVERGED: ");
    }

    @Test
    void endsWith1WhereTheFaultIsOurs() {
        CommandLine line = Espalier.commandLine();
        line.addSubcommand("broken", new Broken());

        assertThat(execute(line, "broken")).isEqualTo(1);
        assertThat(err.toString())
                .contains("espalier: IllegalStateException: injected", "This should not happen")
                .doesNotContain("\tat ");
        assertThat(execute(line, "--debug", "broken")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat " + CommandLineTest.class.getName());
    }

    @Command(name = "broken")
    private static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("injected");
        }
    }
}
