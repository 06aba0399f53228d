// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows how far a sweep is: one line that changes in place on a terminal, else a line now and then.
 * Time left is by work, not by cells: the multiply-adds to go at the speed so far. It is told only
 * when there is something to go by.
 *
 * <p>No colours are used. One thread at a time.
 */
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long DRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 8;

    /** Work that must be done before a speed is believed, and how long it is waited for at most. */
    private static final double TELLING_SHARE = 0.05;

    private static final double SHORTEST_SECONDS = 5;
    private static final double PATIENCE_SECONDS = 120;

    private final PrintStream out;
    private final Screen screen;
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
     * Where it is shown.
     *
     * @param columns of the terminal; 0 where it is none, or one that cannot move its cursor
     */
    record Screen(int columns) {
        private static final int USUAL = 80;

        /**
         * Where standard error of this process goes. The launchers say it in {@code
         * ESPALIER_COLUMNS}, since a JVM cannot ask; without them a console is taken for it.
         */
        static Screen ofThisProcess() {
            return of(
                    System.getenv("ESPALIER_COLUMNS"),
                    System.getenv("TERM"),
                    System.getenv("COLUMNS"),
                    System.console() != null);
        }

        static Screen of(String told, String terminal, String columns, boolean console) {
            if (terminal == null || terminal.equals("dumb")) {
                return new Screen(0);
            }
            if (told != null) {
                return new Screen(number(told, 0));
            }
            return new Screen(console ? number(columns, USUAL) : 0);
        }

        private static int number(String text, int otherwise) {
            return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
        }

        boolean terminal() {
            return columns > 0;
        }
    }

    /**
     * @param workToDo multiply-adds of all cells and trunks
     * @param nanoTime a clock
     */
    Progress(
            PrintStream out,
            Screen screen,
            int cells,
            int trunks,
            double workToDo,
            LongSupplier nanoTime) {
        this.out = out;
        this.screen = screen;
        this.cells = cells;
        this.trunks = trunks;
        this.workToDo = workToDo;
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
        lastShown = start;
        lastDone = start;
        if (screen.terminal()) {
            draw();
        } else {
            out.printf("espalier: %d cells to run on %d trunks%n", cells, trunks);
        }
    }

    /** A trunk was trained. */
    void trunkDone(double work) {
        trunksDone++;
        done(work);
    }

    /** A trunk was there already, so that its work is not to be done. */
    void trunkReused(double work) {
        trunksDone++;
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
        if (screen.terminal()) {
            draw();
        }
    }

    /** Prints a line for good, above the one that changes. */
    void say(String line) {
        clear();
        out.println("espalier: " + line);
        if (screen.terminal()) {
            draw();
        }
    }

    /** Called now and then; shows what is new when it is time. */
    void tick() {
        long every = screen.terminal() ? DRAW_NANOS : LINE_NANOS;
        if (nanoTime.getAsLong() - lastShown < every) {
            return;
        }
        if (screen.terminal()) {
            draw();
        } else {
            lastShown = nanoTime.getAsLong();
            out.println("espalier: " + counts());
        }
    }

    /** Takes the changing line away; nothing is shown any more. */
    @Override
    public void close() {
        clear();
        closed = true;
    }

    private void clear() {
        if (screen.terminal() && !closed) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    /** Lines are cut at the edge while it is drawn: a narrowed window breaks no line. */
    private void draw() {
        lastShown = nanoTime.getAsLong();
        if (!closed) {
            out.print("\r\u001b[?7l" + line() + "\u001b[K\u001b[?7h");
            out.flush();
        }
    }

    private String line() {
        String counts = counts();
        int room = Math.min(WIDEST_BAR, screen.columns() - 1 - counts.length() - 3);
        if (room < NARROWEST_BAR) {
            return counts;
        }
        int full = cells == 0 ? room : (int) ((long) room * cellsDone / cells);
        return "[%s%s] %s".formatted("=".repeat(full), " ".repeat(room - full), counts);
    }

    private String counts() {
        String counts =
                "%d/%d cells, %d/%d trunks, %d failed"
                        .formatted(cellsDone, cells, trunksDone, trunks, failed);
        double left = secondsLeft();
        return left > 0
                ? "%s, about %s left".formatted(counts, Durations.about(left))
                : "%s, %s so far"
                        .formatted(counts, Durations.about(seconds(start, nanoTime.getAsLong())));
    }

    /** Seconds to go, at least a half; 0 where nothing can be said. */
    private double secondsLeft() {
        double share = workToDo > 0 ? workDone / workToDo : 1;
        double spent = seconds(start, lastDone);
        boolean telling = share >= TELLING_SHARE && spent >= SHORTEST_SECONDS;
        if (share >= 1 || !(telling || share > 0 && spent >= PATIENCE_SECONDS)) {
            return 0;
        }
        double left =
                spent * (1 - share) / share - seconds(lastDone, nanoTime.getAsLong());
        return left >= 0.5 ? left : 0;
    }

    private static double seconds(long from, long to) {
        return (to - from) * 1e-9;
    }
}
