// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFolderTest {
    private static final int TIMES = 40;

    @TempDir private Path temporary;
    private SweepFolder folder;

    @BeforeEach
    void open() {
        folder = new SweepFolder(temporary.resolve("out").toString(), new Configuration());
    }

    @Test
    void keepsACopyOfTheSweepThatWas() throws IOException {
        assertThat(folder.frozen()).isEmpty();
        folder.freeze("first\n");
        folder.freeze("second\n");

        assertThat(folder.frozen()).contains("second\n");
        try (Stream<Path> files = Files.list(temporary.resolve("out"))) {
            assertThat(files.map(SweepFolderTest::text))
                    .containsExactlyInAnyOrder("first\n", "second\n");
        }
    }

    @Test
    void freezingWhatIsFrozenChangesNothing() throws IOException {
        folder.freeze("sweep\n");
        folder.freeze("sweep\n");

        try (Stream<Path> files = Files.list(temporary.resolve("out"))) {
            assertThat(files).hasSize(1);
        }
    }

    /** Whoever looks, at whatever moment, finds one of the two sweeps, and all of it. */
    @Test
    void thereIsNoMomentWithoutASweep() throws Exception {
        Set<String> sweeps = Set.of("a".repeat(20_000) + "\n", "b".repeat(20_000) + "\n");
        folder.freeze(sweeps.iterator().next());
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Callable<Integer> reading =
                    () -> {
                        int read = 0;
                        while (!done.get()) {
                            assertThat(sweeps).contains(text(temporary.resolve("out/sweep.yaml")));
                            read++;
                        }
                        return read;
                    };
            Future<Integer> reads = reader.submit(reading);
            for (int i = 0; i < TIMES; i++) {
                for (String sweep : sweeps) {
                    folder.freeze(sweep);
                }
            }
            done.set(true);
            assertThat(reads.get(60, TimeUnit.SECONDS)).isPositive();
        } finally {
            reader.shutdownNow();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("no sweep", e);
        }
    }
}
