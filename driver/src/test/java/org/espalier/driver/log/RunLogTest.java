// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.log.RunLog.Screen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class RunLogTest {
    @TempDir private Path folder;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream screen = new PrintStream(shown, true, StandardCharsets.UTF_8);

    private void keep(RunLog log) {
        log.keepIn(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            return files.sorted().toList();
        }
    }

    private String written() throws IOException {
        assertThat(files()).hasSize(1);
        return Files.readString(files().get(0));
    }

    private String seen() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keepsWhatWasSaidBeforeItHadAPlace() throws IOException {
        try (RunLog log = RunLog.start(screen, Screen.USUAL)) {
            log.out().println("espalier: first");
            assertThat(folder.resolve("log")).doesNotExist();
            keep(log);
            log.out().println("espalier: second");
            assertThat(log.file()).hasValue(files().get(0).toString());
        }

        assertThat(seen())
                .isEqualTo(
                        org.espalier.results.text.Text.of("espalier: first%nespalier: second%n"));
        assertThat(written().lines()).hasSize(2);
        assertThat(written().lines().toList().get(0))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z espalier: first");
        assertThat(files().get(0).getFileName().toString())
                .matches("espalier-\\d{8}T\\d{6}Z\\.log");
    }

    @Test
    void twoRunsOfOneSecondHaveTwoFiles() throws IOException {
        for (int run = 0; run < 3; run++) {
            try (RunLog log = RunLog.start(screen, Screen.USUAL)) {
                keep(log);
            }
        }
        assertThat(files()).hasSize(3);
    }

    /** What libraries log from INFO on, whatever of it is let through to the screen. */
    @Test
    void keepsWhatLibrariesSay() throws IOException {
        try (RunLog log = RunLog.start(screen, Screen.USUAL)) {
            LoggerFactory.getLogger("org.apache.spark.Any").info("an early word");
            keep(log);
            LoggerFactory.getLogger("org.apache.spark.Any").info("a word");
            LoggerFactory.getLogger("some.Other")
                    .warn("a failure", new IllegalStateException("why"));
            LoggerFactory.getLogger("some.Other").debug("too much");
            log.silence();
            LoggerFactory.getLogger("org.apache.spark.Any").error("the last word");
        }
        LoggerFactory.getLogger("some.Other").error("after the end");

        assertThat(written())
                .contains("INFO  o.a.s.Any: an early word", "INFO  o.a.s.Any: a word")
                .contains("WARN  s.Other: a failure", "IllegalStateException: why", "\tat ")
                .contains("ERROR o.a.s.Any: the last word")
                .doesNotContain("too much", "after the end");
        assertThat(seen()).isEmpty();
    }

    @Test
    void keepsTheStackOfWhatEndedTheRun() throws IOException {
        try (RunLog log = RunLog.start(screen, Screen.USUAL)) {
            keep(log);
            log.fault(new IOException("outer", new IllegalStateException("inner")));
        }
        assertThat(written()).contains("IOException: outer", "Caused by: ", "inner", "\tat ");
        assertThat(seen()).isEmpty();
    }

    @Test
    void quietShowsTheLastLineAlone() throws IOException {
        try (RunLog log = RunLog.start(screen, Screen.QUIET)) {
            keep(log);
            log.out().println("espalier: first");
            log.out().println("espalier: 4 cells");
        }
        assertThat(seen()).isEqualTo(org.espalier.results.text.Text.of("espalier: 4 cells%n"));
        assertThat(written()).contains("espalier: first", "espalier: 4 cells");
    }

    /** A line that changes in place, as the progress draws it, and one that stays above it. */
    @Test
    void readsAScreenAsAPersonDoes() {
        List<String> lines = new ArrayList<>();
        try (PrintStream out =
                new PrintStream(
                        new LinesOf(StandardCharsets.UTF_8, lines::add),
                        true,
                        StandardCharsets.UTF_8)) {
            out.print("\r\u001b[?7l1 of 4\u001b[K\u001b[?7h");
            out.print("\r\u001b[K");
            out.print("espalier: trunk gr\u00f6\u00dfe\n");
            out.print("\r\u001b[?7l2 of 4\u001b[K\u001b[?7h\r\u001b[Kespalier: done\r\n");
        }
        assertThat(lines).containsExactly("espalier: trunk gr\u00f6\u00dfe", "espalier: done");
    }

    /** A full disk ends the log and not the run. */
    @Test
    void aPlaceThatFailsIsGivenUp() {
        int[] calls = new int[1];
        try (LaterStream later = new LaterStream()) {
            later.write(new byte[10], 0, 10);
            later.to(
                    new OutputStream() {
                        @Override
                        public void write(int b) throws IOException {
                            calls[0]++;
                            throw new IOException("no space left");
                        }
                    });
            later.write(1);
            later.flush();
        }
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidOnce() throws IOException {
        Files.writeString(folder.resolve("log"), "a file");
        try (RunLog log = RunLog.start(screen, Screen.USUAL)) {
            keep(log);
            log.out().println("espalier: goes on");
            assertThat(log.file()).isEmpty();
        }
        assertThat(seen())
                .startsWith("espalier: there is no log file of this run: ")
                .endsWith(org.espalier.results.text.Text.of("espalier: goes on%n"));
    }
}
