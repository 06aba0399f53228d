// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.TinyData;
import org.espalier.driver.run.DriverProcess;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs on machines that are not as they should be, as far as they can be made without root. */
@EnabledOnOs(OS.LINUX)
class OddMachinesTest {
    private static final String SWEEP =
            """
            name: odd
            grid: {architecture: mlp-4, dataset: tiny, pruning-ratio: [0, 0.5], method: random, seed: 1}
            recipe:
              dense: {optimizer: adam, batch-size: 16, epochs: 1}
              fine-tune: {epochs: 0}
            """;

    @TempDir private Path folder;

    private record Ended(int status, String said) {}

    @BeforeEach
    void write() throws IOException {
        TinyData.write(folder.resolve("data/tiny"));
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP);
    }

    private Ended run(List<String> before, List<String> jvm, Map<String, String> environment)
            throws Exception {
        List<String> arguments =
                List.of(
                        "run",
                        folder.resolve("sweep.yaml").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--out",
                        folder.resolve("out").toString(),
                        "--master",
                        "local[1]");
        ProcessBuilder java = DriverProcess.of(jvm, arguments);
        List<String> command = new ArrayList<>(before);
        command.addAll(java.command());
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                java.command(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), Files.readString(said));
    }

    private void assertRows(Ended ended) throws IOException {
        assertThat(ended.status()).as(ended.said()).isZero();
        assertThat(
                        ResultsFolder.read(
                                new org.apache.hadoop.fs.Path(folder.resolve("out").toUri()),
                                new Configuration()))
                .hasSize(2);
    }

    private static void assertRefused(Ended ended, int status, String sentence) {
        assertThat(ended.status()).as(ended.said()).isEqualTo(status);
        assertThat(ended.said())
                .contains("espalier: " + sentence)
                .doesNotContain("\tat ", "Exception", "should not happen", "cells to run");
    }

    @Test
    void aTemporaryFolderThatCannotBeUsedIsPassedOver() throws Exception {
        Path below = Files.createFile(folder.resolve("file")).resolve("below");

        Ended ended = run(List.of(), List.of("-Djava.io.tmpdir=" + below), Map.of());

        assertRows(ended);
        assertThat(ended.said())
                .containsOnlyOnce(
                        Text.of(
                                "espalier: temporary files go to %s: the temporary folder %s is missing, full or mounted noexec",
                                folder.resolve(".espalier/stages/_native"), below));
    }

    @Test
    void aLimitOfFileSizesIsFoundBeforeTheFirstCell() throws Exception {
        assertRefused(
                run(List.of("bash", "-c", "ulimit -f 64; exec \"$@\"", "-"), List.of(), Map.of()),
                4,
                "native libraries cannot be unpacked: expected a folder in which a file of 8 MB");
    }

    @Test
    void localFoldersOfSparkMustBeFolders() throws Exception {
        String file = Files.createFile(folder.resolve("file")).toString();

        assertRefused(
                run(List.of(), List.of(), Map.of("SPARK_LOCAL_DIRS", file)),
                2,
                "SPARK_LOCAL_DIRS: expected a folder that can be written");
    }

    @Test
    void aUserWithoutANameOrHomeRuns() throws Exception {
        assertRows(run(List.of(), List.of("-Duser.name=?", "-Duser.home=?"), Map.of()));
    }
}
