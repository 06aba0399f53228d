// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners of a folder on a file system without locks that fall with a process. */
class LeasedLockTest {
    private static final long LEASE = 1500;

    @TempDir Path temporary;

    @Test
    void aLockThatStandsStillIsTakenAfterTheLease() throws IOException {
        Path file = temporary.resolve("_lock");
        Files.writeString(file, "process 1 on host elsewhere since 2026-01-02T03:04:05Z epoch 4");
        long begun = System.nanoTime();
        try (FolderLock lock = AppendLoop.distributed(LEASE).lock(hadoop(file))) {
            assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(LEASE);
            assertThat(lock.epoch()).isEqualTo(5);
            lock.check();
            try (var left = Files.list(temporary)) {
                assertThat(left).containsExactly(file);
            }
        }
        assertThat(file).doesNotExist();
    }

    /** A process of this host that is gone is known to be dead. */
    @Test
    void aDeadHolderOfThisHostIsNotWaitedFor() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Path file = temporary.resolve("_lock");
        Files.writeString(
                file,
                FolderLock.holder()
                        .replaceFirst("process \\d+", Text.of("process %d", gone.pid())));
        long begun = System.nanoTime();
        try (FolderLock lock = AppendLoop.distributed(60_000).lock(hadoop(file))) {
            assertThat(lock.epoch()).isEqualTo(1);
        }
        assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(30_000);
    }

    @Test
    void whoeverLostItKnowsAndLeavesTheNextHolderAlone() throws IOException {
        Path file = temporary.resolve("_lock");
        FolderLock lock = AppendLoop.distributed(LEASE).lock(hadoop(file));
        String other = "process 1 on host elsewhere since 2026-01-02T03:04:05Z epoch 2";
        Files.writeString(file, other);

        assertThatThrownBy(lock::check)
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining(
                        "was taken over by process 1 on host elsewhere since 2026-01-02T03:04:05Z while");
        lock.close();
        assertThat(file).hasContent(other);
    }

    /**
     * The owner is stopped (SIGSTOP) while it appends and merges, a successor takes the folder,
     * appends and merges; the first goes on and writes nothing more. All that either was told to be
     * written is there, once.
     */
    @Test
    @Timeout(180)
    void anOwnerThatWasStoppedWritesNothingMore() throws Exception {
        for (int round = 1; round <= 4; round++) {
            Path sweep = temporary.resolve("sweep-" + round);
            Path lines = temporary.resolve("lines-" + round);
            Process owner =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    AppendLoop.class.getName(),
                                    sweep.toString(),
                                    Integer.toString(round),
                                    Long.toString(LEASE))
                            .redirectError(temporary.resolve("err-" + round).toFile())
                            .redirectOutput(lines.toFile())
                            .start();
            try {
                while (!Files.exists(lines) || Files.size(lines) < 100L * round) {
                    assertThat(owner.waitFor(5, TimeUnit.MILLISECONDS)).isFalse();
                }
                signal("STOP", owner);
                List<CellRow> ours =
                        List.of(
                                SampleRows.completed("ours-1", 1),
                                SampleRows.completed("ours-2", 2));
                try (ResultsFolder folder =
                        ResultsFolder.open(hadoop(sweep), AppendLoop.distributed(LEASE), 4)) {
                    for (CellRow row : ours) {
                        folder.append(List.of(row));
                    }
                    folder.replace(List.of(SampleRows.completed("ours-1", 3)));
                    folder.settle();
                    int before = folder.cells().size();
                    signal("CONT", owner);
                    assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
                    folder.append(List.of(SampleRows.completed("ours-3", 3)));
                    assertThat(folder.cells()).hasSize(before + 1);
                }
                assertThat(Files.readString(temporary.resolve("err-" + round)))
                        .contains("was taken over by process " + ProcessHandle.current().pid());
            } finally {
                owner.destroyForcibly().waitFor();
            }
            List<String> cells =
                    ResultsFolder.read(hadoop(sweep), AppendLoop.distributed(LEASE)).stream()
                            .map(f -> f.row().cellId())
                            .toList();
            assertThat(cells).doesNotHaveDuplicates().contains("ours-1", "ours-2", "ours-3");
            for (String line : Files.readAllLines(lines)) {
                if (AppendLoop.parse(line) != null) {
                    assertThat(cells).contains(AppendLoop.parse(line).getKey());
                }
            }
            try (var left = Files.list(sweep)) {
                assertThat(left.map(p -> p.getFileName().toString()))
                        .contains("results")
                        .isSubsetOf("results", "_results.building-1");
            }
        }
    }

    private static void signal(String name, Process to) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-" + name, Long.toString(to.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }
}
