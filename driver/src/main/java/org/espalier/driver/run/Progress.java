// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far a sweep is: a bar on a terminal, else a line now and then. Time left is by work,
 * not by cells: what is left of the multiply-adds at the speed so far.
 */
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(20).toNanos();

    private final PrintStream out;
    private final ProgressBar bar;
    private final int cells;
    private final int trunks;
    private final double totalWork;
    private final long start = System.nanoTime();
    private long lastLine = start;
    private int cellsDone;
    private int trunksDone;
    private int failed;
    private double workDone;

    /** Where it is shown. */
    enum Screen {
        TERMINAL,
        LINES;

        /** A terminal where both input and output are one that can move its cursor. */
        static Screen ofThisProcess() {
            String terminal = System.getenv("TERM");
            boolean plain = terminal == null || terminal.equals("dumb");
            return System.console() == null || plain ? LINES : TERMINAL;
        }
    }

    Progress(PrintStream out, Screen screen, int cells, int trunks, double totalWork) {
        this.out = out;
        this.cells = cells;
        this.trunks = trunks;
        this.totalWork = totalWork;
        bar = screen == Screen.TERMINAL ? bar(out, cells) : null;
        update();
    }

    private static ProgressBar bar(PrintStream out, int cells) {
        return new ProgressBarBuilder()
                .setTaskName("cells")
                .setInitialMax(cells)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, width()))
                .setUpdateIntervalMillis(250)
                .hideEta()
                .build();
    }

    private static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[0-9]{2,4}") ? Integer.parseInt(columns) : 100;
    }

    void trunkDone(double work) {
        trunksDone++;
        workDone += work;
        update();
    }

    void cellDone(double work, boolean completed) {
        cellsDone++;
        workDone += work;
        failed += completed ? 0 : 1;
        update();
    }

    /** Prints a line for good, beside the bar. */
    void say(String line) {
        if (bar == null) {
            out.println("espalier: " + line);
        } else {
            bar.pause();
            out.print("\r\u001b[2K");
            out.println("espalier: " + line);
            bar.resume();
        }
    }

    /** Called now and then; prints the next line when it is time. */
    void tick() {
        if (bar == null && System.nanoTime() - lastLine >= LINE_NANOS) {
            lastLine = System.nanoTime();
            out.printf("espalier: %d of %d cells, %s%n", cellsDone, cells, rest());
        }
    }

    private void update() {
        if (bar != null) {
            bar.stepTo(cellsDone);
            bar.setExtraMessage(rest());
        }
    }

    private String rest() {
        String counts = "%d/%d trunks, %d failed".formatted(trunksDone, trunks, failed);
        double share = totalWork > 0 ? workDone / totalWork : 1;
        if (share <= 0 || share >= 1) {
            return counts;
        }
        double seconds = (System.nanoTime() - start) * 1e-9 * (1 - share) / share;
        return counts + ", " + Durations.about(seconds) + " left";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
