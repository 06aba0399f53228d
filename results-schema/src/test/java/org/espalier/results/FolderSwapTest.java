// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders hold one file each, whose name says what they are. */
class FolderSwapTest {
    private static final List<String> FOLDERS = List.of("f", "_f.next", "_f.old", "_f.building");

    @TempDir Path parent;
    private FolderSwap swap;

    @BeforeEach
    void make() {
        swap = swap(new LocalStorage());
    }

    @Test
    void replacesAFolder() throws IOException {
        create("f");

        swap.replace(this::fill);

        assertThat(names(parent)).containsExactly("f");
        assertThat(names(parent.resolve("f"))).containsExactly("new");
    }

    /** All 16 sets of folders, possible or not: what is complete wins, the newest first. */
    @ParameterizedTest(name = "folders {0}")
    @MethodSource("states")
    void recoversFromEveryState(List<String> folders) throws IOException {
        for (String folder : folders) {
            create(folder);
        }
        String winner =
                FOLDERS.subList(0, 3).stream().filter(folders::contains).findFirst().orElse(null);
        org.apache.hadoop.fs.Path current = swap.current();

        swap.recover();
        swap.recover();

        if (winner == null) {
            assertThat(current).isNull();
            assertThat(names(parent)).isEmpty();
        } else {
            assertThat(current.getName()).isEqualTo(winner);
            assertThat(names(parent)).containsExactly("f");
            assertThat(names(parent.resolve("f"))).containsExactly(winner);
        }
    }

    static List<List<String>> states() {
        return IntStream.range(0, 16)
                .mapToObj(
                        bits ->
                                IntStream.range(0, 4)
                                        .filter(i -> (bits >> i & 1) == 1)
                                        .mapToObj(FOLDERS::get)
                                        .toList())
                .toList();
    }

    /** Killed at every point of a replacement, and then at every point of every recovery. */
    @Test
    void endsInTheOldFolderOrTheNewOneWhereverItIsKilled() throws IOException {
        var ends = new ArrayList<String>();
        for (int kill = 1; ; kill++) {
            DyingStorage first = DyingStorage.before(kill);
            start(first);
            if (!first.dead()) {
                break;
            }
            for (int second = 1; ; second++) {
                start(DyingStorage.before(kill));
                DyingStorage recovering = DyingStorage.after(second);
                attempt(() -> swap(recovering).recover());
                attempt(() -> swap(recovering).recover());
                boolean finished = !recovering.dead();

                swap.recover();

                assertThat(names(parent)).containsExactly("f");
                String end = String.join(",", names(parent.resolve("f")));
                assertThat(end).isIn("f", "new");
                ends.add(end);
                if (finished) {
                    break;
                }
            }
        }

        assertThat(ends).contains("f", "new").hasSizeGreaterThan(20);
    }

    private void start(Storage storage) throws IOException {
        new LocalStorage().delete(hadoop("f"));
        for (String folder : names(parent)) {
            new LocalStorage().delete(hadoop(folder));
        }
        create("f");
        attempt(() -> swap(storage).replace(this::fill));
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (IOException dead) {
            assertThat(dead).hasMessageStartingWith("dead since change");
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** An owner so quick that the rows are always where the reader does not look, six times. */
    @Test
    void findsTheRowsOfAFolderThatIsReplacedAgainAndAgain() throws IOException {
        create("f");
        var local = new LocalStorage();
        var looks = new AtomicInteger();
        Storage moving =
                (Storage)
                        Proxy.newProxyInstance(
                                Storage.class.getClassLoader(),
                                new Class<?>[] {Storage.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("exists")
                                            && looks.incrementAndGet() <= 6) {
                                        moveAwayFrom((org.apache.hadoop.fs.Path) arguments[0]);
                                    }
                                    return method.invoke(local, arguments);
                                });

        org.apache.hadoop.fs.Path current = swap(moving).current();

        assertThat(current.getName()).isEqualTo("f");
        assertThat(looks).hasValue(7);
    }

    private void moveAwayFrom(org.apache.hadoop.fs.Path looked) throws IOException {
        Path here = parent.resolve(looked.getName());
        if (Files.exists(here)) {
            Files.move(here, parent.resolve(looked.getName().equals("f") ? "_f.next" : "f"));
        }
    }

    private FolderSwap swap(Storage storage) {
        return new FolderSwap(storage, hadoop("f"));
    }

    private org.apache.hadoop.fs.Path hadoop(String name) {
        return new org.apache.hadoop.fs.Path(new org.apache.hadoop.fs.Path(parent.toUri()), name);
    }

    private void create(String folder) throws IOException {
        Files.createDirectory(parent.resolve(folder));
        Files.createFile(parent.resolve(folder).resolve(folder));
    }

    private void fill(org.apache.hadoop.fs.Path folder) throws IOException {
        Files.createFile(Path.of(folder.toUri()).resolve("new"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
