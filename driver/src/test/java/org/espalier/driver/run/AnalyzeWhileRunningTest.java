// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.driver.cli.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results are analysed while a run adds to them, file by file, and merges its files. */
class AnalyzeWhileRunningTest {
    private static final int CELLS = 8 * (1 + 19 * 3);

    @TempDir Path folder;

    @Test
    void everyAnswerIsOfTheRowsThatAreThere() throws Exception {
        new TinySweep(folder);
        Files.writeString(
                folder.resolve("sweep.yaml"),
                """
                name: tiny
                grid:
                  architecture: mlp-8
                  dataset: tiny
                  pruning-ratio: 0..0.95 step 0.05
                  method: [magnitude, gradient, random]
                  seed: 1..8
                recipe:
                  dense: {learning-rate: 0.01, batch-size: 16, epochs: 1}
                  fine-tune: {epochs: 1}
                """);
        Path out = folder.resolve("out");
        Process run =
                DriverProcess.run(
                                folder,
                                "out",
                                List.of(),
                                List.of("--master", "local[1]", "--flush-rows", "1"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("run.log").toFile())
                        .start();
        int answered = 0;
        int last = 0;
        try {
            boolean running = true;
            while (running) {
                running = run.isAlive(); // the last answer is of all rows
                if (!Files.isDirectory(out.resolve("results"))) {
                    Thread.sleep(20);
                    continue;
                }
                StringWriter said = new StringWriter();
                StringWriter err = new StringWriter();
                int code =
                        Commands.execute(
                                new PrintWriter(said, true),
                                new PrintWriter(err, true),
                                "analyze",
                                out.toString(),
                                "--question",
                                "compensation");
                if (code != 0) { // not a row yet
                    assertThat(err.toString()).contains("holds no results");
                    assertThat(last).isZero();
                    continue;
                }
                int cells = Integer.parseInt(said.toString().split(" ", 2)[0]);
                assertThat(cells).isGreaterThanOrEqualTo(last);
                last = cells;
                answered++;
            }
        } finally {
            run.destroyForcibly().waitFor();
        }
        assertThat(last).as(Files.readString(folder.resolve("run.log"))).isEqualTo(CELLS);
        assertThat(answered).isGreaterThan(2);
    }
}
