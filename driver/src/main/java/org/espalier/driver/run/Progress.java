// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.espalier.results.text.Text;

/**
 * Shows how far a sweep is: one line that changes in place on a terminal, else a line now and then.
 * Time left is by work, not by cells: the multiply-adds to go at the speed so far. It is told only
 * when there is something to go by.
 *
 * <p>One thread at a time.
 */
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long DRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 8;

    /** Room that a terminal needs to echo Ctrl-C on the same line. */
    private static final int ECHO = 4;

    /** Work that must be done before a speed is believed, and how long it is waited for at most. */
    private static final double TELLING_SHARE = 0.05;

    private static final double SHORTEST_SECONDS = 5;
    private static final double PATIENCE_SECONDS = 120;

    private final StatusLine line;
    private final LongSupplier nanoTime;
    private final int cells;
    private final int trunks;
    private final long start;
    private long lastShown;
    private int cellsDone;
    private int trunksDone;
    private int failed;
    private double workToDo;
    private double workDone;
    private long lastDone;
    private boolean closed;

    /**
     * @param workToDo multiply-adds of all cells and trunks
     * @param nanoTime a clock
     */
    Progress(StatusLine line, int cells, int trunks, double workToDo, LongSupplier nanoTime) {
        this.line = line;
        this.cells = cells;
        this.trunks = trunks;
        this.workToDo = workToDo;
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
        lastShown = start;
        lastDone = start;
        if (line.screen().terminal()) {
            draw();
        } else {
            line.say(Text.of("cells to run: %d, on dense trunks: %d", cells, trunks));
        }
    }

    /** What others start from was made. */
    void done(double work, boolean trunk) {
        trunksDone += trunk ? 1 : 0;
        done(work);
    }

    /** What others start from was there already, so that its work is not to be done. */
    void reused(double work, boolean trunk) {
        trunksDone += trunk ? 1 : 0;
        workToDo -= work;
    }

    void cellDone(double work, boolean completed) {
        cellsDone++;
        failed += completed ? 0 : 1;
        done(work);
    }

    private void done(double work) {
        workDone += work;
        lastDone = nanoTime.getAsLong();
        if (line.screen().terminal()) {
            draw();
        }
    }

    /** Prints a line for good, above the one that changes. */
    void say(String text) {
        line.say(text);
    }

    /** Called now and then; shows what is new when it is time. */
    void tick() {
        long every = line.screen().terminal() ? DRAW_NANOS : LINE_NANOS;
        if (nanoTime.getAsLong() - lastShown < every) {
            return;
        }
        if (line.screen().terminal()) {
            draw();
        } else {
            lastShown = nanoTime.getAsLong();
            line.say(counts());
        }
    }

    /** Takes the changing line away; nothing is shown any more. */
    @Override
    public void close() {
        line.clear();
        closed = true;
    }

    private void draw() {
        lastShown = nanoTime.getAsLong();
        if (!closed) {
            line.show(text());
        }
    }

    private String text() {
        String counts = counts();
        int room = Math.min(WIDEST_BAR, line.screen().columns() - ECHO - counts.length() - 3);
        if (room < NARROWEST_BAR) {
            return counts;
        }
        int full = cells == 0 ? room : (int) ((long) room * cellsDone / cells);
        return Text.of("[%s%s] %s", "=".repeat(full), " ".repeat(room - full), counts);
    }

    private String counts() {
        String counts =
                Text.of(
                        "%d/%d cells, %d/%d trunks, %d failed",
                        cellsDone, cells, trunksDone, trunks, failed);
        double left = secondsLeft();
        return left > 0
                ? Text.of("%s, about %s left", counts, Durations.about(left))
                : Text.of(
                        "%s, %s so far",
                        counts, Durations.about(seconds(start, nanoTime.getAsLong())));
    }

    /** Seconds to go, at least a half; 0 where nothing can be said. */
    private double secondsLeft() {
        double share = workToDo > 0 ? workDone / workToDo : 1;
        double spent = seconds(start, lastDone);
        boolean telling = share >= TELLING_SHARE && spent >= SHORTEST_SECONDS;
        if (share >= 1 || !(telling || share > 0 && spent >= PATIENCE_SECONDS)) {
            return 0;
        }
        double left = spent * (1 - share) / share - seconds(lastDone, nanoTime.getAsLong());
        return left >= 0.5 ? left : 0;
    }

    private static double seconds(long from, long to) {
        return (to - from) * 1e-9;
    }
}
