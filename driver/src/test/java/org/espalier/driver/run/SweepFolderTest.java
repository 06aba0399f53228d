// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.plan.KnownNames;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.FrozenSweep;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.experiments.sweep.SweepFile;
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

    /** The order of seeds, the spelling of a ratio and the form of the file make no other sweep. */
    @Test
    void knowsASweepByItsCells() throws IOException {
        String sweep =
                """
                name: same
                grid:
                  {architecture: mlp-8, dataset: strokes, seed: [1, 2], method: magnitude,
                   pruning-ratio: [0, 0.75]}
                recipe: {dense: {epochs: 1}, fine-tune: {epochs: 1}}
                """;
        String frozen = FrozenSweep.text(read(sweep));
        folder.freeze(frozen);

        for (String spelled :
                List.of(
                        sweep,
                        sweep.replace("[1, 2]", "[2, 1]"),
                        sweep.replace("[1, 2]", "1..2"),
                        sweep.replace("pruning-ratio: [0, 0.75]", "density: [0.25, 1]"))) {
            assertThat(folder.same(read(spelled))).as(spelled).contains(frozen);
        }
        for (String other :
                List.of(
                        sweep.replace("[1, 2]", "[1, 3]"),
                        sweep.replace("[1, 2]", "[1, 2, 3]"),
                        sweep.replace("[1, 2]", "1"),
                        sweep.replace("name: same", "name: other"),
                        sweep.replace("dense: {epochs: 1}", "dense: {epochs: 2}"))) {
            assertThat(folder.same(read(other))).as(other).isEmpty();
        }
        folder.freeze("not a sweep of this version\n");
        assertThat(folder.same(read(sweep))).isEmpty();
    }

    private static Sweep read(String text) {
        return SweepFile.read(
                text.getBytes(StandardCharsets.UTF_8),
                "sweep.yaml",
                new KnownNames(new Datasets(Optional.empty())));
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
