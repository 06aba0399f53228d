// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsFolderTest {
    private static final Configuration CONFIGURATION = new Configuration(false);

    @TempDir Path temporary;
    private org.apache.hadoop.fs.Path sweep;
    private Path results;

    @BeforeEach
    void name() {
        sweep = new org.apache.hadoop.fs.Path(temporary.resolve("sweep").toUri());
        results = temporary.resolve("sweep/results");
    }

    @Test
    void keepsWhatIsAppended() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            assertThat(folder.cells()).isEmpty();
            folder.append(SampleRows.all().subList(0, 1));
            folder.append(List.of());
            folder.append(SampleRows.all().subList(1, SampleRows.all().size()));

            assertThat(rows(folder)).isEqualTo(SampleRows.all());
            assertThat(ResultsFolder.read(sweep, CONFIGURATION))
                    .extracting(FiledRow::row)
                    .isEqualTo(SampleRows.all());
            assertThat(ResultsFolder.read(sweep, CONFIGURATION))
                    .extracting(filed -> filed.file().replaceAll(".*/", ""))
                    .startsWith("rows-00000001.parquet", "rows-00000002.parquet");
        }
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            assertThat(rows(folder)).isEqualTo(SampleRows.all());
            assertThat(folder.cells())
                    .isEqualTo(
                            SampleRows.all().stream()
                                    .collect(Collectors.toMap(CellRow::cellId, CellRow::status)));
        }
        assertThat(files()).containsExactly("rows-00000001.parquet", "rows-00000002.parquet");
    }

    @Test
    void probesWithARowAndLeavesNothing() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            for (CellRow row : SampleRows.all()) {
                folder.probe(row);
            }

            assertThat(files()).isEmpty();
            assertThat(folder.cells()).isEmpty();
            assertThat(folder.remarks()).isEmpty();
            folder.append(SampleRows.all());
            folder.probe(SampleRows.all().get(0)); // a cell that has a row
            assertThat(rows(folder)).isEqualTo(SampleRows.all());
        }
    }

    @Test
    void aProbeThatFailsSaysWhyInOneSentenceAndLeavesNothing() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            Path inTheWay = results.resolveSibling("_unfinished").resolve("written");
            Files.createDirectories(inTheWay);

            assertThatThrownBy(() -> folder.probe(SampleRows.all().get(0)))
                    .isInstanceOf(ResultsException.class)
                    .hasMessage(
                            Text.of(
                                    "%s cannot hold results: %s (FileAlreadyExistsException); mend that or choose another folder with --out, nothing was computed yet",
                                    new org.apache.hadoop.fs.Path(results.toUri().toString()),
                                    inTheWay));
            assertThat(files()).isEmpty();
            assertThat(inTheWay).doesNotExist();
            folder.append(SampleRows.all());
        }
    }

    @Test
    void readsNothingWhereNothingWasWritten() throws IOException {
        assertThat(ResultsFolder.read(sweep, CONFIGURATION)).isEmpty();
        assertThat(temporary.resolve("sweep")).doesNotExist();
    }

    @Test
    void refusesASecondRowOfACell() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("a")));

            assertThatThrownBy(
                            () ->
                                    folder.append(
                                            List.of(
                                                    SampleRows.failed("b"),
                                                    SampleRows.failed("a"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("cell a has a row in .*/sweep/results already");
            assertThatThrownBy(
                            () ->
                                    folder.append(
                                            List.of(
                                                    SampleRows.failed("b"),
                                                    SampleRows.failed("b"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("two rows of cell b");

            folder.append(List.of(SampleRows.failed("b")));
            assertThat(ids(rows(folder))).containsExactly("a", "b");
        }
    }

    @Test
    void replacesRowsAndAddsOthers() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("a"), SampleRows.failed("b")));
            folder.append(List.of(SampleRows.failed("c")));

            folder.replace(List.of(SampleRows.failed("d"), SampleRows.completed("b", 7)));

            var expected =
                    List.of(
                            SampleRows.failed("a"),
                            SampleRows.failed("c"),
                            SampleRows.failed("d"),
                            SampleRows.completed("b", 7));
            assertThat(rows(folder)).isEqualTo(expected);
            assertThat(folder.cells()).containsEntry("b", CellRow.Status.COMPLETED).hasSize(4);
            assertThat(read()).isEqualTo(expected);
            assertThat(files())
                    .containsExactly(
                            "rows-00000001.parquet",
                            "rows-00000002.parquet",
                            "rows-00000003.parquet");

            folder.settle();

            assertThat(rows(folder)).isEqualTo(expected);
            assertThat(read()).isEqualTo(expected);
        }
        assertThat(files()).containsExactly("rows-00000005.parquet");
        assertThat(names(temporary.resolve("sweep"))).containsExactly("_lock", "results");
    }

    /** The last of several rows of a cell counts, before and after a start that merges them. */
    @Test
    void mergesReplacedRowsAtTheNextStart() throws IOException {
        List<CellRow> expected = List.of(SampleRows.failed("b"), SampleRows.completed("a", 2));
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("a"), SampleRows.failed("b")));
            folder.replace(List.of(SampleRows.completed("a", 1)));
            folder.replace(List.of(SampleRows.completed("a", 2)));
            assertThat(rows(folder)).isEqualTo(expected);
            assertThat(read()).isEqualTo(expected);
        }
        assertThat(names(temporary.resolve("sweep")))
                .containsExactly("_lock", "_retried", "results");
        assertThat(read()).isEqualTo(expected);

        ResultsFolder.open(sweep, CONFIGURATION).close();

        assertThat(read()).isEqualTo(expected);
        assertThat(names(temporary.resolve("sweep"))).containsExactly("_lock", "results");
        assertThat(files()).hasSize(1);
    }

    /** 101 files become one, the 102nd starts anew. */
    @Test
    void mergesAboveAHundredFiles() throws IOException {
        List<String> expected = IntStream.rangeClosed(1, 102).mapToObj(i -> "c" + i).toList();
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            for (String cell : expected.subList(0, 100)) {
                folder.append(List.of(SampleRows.failed(cell)));
            }
            assertThat(files()).hasSize(100);
            folder.append(List.of(SampleRows.failed("c101")));
            assertThat(files()).containsExactly("rows-00000102.parquet");
            folder.append(List.of(SampleRows.failed("c102")));

            assertThat(files()).containsExactly("rows-00000102.parquet", "rows-00000103.parquet");
            assertThat(ids(rows(folder))).isEqualTo(expected);
        }
    }

    /**
     * An append, a merge and a replacement, killed before every change of the disk: what was there
     * is there, what was to be written is there whole or not at all.
     */
    @ParameterizedTest
    @ValueSource(strings = {"append", "merge", "replace", "settle"})
    void losesAndDoublesNothingWhereverItIsKilled(String action) throws IOException {
        List<CellRow> old = List.of(SampleRows.failed("a"), SampleRows.failed("b"));
        List<CellRow> fresh = fresh(action, old);
        List<List<CellRow>> states = new ArrayList<>(List.of(old, fresh));
        if (!action.equals("append") && !action.equals("merge")) { // new rows come first
            states.add(List.of(old.get(0), old.get(1), SampleRows.failed("c")));
        }
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(old.subList(0, 1));
            folder.append(old.subList(1, 2));
        }
        Path before = Files.move(results, temporary.resolve("before"));
        int kept = 0;
        DyingStorage storage;
        int change = 0;
        do {
            storage = DyingStorage.before(++change);
            restore(before);
            boolean acknowledged = false;
            try (var folder = ResultsFolder.open(sweep, storage, mergeAbove(action))) {
                act(action, folder);
                acknowledged = true;
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("dead since change");
            }

            assertThat(read()).isIn(states);
            try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
                List<CellRow> rows = rows(folder);
                assertThat(rows).as("killed at change %d", change).isIn(states);
                assertThat(folder.cells().keySet()).containsExactlyElementsOf(ids(rows));
                if (acknowledged) {
                    assertThat(rows).isEqualTo(fresh);
                }
                kept += rows.equals(old) ? 1 : 0;
            }
            assertThat(names(temporary.resolve("sweep"))).containsExactly("_lock", "results");
            assertThat(files()).allMatch(name -> name.matches("rows-\\d{8}\\.parquet"));
        } while (storage.dead());

        assertThat(change).isGreaterThan(5);
        assertThat(kept).isPositive();
    }

    private void restore(Path before) throws IOException {
        new LocalStorage().delete(sweep);
        Files.createDirectories(results);
        for (String name : names(before)) {
            Files.copy(before.resolve(name), results.resolve(name));
        }
    }

    private static int mergeAbove(String action) {
        return action.equals("merge") ? 2 : 100;
    }

    private static void act(String action, ResultsFolder folder) throws IOException {
        if (action.equals("replace") || action.equals("settle")) {
            folder.replace(List.of(SampleRows.completed("a", 1), SampleRows.failed("c")));
            if (action.equals("settle")) {
                folder.settle();
            }
        } else {
            folder.append(List.of(SampleRows.failed("c"), SampleRows.failed("d")));
        }
    }

    private static List<CellRow> fresh(String action, List<CellRow> old) {
        return action.equals("replace") || action.equals("settle")
                ? List.of(old.get(1), SampleRows.failed("c"), SampleRows.completed("a", 1))
                : List.of(old.get(0), old.get(1), SampleRows.failed("c"), SampleRows.failed("d"));
    }

    @Test
    void writesNothingAfterAWriteThatFailed() throws IOException {
        var storage = DyingStorage.before(7);
        try (var folder = ResultsFolder.open(sweep, storage, 100)) {
            assertThatThrownBy(() -> folder.append(List.of(SampleRows.failed("a"))))
                    .isInstanceOf(IOException.class);

            assertThatThrownBy(() -> folder.append(List.of(SampleRows.failed("b"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(
                            ".*/sweep/results is closed, or a write failed: open it again to"
                                    + " write");
        }
    }

    @Test
    void removesUnfinishedFilesAndNothingElse() throws IOException {
        Files.createDirectories(results);
        Files.writeString(results.resolve("_rows-00000007.tmp"), "torn");
        Path unfinished = Files.createDirectories(temporary.resolve("sweep/_unfinished"));
        Files.writeString(unfinished.resolve("rows-00000007.parquet"), "torn");
        Files.writeString(results.resolve("_SUCCESS"), "");
        Files.writeString(results.resolve("notes.txt"), "mine");

        ResultsFolder.open(sweep, CONFIGURATION).close();

        assertThat(files()).containsExactly("_SUCCESS", "notes.txt");
        assertThat(names(temporary.resolve("sweep"))).containsExactly("_lock", "results");
    }

    @Test
    void takesOverFilesWithOtherNames() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("a")));
        }
        Files.move(results.resolve("rows-00000001.parquet"), results.resolve("zebra.parquet"));

        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("b")));
            folder.append(List.of(SampleRows.failed("c")));
            assertThat(ids(rows(folder))).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void refusesAFileThatCannotBeReadAndChangesNothing() throws IOException {
        Files.createDirectories(results);
        Files.writeString(results.resolve("page.parquet"), "<html>not found</html>");

        assertThatThrownBy(() -> ResultsFolder.open(sweep, CONFIGURATION))
                .isInstanceOf(ResultsException.class)
                .hasMessageMatching(
                        ".*/sweep/results/page.parquet cannot be read as results: it is no Parquet"
                                + " file, or was cut short");
        assertThat(files()).containsExactly("page.parquet");
        Files.delete(results.resolve("page.parquet"));
        ResultsFolder.open(sweep, CONFIGURATION).close(); // the lock was given back
    }

    @Test
    void refusesAFolderInWhichSomebodyCopiedAFile() throws IOException {
        try (var folder = ResultsFolder.open(sweep, CONFIGURATION)) {
            folder.append(List.of(SampleRows.failed("a")));
        }
        Files.copy(results.resolve("rows-00000001.parquet"), results.resolve("copy.parquet"));

        String message =
                ".*/copy.parquet and .*/rows-00000001.parquet both hold a row of cell a: remove one"
                        + " of the files";
        assertThatThrownBy(() -> ResultsFolder.open(sweep, CONFIGURATION))
                .isInstanceOf(ResultsException.class)
                .hasMessageMatching(message);
        assertThatThrownBy(() -> ResultsFolder.read(sweep, CONFIGURATION))
                .isInstanceOf(ResultsException.class)
                .hasMessageMatching(message);
    }

    @Test
    void hasOneOwner() throws IOException {
        try (var owner = ResultsFolder.open(sweep, CONFIGURATION)) {
            assertThatThrownBy(() -> ResultsFolder.open(sweep, CONFIGURATION))
                    .isInstanceOf(ResultsException.class)
                    .hasMessageMatching(
                            "file:/.*/sweep is in use by process \\d+ on host \\S+ since .*");
            owner.append(List.of(SampleRows.failed("a")));
        }
        ResultsFolder.open(sweep, CONFIGURATION).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3a", "s3", "gs", "abfs", "abfss", "wasb", "oss", "cosn", "made-up"})
    void refusesObjectStores(String scheme) {
        var path = new org.apache.hadoop.fs.Path(scheme + "://bucket/sweep");
        String message =
                Text.of(
                        "%s cannot hold results: %s is an object store or unknown, results need a file"
                                + " system that renames folders in one step (file, hdfs)",
                        path, scheme);

        assertThatThrownBy(() -> ResultsFolder.open(path, CONFIGURATION))
                .isInstanceOf(ResultsException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> ResultsFolder.read(path, CONFIGURATION))
                .isInstanceOf(ResultsException.class)
                .hasMessage(message);
    }

    @Test
    void refusesAnObjectStoreThatIsTheDefault() {
        var configuration = new Configuration(false);
        configuration.set("fs.defaultFS", "s3a://bucket");

        assertThatThrownBy(
                        () ->
                                ResultsFolder.open(
                                        new org.apache.hadoop.fs.Path("/sweep"), configuration))
                .isInstanceOf(ResultsException.class)
                .hasMessageStartingWith("/sweep cannot hold results: s3a is an object store");
    }

    /** A reader without the lock, beside an owner that merges with every append. */
    @Test
    void readsWholeStatesBesideItsOwner() throws Exception {
        int last = 40;
        var reads = new ArrayList<Integer>();
        try (var folder = ResultsFolder.open(sweep, new LocalStorage(), 1)) {
            folder.append(List.of(SampleRows.failed("c0")));
            var owner =
                    new Thread(
                            () -> {
                                for (int i = 1; i <= last; i++) {
                                    append(folder, "c" + i);
                                }
                            });
            owner.start();
            do {
                List<String> ids = ids(read());
                assertThat(ids)
                        .isEqualTo(IntStream.range(0, ids.size()).mapToObj(i -> "c" + i).toList());
                reads.add(ids.size());
            } while (owner.isAlive());
            owner.join();
            assertThat(rows(folder)).hasSize(last + 1);
        }

        assertThat(reads).isSorted().hasSizeGreaterThan(2);
    }

    private static void append(ResultsFolder folder, String cell) {
        try {
            folder.append(List.of(SampleRows.failed(cell)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<CellRow> read() throws IOException {
        return ResultsFolder.read(sweep, CONFIGURATION).stream().map(FiledRow::row).toList();
    }

    private static List<CellRow> rows(ResultsFolder folder) throws IOException {
        var rows = new ArrayList<CellRow>();
        folder.forEach(rows::add);
        return rows;
    }

    private static List<String> ids(List<CellRow> rows) {
        return rows.stream().map(CellRow::cellId).toList();
    }

    private List<String> files() throws IOException {
        return names(results);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
