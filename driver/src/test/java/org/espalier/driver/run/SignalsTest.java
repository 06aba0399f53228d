// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/running.md says of signals, by signals to a run in a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class SignalsTest {
    private static final String OUT = "stopped";
    private static final List<String> DEFAULT_SIGNALS =
            List.of("env", "--default-signal=INT,TERM,HUP");

    @TempDir private Path folder;

    /** Long cells, so that some are always to go when the first row is there. */
    private static final String SWEEP =
            TinySweep.SWEEP
                    .replaceFirst("seed: [^\\n]*", "seed: 1..10")
                    .replace("fine-tune: {epochs: 1}", "fine-tune: {epochs: 400}");

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    @Timeout(120)
    void stopsInOrder(String signal, int code) throws Exception {
        assumeThat(canReset()).as("an env that resets signals, of coreutils 8.31").isTrue();
        new TinySweep(folder);
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP);
        Process driver = start();
        try {
            while (driver.isAlive() && !hasRow()) {
                driver.waitFor(20, TimeUnit.MILLISECONDS);
            }
            kill(driver, signal);

            assertThat(driver.waitFor()).isEqualTo(code);
        } finally {
            driver.destroyForcibly();
        }
        List<String> said = Files.readAllLines(folder.resolve("err"));
        assertThat(said.get(said.size() - 1))
                .matches(
                        "espalier: stopped; [1-9][0-9]* of [0-9]+ cells (has|have) a row in .*; the same"
                                + " command goes on from there");
        assertThat(said)
                .noneMatch(line -> line.contains("Exception") || line.startsWith("\\tat "))
                .allMatch(
                        line ->
                                line.isEmpty()
                                        || line.startsWith("espalier: ")
                                        || line.startsWith("WARNING: Using incubator modules"));
        try (Stream<Path> logs = Files.list(folder.resolve(OUT).resolve("log"))) {
            assertThat(Files.readString(logs.findFirst().orElseThrow()))
                    .contains("INFO  o.a.s.SparkContext: Running Spark version", "cells to run: ");
        }
    }

    private boolean hasRow() throws IOException {
        Path results = folder.resolve(OUT).resolve("results");
        if (!Files.isDirectory(results)) {
            return false;
        }
        try (Stream<Path> files = Files.list(results)) {
            return files.anyMatch(file -> file.toString().endsWith(".parquet"));
        }
    }

    private static void kill(Process process, String signal) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    /**
     * With signals that are not ignored: a process under nohup, or in the background of a script,
     * hands it on that they are, and a JVM leaves that as it is.
     */
    private Process start() throws Exception {
        ProcessBuilder run =
                DriverProcess.run(
                        folder,
                        OUT,
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-Dlog4j2.configurationFile=espalier-log4j2.properties"),
                        List.of("--master", "local[2]", "--flush-rows", "1"));
        run.command().addAll(0, DEFAULT_SIGNALS);
        return run.redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static boolean canReset() throws Exception {
        List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
