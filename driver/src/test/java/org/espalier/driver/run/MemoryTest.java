// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.experiments.stage.PlannedCell;
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
     * Objects of a class that a cell may add to what lives. Kept by mistake, its row, its outcome,
     * its network or Spark's record of its job would each add one or more to some class.
     */
    private static final double MOST_PER_CELL = 0.5;

    /**
     * Counts until one shows little: a row may be on its way in one, and Spark lets go of what the
     * collector has found dead by and by. What is kept is in all of them.
     */
    private static final int MOST_COUNTS = 30;

    private static final int MOST_SECONDS = 240;

    private static final Pattern CELLS = Pattern.compile("(\\d+)/960 cells");
    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");

    /** Ours, Spark's, lists of either, and numbers. Of the JDK's own some are kept: names. */
    private static final Pattern LOOKED_AT =
            Pattern.compile("\\[*L?org\\.(espalier|apache\\.spark)\\..*|\\[[FD]");

    @TempDir Path folder;

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
                        List.of(
                                "--master",
                                "local[1]",
                                "--flush-rows",
                                "20",
                                "--conf", // Spark lets go of ended stages at a heartbeat
                                "spark.executor.heartbeatInterval=500ms"));
        builder.environment().put("TERM", "xterm");
        builder.environment().put("ESPALIER_COLUMNS", "80"); // counts as they change
        Process driver = builder.redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS)
                .execute(driver::destroyForcibly); // then what is read from it ends
        try {
            Said said = new Said(driver.getInputStream());
            int begun = said.upTo(FIRST);
            Map<String, Integer> first = live(driver);
            assertThat(first.get(PlannedCell.class.getName()))
                    .as("cells of the plan, which is held from the beginning")
                    .isGreaterThanOrEqualTo(960);
            int cells = said.upTo(SECOND) - begun;

            Map<String, Integer> least = live(driver);
            for (int i = 1; i < MOST_COUNTS && !kept(first, least, cells).isEmpty(); i++) {
                Map<String, Integer> again = live(driver);
                least.replaceAll((name, n) -> Math.min(n, again.getOrDefault(name, 0)));
            }
            assertThat(kept(first, least, cells))
                    .as("classes of which %d cells have left objects", cells)
                    .isEmpty();
        } finally {
            driver.destroyForcibly().waitFor();
        }
    }

    private static Map<String, Integer> kept(
            Map<String, Integer> before, Map<String, Integer> after, int cells) {
        Map<String, Integer> kept = new TreeMap<>();
        after.forEach(
                (name, n) -> {
                    int more = n - before.getOrDefault(name, 0);
                    if (more > MOST_PER_CELL * cells) {
                        kept.put(name, more);
                    }
                });
        return kept;
    }

    /** Objects by class, counted after a full collection. */
    private static Map<String, Integer> live(Process driver) throws Exception {
        Process jcmd =
                new ProcessBuilder(
                                DriverProcess.tool("jcmd"),
                                Long.toString(driver.pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Integer> objects = new TreeMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            if (LOOKED_AT.matcher(line.group(2)).matches()) {
                objects.put(line.group(2), Integer.parseInt(line.group(1)));
            }
        }
        assertThat(objects).as(histogram).isNotEmpty();
        return objects;
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
