// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that writes rows, as the machine or its user would. */
class KillTest {
    private static final Configuration CONFIGURATION = new Configuration(false);
    private static final int KILLS = 4;

    @TempDir Path temporary;

    /** Seed 1 chooses the moments: 0 to 500 ms after the first row was accepted. */
    @Test
    @Timeout(120)
    void losesNoAcceptedRowAndDoublesNone() throws Exception {
        var random = new SplittableRandom(1);
        var accepted = new HashMap<String, Long>();

        for (int kill = 1; kill <= KILLS; kill++) {
            Map<String, Long> lines = killAfter(kill, random.nextInt(500));
            accepted.putAll(lines);

            assertThat(lines).isNotEmpty();
            try (Stream<Path> files = Files.list(temporary.resolve("sweep/results"))) {
                assertThat(files).allMatch(file -> file.toString().endsWith(".parquet"));
            } catch (NoSuchFileException e) {
                assertThat(temporary.resolve("sweep/_results.next"))
                        .exists(); // between two renames
            }
            assertHolds(accepted);
        }
    }

    @Test
    @Timeout(60)
    void refusesAFolderThatAnotherProcessHolds() throws Exception {
        Process owner = start(1);
        try {
            awaitFirstLine(1, owner);

            for (int attempt = 1; attempt <= 2; attempt++) {
                assertThatThrownBy(() -> ResultsFolder.open(sweep(), CONFIGURATION))
                        .isInstanceOf(ResultsException.class)
                        .hasMessageMatching(
                                Text.of(
                                        "file:\\S+/sweep is in use by process %d on host \\S+ since \\S+",
                                        owner.pid()));
            }
            assertThat(owner.isAlive()).isTrue();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        ResultsFolder.open(sweep(), CONFIGURATION).close();
    }

    /** What the process said it had accepted before it died. */
    private Map<String, Long> killAfter(int round, int millis) throws Exception {
        Process process = start(round);
        try {
            awaitFirstLine(round, process);
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9); // SIGKILL
        return Files.readAllLines(output(round)).stream()
                .map(AppendLoop::parse)
                .filter(Objects::nonNull)
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, Map.Entry::getValue, (old, later) -> later));
    }

    /**
     * A row newer than the accepted one is right too: it was written, and the process died before
     * it could say so.
     */
    private void assertHolds(Map<String, Long> accepted) throws IOException {
        List<CellRow> unlocked =
                ResultsFolder.read(sweep(), CONFIGURATION).stream().map(FiledRow::row).toList();
        var rows = new ArrayList<CellRow>();
        try (var folder = ResultsFolder.open(sweep(), CONFIGURATION)) {
            folder.forEach(rows::add);
        }
        assertThat(unlocked).isEqualTo(rows);
        assertThat(temporary.resolve("sweep").toFile().list())
                .containsExactlyInAnyOrder("_lock", "results");
        var found = new HashMap<String, Long>();
        var cells = new HashSet<String>();
        for (CellRow row : rows) {
            assertThat(cells.add(row.cellId())).as("second row of %s", row.cellId()).isTrue();
            assertThat(row).isEqualTo(SampleRows.completed(row.cellId(), row.seed()));
            found.put(row.cellId(), row.seed());
        }
        accepted.forEach(
                (cell, version) ->
                        assertThat(found.get(cell))
                                .as(cell)
                                .isNotNull()
                                .isGreaterThanOrEqualTo(version));
        accepted.putAll(found);
    }

    private void awaitFirstLine(int round, Process process) throws Exception {
        while (!Files.exists(output(round)) || Files.size(output(round)) == 0) {
            assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private Path output(int round) {
        return temporary.resolve("accepted-" + round);
    }

    private Process start(int round) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendLoop.class.getName(),
                        temporary.resolve("sweep").toString(),
                        Integer.toString(round))
                .redirectOutput(output(round).toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private org.apache.hadoop.fs.Path sweep() {
        return new org.apache.hadoop.fs.Path(temporary.resolve("sweep").toString());
    }
}
