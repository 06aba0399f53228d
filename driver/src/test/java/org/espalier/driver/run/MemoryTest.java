// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays on the heap of one JVM that runs a sweep of many cells. */
class MemoryTest {
    /** 16 seeds x 12 ratios x 5 methods: 960 cells, of which the test waits for 300. */
    private static final String SWEEP =
            """
            name: many
            grid:
              architecture: mlp-32
              dataset: tiny
              pruning-ratio: 0.05..0.6 step 0.05
              method: [magnitude, gradient, {undecayed: {weight-decay: 5e-4}}, random, elimination-compensation]
              seed: 1..16
            recipe:
              dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 1}
              fine-tune: {epochs: 1}
            """;

    private static final int FIRST = 60;
    private static final int SECOND = 300;

    /**
     * Bytes that a cell may add to what lives. About 900 to 1,500 are seen: the id of its row and
     * how it ended, and what the JVM still loads in the beginning. Kept by mistake, Spark's record
     * of its job would add 3,500 or more to them, its row 7,500, the network that it leaves 38,000.
     */
    private static final long MOST_BYTES_PER_CELL = 3500;

    private static final int MOST_SECONDS = 240;

    private static final Pattern CELLS = Pattern.compile("(\\d+)/960 cells");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    @TempDir Path folder;

    /** Cells that had ended before the objects were counted that live. */
    private record Count(int cells, long bytes) {}

    @Test
    void endedCellsLeaveLittleOnTheHeap() throws Exception {
        new TinySweep(folder);
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP);
        ProcessBuilder builder =
                DriverProcess.run(
                        folder,
                        "out",
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-Despalier.vector.bits=scalar", // fast without the second compiler
                                "-XX:+UseSerialGC",
                                "-XX:MarkSweepDeadRatio=0", // nothing dead is left and counted
                                "-Xmx512m"),
                        List.of("--master", "local[1]", "--flush-rows", "20"));
        builder.environment().put("TERM", "xterm");
        builder.environment().put("ESPALIER_COLUMNS", "80"); // counts as they change
        Process driver = builder.redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS)
                .execute(driver::destroyForcibly); // then what is read from it ends
        try {
            Said said = new Said(driver.getInputStream());
            Count first = count(driver, said, FIRST);
            Count second = count(driver, said, SECOND);
            assertThat(second.bytes() - first.bytes())
                    .as("bytes that %s and %s differ by", first, second)
                    .isLessThan(MOST_BYTES_PER_CELL * (second.cells() - first.cells()));
        } finally {
            driver.destroyForcibly().waitFor();
        }
    }

    /**
     * The least of several counts, so that one falls between two cells and no row is being written.
     */
    private static Count count(Process driver, Said said, int cells) throws Exception {
        int ended = said.upTo(cells);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            least = Math.min(least, liveBytes(driver));
        }
        return new Count(ended, least);
    }

    /** Counted after a full collection. */
    private static long liveBytes(Process driver) throws Exception {
        Process jcmd =
                new ProcessBuilder(
                                DriverProcess.tool("jcmd"),
                                Long.toString(driver.pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = TOTAL.matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        return Long.parseLong(total.group(1));
    }

    /** What the driver prints. */
    private static final class Said {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private String text = "";

        Said(InputStream in) {
            this.in = in;
        }

        /** Reads until that many cells have ended, and says how many have. */
        int upTo(int cells) throws IOException {
            int ended = -1;
            while (ended < cells) {
                int n = in.read(buffer);
                assertThat(n).as("ended after %s", text).isPositive();
                text += new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                text = text.substring(Math.max(0, text.length() - 4000));
                Matcher count = CELLS.matcher(text);
                while (count.find()) {
                    ended = Math.max(ended, Integer.parseInt(count.group(1)));
                }
            }
            return ended;
        }
    }
}
