// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.RanCells;
import org.espalier.executors.store.StorageException;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RowSinkTest {
    private static final CellRow ROW =
            RanCells.of(
                            """
                            name: rows
                            grid: {architecture: mlp-4, dataset: tiny, pruning-ratio: 0.5, method: magnitude, seed: 1}
                            recipe:
                              train-evaluation: off
                              dense: {batch-size: 64, epochs: 1}
                              fine-tune: {epochs: 0}
                            """)
                    .get(0);
    private static final double LONG = 1e6;

    @TempDir private Path sweep;
    private ResultsFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = ResultsFolder.open(path(), new Configuration());
    }

    @AfterEach
    void close() throws IOException {
        folder.close();
    }

    /** The folder is busy from before the first row to after the last. */
    @Test
    void whoBringsRowsNeverWaitsAndOneWriteTakesAllThatCameMeanwhile() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Thread holder =
                new Thread(
                        () -> {
                            synchronized (folder) {
                                busy.countDown();
                                await(free);
                            }
                        });
        holder.start();
        busy.await();

        try (RowSink sink = sink(RowSink.Replace.NEVER, 1)) {
            for (int cell = 0; cell < 5; cell++) {
                sink.add(row(cell, 1));
            }
            assertThat(files()).isEmpty();
            free.countDown();
        }

        holder.join();
        assertThat(files()).containsExactly("rows-00000001.parquet", "rows-00000002.parquet");
        assertThat(read())
                .containsExactlyElementsOf(
                        IntStream.range(0, 5).mapToObj(cell -> row(cell, 1)).toList());
    }

    @Test
    void replacedRowsAreMergedOnceAtTheEnd() throws Exception {
        folder.append(List.of(row(0, 1), row(1, 1)));
        try (RowSink sink = sink(RowSink.Replace.EARLIER_ROWS, 100)) {
            sink.add(row(1, 2));
            sink.add(row(2, 2));
        }

        assertThat(read()).containsExactlyInAnyOrder(row(0, 1), row(1, 2), row(2, 2));
        assertThat(files()).hasSize(1);
        assertThat(sweep.resolve("_retried")).doesNotExist();
    }

    /** Told by the first call that can know, and not again. */
    @Test
    void aWriteThatFailsIsToldInOneSentence() throws Exception {
        Files.delete(sweep.resolve("results"));
        RowSink sink = sink(RowSink.Replace.NEVER, 100);
        sink.add(row(0, 1));

        assertThatThrownBy(sink::close)
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("out: rows cannot be written there: ")
                .hasMessageEndingWith("(NoSuchFileException)");
        sink.close();
    }

    private RowSink sink(RowSink.Replace replace, int mostRows) {
        return new RowSink(folder, "out", replace, mostRows, LONG);
    }

    private static CellRow row(int cell, int attempt) {
        return CopiedRow.with(ROW, "cellId", "cell-" + cell, "attempt", attempt);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> files() {
        return List.of(sweep.resolve("results").toFile().list()).stream().sorted().toList();
    }

    private List<CellRow> read() throws IOException {
        return ResultsFolder.read(path(), new Configuration()).stream().map(FiledRow::row).toList();
    }

    private org.apache.hadoop.fs.Path path() {
        return new org.apache.hadoop.fs.Path(sweep.toUri());
    }
}
