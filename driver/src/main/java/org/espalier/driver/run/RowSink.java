// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.espalier.executors.store.StorageException;
import org.espalier.results.CellRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;

/**
 * Gathers rows and puts them into the results folder by number and by time, on a thread of its own:
 * whoever brings rows never waits for a disk. One write is under way at a time; rows that come
 * meanwhile go together into the next one.
 *
 * <p>All methods are for one thread. A write that failed is told by the next call.
 */
final class RowSink implements AutoCloseable {
    private final ResultsFolder folder;
    private final String name;
    private final Replace replace;
    private final int mostRows;
    private final long longestNanos;
    private final ExecutorService writer;
    private List<CellRow> waiting = new ArrayList<>();
    private CompletableFuture<Void> write = CompletableFuture.completedFuture(null);
    private long oldestAt;

    /** Whether rows take the place of earlier ones of their cells. */
    enum Replace {
        NEVER,
        EARLIER_ROWS
    }

    /**
     * @param name of the folder, as the user calls it
     * @param mostRows rows that wait at most, where writing keeps up
     * @param longestSeconds that a row waits at most, where writing keeps up
     */
    RowSink(
            ResultsFolder folder,
            String name,
            Replace replace,
            int mostRows,
            double longestSeconds) {
        this.folder = folder;
        this.name = name;
        this.replace = replace;
        this.mostRows = mostRows;
        this.longestNanos = (long) (longestSeconds * 1e9);
        writer = Executors.newSingleThreadExecutor(work -> new Thread(work, "row-writer"));
    }

    /**
     * Takes a row.
     *
     * @throws StorageException if rows could not be written
     */
    void add(CellRow row) {
        if (waiting.isEmpty()) {
            oldestAt = System.nanoTime();
        }
        waiting.add(row);
        flushIfDue();
    }

    /**
     * Hands waiting rows to the writer where it is time and the writer is idle.
     *
     * @throws StorageException if rows could not be written
     */
    void flushIfDue() {
        if (!write.isDone()) {
            return;
        }
        join();
        boolean due =
                waiting.size() >= mostRows
                        || !waiting.isEmpty() && System.nanoTime() - oldestAt >= longestNanos;
        if (due) {
            hand();
        }
    }

    private void hand() {
        List<CellRow> rows = waiting;
        waiting = new ArrayList<>();
        write =
                CompletableFuture.runAsync(
                        () ->
                                written(
                                        () -> {
                                            if (replace == Replace.EARLIER_ROWS) {
                                                folder.replace(rows);
                                            } else {
                                                folder.append(rows);
                                            }
                                        }),
                        writer);
    }

    /**
     * Puts every waiting row into the folder, and rows that took the place of others where all rows
     * are. They are durable when this returns.
     *
     * @throws StorageException if rows could not be written, and no call before has told of it
     */
    @Override
    public void close() {
        try {
            if (write.isCompletedExceptionally() && writer.isShutdown()) {
                return;
            }
            join();
            hand();
            join();
            written(folder::settle);
        } finally {
            writer.shutdown();
        }
    }

    /** Waits for the write that is under way, whoever interrupts. */
    private void join() {
        try {
            write.join();
        } catch (CompletionException e) {
            writer.shutdown(); // nothing is written any more
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void written(Write step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new StorageException(
                    Text.of("%s: rows cannot be written there: %s", name, Text.firstLine(e)), e);
        }
    }

    private interface Write {
        void run() throws IOException;
    }
}
