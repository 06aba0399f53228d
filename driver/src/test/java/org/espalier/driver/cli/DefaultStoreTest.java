// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.TinyData;
import org.espalier.driver.run.DriverProcess;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Status;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Runs that name no store: all of one output folder find what the others have trained. */
@Timeout(120)
class DefaultStoreTest {
    /** 2 trunks, 4 cells. */
    private static final String SWEEP =
            """
            name: stored
            grid:
              architecture: mlp-8
              dataset: tiny
              noise: 0.1
              pruning-ratio: [0, 0.5]
              method: [magnitude]
              seed: 1..2
            recipe:
              train-evaluation: off
              dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
              fine-tune: {epochs: 1}
            """;

    private static final String MORE = SWEEP.replace("[0, 0.5]", "[0, 0.5, 0.9]");

    @TempDir private Path folder;
    private final StringWriter err = new StringWriter();
    private String said = "";

    @BeforeEach
    void write() throws IOException {
        TinyData.write(folder.resolve("data/tiny"));
    }

    /** Runs a sweep into a folder, in this JVM. */
    private int run(String sweep, String out, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(arguments(sweep, out));
        arguments.addAll(List.of(more));
        PrintStream before = System.err;
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        err.getBuffer().setLength(0);
        System.setErr(new PrintStream(progress, true, StandardCharsets.UTF_8));
        try {
            CommandLine line = Espalier.commandLine();
            line.setErr(new PrintWriter(err, true));
            return line.execute(arguments.toArray(String[]::new));
        } finally {
            System.setErr(before);
            said = progress.toString(StandardCharsets.UTF_8);
        }
    }

    private List<String> arguments(String sweep, String out) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.yaml"), sweep);
        return List.of(
                "run",
                file.toString(),
                "--data",
                folder.resolve("data").toString(),
                "--out",
                folder + "/" + out,
                "--master",
                "local[2]");
    }

    private Map<String, CellRow> rows() throws IOException {
        Map<String, CellRow> rows = new TreeMap<>();
        for (FiledRow filed :
                ResultsFolder.read(
                        new org.apache.hadoop.fs.Path(folder.resolve("out").toUri()),
                        new Configuration())) {
            assertThat(rows.put(filed.row().cellId(), filed.row())).isNull();
        }
        return rows;
    }

    private static void assertTrunksReused(Map<String, CellRow> rows, Map<String, CellRow> before) {
        assertThat(rows.values())
                .allSatisfy(
                        row -> {
                            if (before.containsKey(row.cellId())) {
                                assertThat(row).isEqualTo(before.get(row.cellId()));
                            } else {
                                assertThat(row.timings().trunkReused()).isTrue();
                            }
                        });
    }

    /** However the folder is written, and whether it is there or not. */
    @ParameterizedTest
    @ValueSource(strings = {"out", "out/", "out/../out", "./out"})
    void anExtendedSweepTrainsNoTrunk(String again) throws IOException {
        assertThat(run(SWEEP, "out")).as(err::toString).isZero();
        assertThat(said).contains("4 run now on 2 trunks trained and 0 taken from the store");
        Map<String, CellRow> before = rows();
        assertThat(before.values()).hasSize(4).noneMatch(r -> r.timings().trunkReused());

        assertThat(run(MORE, again, "--extend")).as(err::toString).isZero();

        assertThat(said).contains("2 run now on 0 trunks trained and 2 taken from the store");
        assertThat(rows()).hasSize(6);
        assertTrunksReused(rows(), before);
        assertThat(folder.resolve(".espalier/stages")).isDirectory();
    }

    @Test
    void whatIsMeasuredOfANetworkTrainsNoTrunk() throws IOException {
        assertThat(run(SWEEP, "out")).as(err::toString).isZero();
        Map<String, CellRow> before = rows();

        String measuring =
                SWEEP.replace("evaluation: off", "evaluation: on\n  record: predictions");
        assertThat(run(measuring, "out", "--extend")).as(err::toString).isZero();

        assertThat(said).contains("4 run now on 0 trunks trained and 2 taken from the store");
        Map<String, CellRow> after = rows();
        assertThat(after).hasSize(8);
        assertTrunksReused(after, before);
        for (CellRow row : after.values()) {
            boolean measured = !before.containsKey(row.cellId());
            for (CellRow.Evaluation e : List.of(row.dense(), row.pruned(), row.fineTuned())) {
                assertThat(e.train() != null).isEqualTo(measured);
                assertThat(e.flipped() != null).isEqualTo(measured);
                assertThat(e.predictions() != null).isEqualTo(measured);
            }
            if (measured) {
                CellRow same =
                        before.values().stream()
                                .filter(b -> b.identity().stages().equals(row.identity().stages()))
                                .findFirst()
                                .orElseThrow();
                assertThat(row.dense().test()).isEqualTo(same.dense().test());
                assertThat(row.pruned().test()).isEqualTo(same.pruned().test());
                assertThat(row.fineTuned().test()).isEqualTo(same.fineTuned().test());
            }
        }
    }

    @Test
    void aRetryTrainsNoTrunk() throws IOException {
        String wild =
                SWEEP.replace("{epochs: 1}", "{optimizer: sgd, learning-rate: 1e29, epochs: 1}");
        assertThat(run(wild, "out")).as(err::toString).isEqualTo(3);
        assertThat(said).contains("4 run now on 2 trunks trained");

        assertThat(run(wild, "out", "--retry-failed")).as(err::toString).isEqualTo(3);

        assertThat(said).contains("4 run now on 0 trunks trained and 2 taken from the store");
        assertThat(rows().values())
                .hasSize(4)
                .allMatch(r -> r.status() == Status.FAILED && r.attempt() == 2)
                .allMatch(r -> r.timings().trunkReused());
    }

    /** Stopped as by Ctrl-C once all trunks are done and one row is there, but not all. */
    @Test
    void aStoppedSweepTrainsNoTrunkAgain() throws Exception {
        String many = SWEEP.replace("[0, 0.5]", "0.01..0.5 step 0.01");
        List<String> arguments = new ArrayList<>(arguments(many, "out"));
        arguments.addAll(List.of("--flush-rows", "1"));
        Path progress = folder.resolve("progress");
        Process driver =
                DriverProcess.of(List.of("-XX:TieredStopAtLevel=1"), arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(progress.toFile())
                        .start();
        try {
            while (!Files.readString(progress).contains("trunk 2/2 trained") || rows().isEmpty()) {
                assertThat(driver.waitFor(20, TimeUnit.MILLISECONDS))
                        .as(() -> "ended early: " + text(progress))
                        .isFalse();
            }
            driver.destroy();
            driver.waitFor();
        } finally {
            driver.destroyForcibly();
        }
        Map<String, CellRow> before = rows();
        assertThat(text(progress)).contains("stopped;", "the same command goes on from there");
        assertThat(before.size()).isBetween(1, 99);

        assertThat(run(many, "out")).as(err::toString).isZero();

        assertThat(said)
                .contains(100 - before.size() + " run now on 0 trunks trained and")
                .contains("taken from the store");
        assertThat(rows()).hasSize(100);
        assertTrunksReused(rows(), before);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the output folder holds: frozen sweep, and rows without their times. */
    private Map<String, Object> held() throws IOException {
        Map<String, Object> held = new TreeMap<>();
        Path out = folder.resolve("out");
        if (Files.exists(out)) {
            try (Stream<Path> files = Files.list(out)) {
                for (Path file : files.filter(f -> f.toString().contains("sweep")).toList()) {
                    held.put(file.getFileName().toString(), Files.readString(file));
                }
            }
            rows().forEach((id, row) -> held.put(id, CopiedRow.timeless(row)));
        }
        return held;
    }

    private static final String[] HASTY = {
        "--extend", "--conf", "spark.hadoop.espalier.store.pause.millis=1"
    };

    /** A file stands where the store must go; taken away, the same command runs. */
    @Test
    void aStoreThatCannotBeWrittenIsFoundBeforeTheFirstTraining() throws IOException {
        Path file = Files.writeString(folder.resolve(".espalier"), "in the way");

        assertThat(run(SWEEP, "out", HASTY)).isEqualTo(4);

        assertThat(err.toString().lines().toList())
                .singleElement()
                .asString()
                .startsWith("espalier: the stage store cannot be written to, in file:")
                .contains(folder + "/.espalier/stages");
        assertThat(said).doesNotContain("trained", "cells to run");
        assertThat(held()).isEmpty();

        Files.delete(file);
        assertThat(run(SWEEP, "out", HASTY)).as(err::toString).isZero();
        assertThat(held()).hasSize(5).containsKey("sweep.yaml");
    }

    /**
     * Where the trunk of seed 2 must go, a file stands: no cell of that trunk has a row, of a fault
     * of ours or any other, until a later run can do it.
     */
    @Test
    void aStoreThatFailsOnTheWayLeavesItsCellsUndone() throws IOException {
        assertThat(run(SWEEP, "out")).as(err::toString).isZero();
        Map<String, Object> whole = held();
        String trunk =
                rows().values().stream()
                        .filter(r -> r.seed() == 2)
                        .findFirst()
                        .orElseThrow()
                        .identity()
                        .trunk();
        Path stages = folder.resolve(".espalier/stages");
        FileUtil.fullyDelete(stages.toFile());
        FileUtil.fullyDelete(folder.resolve("out").toFile());
        Files.createDirectories(stages);
        Path inTheWay = Files.writeString(stages.resolve(trunk.substring(0, 2)), "in the way");

        assertThat(run(SWEEP, "out", HASTY)).isEqualTo(4);

        assertThat(err.toString().lines().toList())
                .singleElement()
                .asString()
                .startsWith("espalier: the stage store cannot ")
                .contains(trunk)
                .endsWith("have no row, and the same command does them");
        assertThat(rows().values())
                .allMatch(r -> r.status() == Status.COMPLETED)
                .noneMatch(r -> r.seed() == 2);
        assertThat(folder.resolve("out/sweep.yaml")).isRegularFile();

        Files.delete(inTheWay);
        assertThat(run(SWEEP, "out", HASTY)).as(err::toString).isZero();
        assertThat(held()).isEqualTo(whole);
    }

    @Test
    void aRunThatItsStoreRefusesLeavesAnEarlierSweepAsItWas() throws IOException {
        assertThat(run(SWEEP, "out")).as(err::toString).isZero();
        Map<String, Object> before = held();
        FileUtil.fullyDelete(folder.resolve(".espalier").toFile());
        Files.writeString(folder.resolve(".espalier"), "in the way");

        assertThat(run(MORE, "out", HASTY)).isEqualTo(4);

        assertThat(held()).isEqualTo(before);
    }

    @Test
    void noRunThatIsRefusedLeavesAFrozenSweep() throws IOException {
        assertThat(run(SWEEP, "out", "--conf", "spark.driver.port=no-port")).isEqualTo(2);
        assertThat(held()).isEmpty();
        assertThat(run(SWEEP.replace("mlp-8", "lenet-3x3"), "out")).isEqualTo(2);
        assertThat(held()).isEmpty();

        assertThat(run(SWEEP, "out")).as(err::toString).isZero();
        Map<String, Object> before = held();
        assertThat(run(MORE, "out")).isEqualTo(2);
        assertThat(run(MORE, "out", "--extend", "--conf", "spark.driver.port=no-port"))
                .isEqualTo(2);
        assertThat(held()).isEqualTo(before).hasSize(5);
    }
}
