// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageStoreTest {
    private static final String STAGE = "0a112233445566778899aabbccddeeff";

    @TempDir Path folder;

    private StageStore store;

    @BeforeEach
    void open() {
        store = new StageStore(folder.toUri().toString(), new Configuration());
    }

    @Test
    void hasNothingToBeginWith() throws IOException {
        assertThat(store.contains(STAGE)).isFalse();
        assertThat(store.read(STAGE)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void givesBackWhatWasKept() throws IOException {
        NetworkState state = SomeStates.random(1);

        store.write(STAGE, state);

        assertThat(store.contains(STAGE)).isTrue();
        SomeStates.assertSame(store.read(STAGE).orElseThrow(), state);
        assertThat(files()).containsExactly("0a/" + STAGE + ".snapshot");
    }

    @Test
    void theFirstWriterWins() throws IOException {
        NetworkState first = SomeStates.random(1);
        store.write(STAGE, first);

        store.write(STAGE, SomeStates.slower(first));

        SomeStates.assertSame(store.read(STAGE).orElseThrow(), first);
        assertThat(files()).hasSize(1);
    }

    @Test
    void otherBitsUnderOneNameAreAnError() throws IOException {
        NetworkState first = SomeStates.random(1);
        store.write(STAGE, first);

        assertThatThrownBy(() -> store.write(STAGE, SomeStates.random(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "stage "
                                + STAGE
                                + " was made before with other bits \\([0-9a-f]{8}, now [0-9a-f]{8}\\):"
                                + " something that determines bits is not in its name; the first is"
                                + " kept in .*"
                                + STAGE
                                + ".snapshot");
        SomeStates.assertSame(store.read(STAGE).orElseThrow(), first);
        assertThat(files()).hasSize(1);
    }

    /** Seed 1 chooses the bytes. */
    @Test
    void setsADamagedFileAsideAndTakesANewOne() throws IOException {
        NetworkState state = SomeStates.random(1);
        store.write(STAGE, state);
        Path file = folder.resolve("0a").resolve(STAGE + ".snapshot");
        byte[] good = Files.readAllBytes(file);
        RandomStream random = new RandomStream(1);

        for (int damage = 1; damage <= 20; damage++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, damage % 2 == 0 ? bad : java.util.Arrays.copyOf(good, damage * 20));

            assertThat(store.read(STAGE)).as("damage %d", damage).isEmpty();
            assertThat(store.contains(STAGE)).isFalse();
            assertThat(files()).hasSize(damage).allMatch(name -> name.startsWith("0a/_damaged."));

            store.write(STAGE, state);
            SomeStates.assertSame(store.read(STAGE).orElseThrow(), state);
        }
    }

    @Test
    void writesOverADamagedFile() throws IOException {
        Files.createDirectories(folder.resolve("0a"));
        Files.writeString(folder.resolve("0a").resolve(STAGE + ".snapshot"), "ESPSNAP2");

        store.write(STAGE, SomeStates.random(1));

        SomeStates.assertSame(store.read(STAGE).orElseThrow(), SomeStates.random(1));
    }

    /** A file of version 1 or 9 stays as it is; ours is beside it, and found. */
    @ParameterizedTest
    @ValueSource(strings = {"ESPSNAP1", "ESPSNAP9"})
    void leavesAnotherVersionsFileAlone(String magic) throws IOException {
        byte[] other = (magic + " whatever it has").getBytes(StandardCharsets.US_ASCII);
        Files.createDirectories(folder.resolve("0a"));
        Path file = folder.resolve("0a").resolve(STAGE + ".snapshot");
        Files.write(file, other);

        assertThat(store.contains(STAGE)).isFalse();
        assertThat(store.read(STAGE)).isEmpty();
        assertThat(store.journal(STAGE)).isEmpty();
        store.write(STAGE, SomeStates.random(1));
        store.write(STAGE, SomeStates.random(1));

        assertThat(Files.readAllBytes(file)).isEqualTo(other);
        assertThat(files())
                .containsExactly("0a/" + STAGE + ".snapshot", "0a/" + STAGE + ".v2.snapshot");
        assertThat(store.contains(STAGE)).isTrue();
        SomeStates.assertSame(store.read(STAGE).orElseThrow(), SomeStates.random(1));
        assertThatThrownBy(() -> store.write(STAGE, SomeStates.random(2)))
                .hasMessageContaining("was made before with other bits");
    }

    /** As an archive that was unpacked in the wrong place: set aside like any damage. */
    @Test
    void setsAFolderAsideThatHasASnapshotsName() throws IOException {
        Path file = folder.resolve("0a").resolve(STAGE + ".snapshot");
        Files.createDirectories(file);
        Files.writeString(file.resolve("inside"), "kept");

        assertThat(store.read(STAGE)).isEmpty();
        store.write(STAGE, SomeStates.random(1));

        SomeStates.assertSame(store.read(STAGE).orElseThrow(), SomeStates.random(1));
        assertThat(files())
                .hasSize(2)
                .anyMatch(name -> name.matches("0a/_damaged\\.[0-9a-f-]+/inside"));
    }

    @Test
    void readsTheJournalAlone() {
        store.write(STAGE, SomeStates.random(1));

        assertThat(store.journal(STAGE)).contains(SomeStates.random(1).journal());
    }

    /** Four attempts are the default: three failures pass, and nothing is lost or left. */
    @Test
    void triesAgain() throws IOException {
        StageStore faulty = faulty();
        FaultyFileSystem.WRITES.set(3);
        faulty.write(STAGE, SomeStates.random(1));
        FaultyFileSystem.ENDS.set(1);
        faulty.write("0b" + STAGE.substring(2), SomeStates.random(2));
        FaultyFileSystem.READS.set(3);

        SomeStates.assertSame(faulty.read(STAGE).orElseThrow(), SomeStates.random(1));
        SomeStates.assertSame(
                faulty.read("0b" + STAGE.substring(2)).orElseThrow(), SomeStates.random(2));
        assertThat(files()).hasSize(2);
    }

    /** An error that stays is said in one sentence; the file is neither damaged nor absent. */
    @Test
    void saysWhatStaysWrong() throws IOException {
        StageStore faulty = faulty();
        faulty.write(STAGE, SomeStates.random(1));

        FaultyFileSystem.READS.set(4);
        assertThatThrownBy(() -> faulty.read(STAGE))
                .isInstanceOf(StorageException.class)
                .hasMessageMatching(
                        "the stage store cannot read faulty:.*"
                                + STAGE
                                + ".snapshot: connection reset while reading \\(tried 4 times\\)");
        FaultyFileSystem.WRITES.set(4);
        assertThatThrownBy(() -> faulty.write("0b" + STAGE.substring(2), SomeStates.random(1)))
                .isInstanceOf(StorageException.class)
                .hasMessageMatching(
                        "the stage store cannot write .*: no space left on device"
                                + " \\(tried 4 times\\)");
        assertThat(files()).containsExactly("0a/" + STAGE + ".snapshot");
        SomeStates.assertSame(faulty.read(STAGE).orElseThrow(), SomeStates.random(1));
    }

    @Test
    void aProbeLeavesNothing() throws IOException {
        store.probe();

        assertThat(files()).isEmpty();
    }

    @Test
    void aProbeFindsAStoreThatCannotBeWritten() throws IOException {
        StageStore faulty = faulty();
        FaultyFileSystem.WRITES.set(4);

        assertThatThrownBy(faulty::probe)
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "the stage store cannot be written to, in faulty:%s: no space left on"
                                + " device (tried 4 times)",
                        folder.toUri().getPath().replaceAll("/$", ""));
        FaultyFileSystem.WRITES.set(0);
        faulty.probe();
        Path file = Files.writeString(folder.resolve("file"), "");
        Configuration hasty = new Configuration();
        hasty.set(Patience.ATTEMPTS, "1");
        assertThatThrownBy(() -> new StageStore(file.toUri() + "/in-it", hasty).probe())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("(tried once)");
    }

    private StageStore faulty() {
        return new StageStore(
                "faulty:" + folder.toUri().getPath(), FaultyFileSystem.configuration());
    }

    /** Of writers that start together with other bits each, one wins and all others are told. */
    @Test
    @Timeout(60)
    void oneOfSeveralWritersWins() throws Exception {
        int writers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < 40; round++) {
                String stage = Text.of("%02x", round) + STAGE.substring(2);
                List<Boolean> won = together(threads, writers, stage, 1);

                assertThat(won).as("round %d", round).containsOnlyOnce(true);
                SomeStates.assertSame(
                        store.read(stage).orElseThrow(), SomeStates.random(won.indexOf(true)));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(files()).hasSize(40).allMatch(name -> name.endsWith(".snapshot"));
    }

    @Test
    @Timeout(60)
    void writersOfTheSameBitsAllSucceed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                String stage = Text.of("%02x", round) + STAGE.substring(2);

                assertThat(together(threads, 4, stage, 0)).containsOnly(true);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(files()).hasSize(20);
    }

    /** Writers start together; writer n writes random state {@code n * step}. */
    private List<Boolean> together(ExecutorService threads, int writers, String stage, int step)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<Void>> work = new ArrayList<>();
        for (int n = 0; n < writers; n++) {
            NetworkState state = SomeStates.random((long) n * step);
            work.add(
                    () -> {
                        start.await();
                        store.write(stage, state);
                        return null;
                    });
        }
        List<Boolean> succeeded = new ArrayList<>();
        for (Future<Void> future : threads.invokeAll(work)) {
            try {
                future.get();
                succeeded.add(true);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                succeeded.add(false);
            }
        }
        return succeeded;
    }

    /** Seed 1 chooses the moments: 0 to 200 ms after the first snapshot. */
    @Test
    @Timeout(60)
    void aKilledWriterLeavesNoTornFile() throws Exception {
        RandomStream random = new RandomStream(1);
        for (int kill = 1; kill <= 3; kill++) {
            Process writer = startWriter(kill);
            try {
                while (!store.contains(SnapshotLoop.stage(kill, 0))) {
                    assertThat(writer.waitFor(5, TimeUnit.MILLISECONDS)).isFalse();
                }
                writer.waitFor(random.nextInt(200), TimeUnit.MILLISECONDS);
            } finally {
                writer.destroyForcibly();
            }
            assertThat(writer.waitFor()).isEqualTo(128 + 9); // SIGKILL
            int n = 0;
            while (store.contains(SnapshotLoop.stage(kill, n))) {
                SomeStates.assertSame(
                        store.read(SnapshotLoop.stage(kill, n)).orElseThrow(),
                        SomeStates.random(n));
                n++;
            }
            assertThat(n).isPositive();
            store.write(SnapshotLoop.stage(kill, n), SomeStates.random(n)); // it can go on
        }
        assertThat(files()).noneMatch(name -> name.contains("_damaged"));
    }

    private Process startWriter(int round) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SnapshotLoop.class.getName(),
                        folder.toUri().toString(),
                        Integer.toString(round))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
