// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.run.StatusLine.Screen;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long seconds;

    private Progress progress(int columns) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Progress(
                new StatusLine(out, new Screen(columns)),
                10,
                2,
                100,
                () -> seconds * 1_000_000_000L);
    }

    /** What a terminal shows when all has been printed: lines that stay, then the changing one. */
    private List<String> screen() {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        String text = bytes.toString(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u001b') {
                int end = i + 1;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                i = end; // each drawing starts at the left, so that erasing to the right adds
                // nothing
            } else if (c == '\r') {
                line.setLength(0);
            } else if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    @Test
    void saysNothingOfTheTimeLeftBeforeThereIsSomethingToGoBy() {
        Progress progress = progress(100);
        seconds = 1;
        progress.cellDone(1, true);
        seconds = 4;
        progress.done(50, true);

        assertThat(screen().get(0)).endsWith("] 1/10 cells, 1/2 trunks, 0 failed, 4 s so far");
    }

    /** Half of the work in 30 s leaves 30 s; 12 s later 18 s. */
    @Test
    void reckonsTimeLeftByWork() {
        Progress progress = progress(100);
        seconds = 30;
        progress.done(50, true);
        assertThat(screen().get(0)).endsWith(", about 30 s left");

        seconds = 42;
        progress.tick();
        assertThat(screen().get(0)).endsWith(", about 18 s left");

        seconds = 70; // longer than expected: nothing is known
        progress.tick();
        assertThat(screen().get(0)).endsWith(", 70 s so far");
    }

    /** 40 of 100 need not be done; of the other 60 a third took 10 s. */
    @Test
    void doesNotCountWhatWasThereAlready() {
        Progress progress = progress(100);
        progress.reused(40, true);
        seconds = 10;
        progress.cellDone(20, true);

        assertThat(screen().get(0)).endsWith("1/10 cells, 1/2 trunks, 0 failed, about 20 s left");
    }

    /** What others start from may be no trunk; its work counts all the same. */
    @Test
    void countsTrunksAmongWhatOthersStartFrom() {
        Progress progress = progress(100);
        seconds = 30;
        progress.done(50, false);
        assertThat(screen().get(0)).endsWith("0/10 cells, 0/2 trunks, 0 failed, about 30 s left");

        progress.reused(25, false); // two thirds are done
        progress.cellDone(0, true);
        assertThat(screen().get(0)).endsWith("1/10 cells, 0/2 trunks, 0 failed, about 15 s left");
    }

    @Test
    void believesALittleWorkAfterALongTime() {
        Progress progress = progress(100);
        seconds = 119;
        progress.cellDone(1, true);
        assertThat(screen().get(0)).endsWith("119 s so far".replace("119 s", "2 min"));

        seconds = 200;
        progress.cellDone(1, true);
        assertThat(screen().get(0)).contains("about 2 h 43 min left"); // 200 s * 98 / 2 = 9800 s
    }

    @Test
    void drawsOneLineThatFits() {
        for (int columns : new int[] {20, 40, 60, 80, 120, 200}) {
            bytes.reset();
            Progress progress = progress(columns);
            progress.cellDone(10, false);

            String line = screen().get(0);
            assertThat(line).contains("1/10 cells, 0/2 trunks, 1 failed");
            if (columns >= 60) {
                assertThat(line.length()).isLessThanOrEqualTo(columns - 4); // "^C" fits behind
                assertThat(line).startsWith(columns < 80 ? "[ " : "[=").contains(" ] ");
            }
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("\n");
    }

    @Test
    void keepsWhatItSaysAboveTheLine() {
        Progress progress = progress(80);
        progress.say("trained trunk 1");

        assertThat(screen()).hasSize(2);
        assertThat(screen().get(0)).isEqualTo("espalier: trained trunk 1");
        assertThat(screen().get(1)).contains("0/10 cells");
    }

    @Test
    void leavesNothingBehind() {
        Progress progress = progress(80);
        progress.cellDone(10, true);
        progress.close();
        progress.cellDone(10, true);
        progress.tick();

        assertThat(screen()).containsExactly("");
    }

    @Test
    void printsPlainLinesWhereThereIsNoTerminal() {
        Progress progress = progress(0);
        seconds = 10;
        progress.cellDone(10, true);
        progress.tick();
        seconds = 20;
        progress.tick();
        progress.say("trained trunk 1");
        progress.close();

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "espalier: cells to run: 10, on dense trunks: 2",
                        "espalier: 1/10 cells, 0/2 trunks, 0 failed, about 80 s left",
                        "espalier: trained trunk 1");
    }

    @Test
    void takesTheScreenFromTheLauncher() {
        Screen console = new Screen(80);
        Screen none = new Screen(0);
        assertThat(Screen.of("132", "xterm", null, none)).isEqualTo(new Screen(132));
        assertThat(Screen.of("0", "xterm", "90", console)).isEqualTo(none);
        assertThat(Screen.of("132", "dumb", null, console)).isEqualTo(none);
        assertThat(Screen.of("132", null, null, console)).isEqualTo(none);
        assertThat(Screen.of(null, "xterm", "90", console)).isEqualTo(new Screen(90));
        assertThat(Screen.of(null, "xterm", "wide", console)).isEqualTo(console);
        assertThat(Screen.of(null, "xterm", "90", none)).isEqualTo(none);
    }
}
