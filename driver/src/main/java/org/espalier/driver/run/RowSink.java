// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.espalier.executors.store.StorageException;
import org.espalier.results.CellRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;

/** Gathers rows and puts them into the results folder by number and by time. */
final class RowSink {
    private final ResultsFolder folder;
    private final Replace replace;
    private final int mostRows;
    private final long longestNanos;
    private final List<CellRow> waiting = new ArrayList<>();
    private long oldestAt;

    /** Whether rows take the place of earlier ones of their cells. */
    enum Replace {
        NEVER,
        EARLIER_ROWS
    }

    /**
     * @param mostRows rows that wait at most
     * @param longestSeconds that a row waits at most
     */
    RowSink(ResultsFolder folder, Replace replace, int mostRows, double longestSeconds) {
        this.folder = folder;
        this.replace = replace;
        this.mostRows = mostRows;
        this.longestNanos = (long) (longestSeconds * 1e9);
    }

    void add(CellRow row) {
        if (waiting.isEmpty()) {
            oldestAt = System.nanoTime();
        }
        waiting.add(row);
        flushIfDue();
    }

    void flushIfDue() {
        boolean due =
                waiting.size() >= mostRows
                        || !waiting.isEmpty() && System.nanoTime() - oldestAt >= longestNanos;
        if (due) {
            flush();
        }
    }

    /** Puts every waiting row into the folder; they are durable when this returns. */
    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        List<CellRow> rows = List.copyOf(waiting);
        waiting.clear();
        try {
            if (replace == Replace.EARLIER_ROWS) {
                folder.replace(rows);
            } else {
                folder.append(rows);
            }
        } catch (IOException e) {
            throw new StorageException(Text.of("rows cannot be written: %s", Text.firstLine(e)), e);
        }
    }
}
