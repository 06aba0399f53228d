// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.PrintStream;

/**
 * One line of a terminal that changes in place, below the lines that stay. Elsewhere only lines
 * that stay are printed. No colours are used.
 */
public final class StatusLine {
    private final PrintStream out;
    private final Screen screen;
    private String shown = "";

    /**
     * Where it is shown.
     *
     * @param columns of the terminal; 0 where it is none, or one that cannot move its cursor
     */
    public record Screen(int columns) {
        private static final int USUAL = 80;

        public Screen {
            if (columns < 0) {
                throw new IllegalArgumentException("columns must be at least 0, got " + columns);
            }
        }

        /**
         * Where standard error of this process goes. The launchers say it in {@code
         * ESPALIER_COLUMNS}, since a JVM cannot ask; without them a console is taken for it.
         */
        public static Screen ofThisProcess() {
            return of(
                    System.getenv("ESPALIER_COLUMNS"),
                    System.getenv("TERM"),
                    System.getenv("COLUMNS"),
                    System.console() == null ? new Screen(0) : new Screen(USUAL));
        }

        /**
         * @param told by the launcher, null without one
         * @param otherwise the screen where nothing is told and no width is known
         */
        static Screen of(String told, String terminal, String columns, Screen otherwise) {
            if (terminal == null || terminal.equals("dumb")) {
                return new Screen(0);
            }
            if (told != null) {
                return new Screen(number(told, 0));
            }
            return otherwise.terminal() ? new Screen(number(columns, USUAL)) : otherwise;
        }

        private static int number(String text, int otherwise) {
            return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
        }

        /** Whether a line can change in place. */
        public boolean terminal() {
            return columns > 0;
        }
    }

    public StatusLine(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    /** Where it is shown. */
    public Screen screen() {
        return screen;
    }

    /**
     * Changes the line. It is cut at the edge of the screen, so that a narrowed window does not
     * break it.
     */
    public void show(String text) {
        shown = text;
        if (screen.terminal()) {
            out.print("\r\u001b[?7l" + text + "\u001b[K\u001b[?7h");
            out.flush();
        }
    }

    /** Prints a line that stays. */
    public void say(String text) {
        String below = shown;
        clear();
        out.println("espalier: " + text);
        if (!below.isEmpty()) {
            show(below);
        }
    }

    /** Takes the changing line away. */
    public void clear() {
        if (screen.terminal() && !shown.isEmpty()) {
            out.print("\r\u001b[K");
            out.flush();
        }
        shown = "";
    }
}
