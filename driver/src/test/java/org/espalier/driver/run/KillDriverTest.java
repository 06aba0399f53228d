// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills the driver as the machine or its user would, until the sweep is done. */
class KillDriverTest {
    private static final int KILLS = 3;
    private static final String OUT = "killed";

    @TempDir Path folder;

    /**
     * Seed 1 chooses the moments: at once after the first snapshot, the first row, or the rows of
     * the life before, and up to 400 ms later.
     */
    @ParameterizedTest
    @MethodSource("sweeps")
    @Timeout(180)
    void losesNoRowAndDoublesNone(String sweep, int cells) throws Exception {
        TinySweep tiny = new TinySweep(folder);
        Files.writeString(folder.resolve("sweep.yaml"), sweep);
        RandomStream random = new RandomStream(1);
        Map<String, CellRow> before = new HashMap<>();

        for (int kill = 0; kill < KILLS; kill++) {
            Process driver = start();
            try {
                long wanted = kill == 0 ? 0 : Math.min(10, before.size() + 1);
                while (driver.isAlive() && !reached(tiny, kill, wanted)) {
                    driver.waitFor(20, TimeUnit.MILLISECONDS);
                }
                driver.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
            } finally {
                driver.destroyForcibly();
            }
            driver.waitFor();
            Map<String, CellRow> after = tiny.rows(OUT);
            assertThat(after).as("rows after kill %d", kill + 1).containsAllEntriesOf(before);
            before = after;
        }
        assertThat(start().waitFor()).isZero();

        tiny.run(sweep, tiny.options("undisturbed"));
        assertThat(tiny.rows(OUT)).containsAllEntriesOf(before).hasSize(cells);
        assertThat(tiny.rows(OUT)).isEqualTo(tiny.rows("undisturbed"));
    }

    static Stream<Arguments> sweeps() {
        return Stream.of(Arguments.of(TinySweep.SWEEP, 14), Arguments.of(TinySweep.SCHEDULES, 21));
    }

    /** The first life ends after a trunk, the others after one more row than the one before. */
    private boolean reached(TinySweep tiny, int kill, long rows) throws IOException {
        if (kill > 0) {
            return tiny.rows(OUT).size() >= rows;
        }
        File[] stages = folder.resolve("store").toFile().listFiles();
        return stages != null && stages.length > 0;
    }

    private Process start() throws IOException {
        return DriverProcess.run(
                        folder,
                        OUT,
                        List.of("-XX:TieredStopAtLevel=1"),
                        List.of("--master", "local[2]", "--flush-rows", "1"))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }
}
