// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.log;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a run says: to the user on the screen, and everything, Spark's own log and the stacks of
 * failures with it, to {@code DIR/log/espalier-TIME.log}, TIME being UTC.
 *
 * <p>The file is made when the run begins to change its folder, with all that was said until then.
 */
public final class RunLog implements AutoCloseable {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** How much of it is on the screen. */
    public enum Screen {
        /** The last line, and errors. */
        QUIET,
        /** What the run itself says, and warnings. */
        USUAL,
        /** Everything. */
        VERBOSE
    }

    private final PrintStream screen;
    private final Screen shown;
    private final LaterStream log = new LaterStream();
    private final PrintStream out;
    private final Libraries libraries;
    private volatile String last = "";
    private volatile String file;

    private RunLog(PrintStream screen, Screen shown, Libraries libraries) {
        this.screen = screen;
        this.shown = shown;
        this.libraries = libraries;
        Charset charset = Charset.defaultCharset();
        out = new PrintStream(new Both(new LinesOf(charset, this::heard)), true, charset);
    }

    /** Begins to listen; what libraries log goes to the file too, until it is closed. */
    public static RunLog start(PrintStream screen, Screen shown) {
        Libraries libraries = new Libraries();
        RunLog made = new RunLog(screen, shown, libraries);
        libraries.listen(made.log, shown);
        return made;
    }

    /** Without a file: all that is said is on the screen, libraries are left as they are. */
    public static RunLog none(PrintStream screen) {
        return new RunLog(screen, Screen.USUAL, null);
    }

    /** To both places. */
    private final class Both extends FilterOutputStream {
        private final LinesOf lines;

        Both(LinesOf lines) {
            super(screen);
            this.lines = lines;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (shown != Screen.QUIET) {
                screen.write(bytes, from, count);
            }
            lines.write(bytes, from, count);
        }

        @Override
        public void flush() {
            screen.flush();
        }
    }

    private void heard(String line) {
        if (!line.isBlank()) {
            last = line;
            write(line);
        }
    }

    private void write(String text) {
        byte[] entry =
                (Instant.now() + " " + text + System.lineSeparator())
                        .getBytes(StandardCharsets.UTF_8);
        log.write(entry, 0, entry.length);
        log.flush();
    }

    /** Where messages to the user go. */
    public PrintStream out() {
        return out;
    }

    /** Makes the file in a folder of results; a run goes on without where it cannot be made. */
    public void keepIn(Path folder, Configuration configuration) {
        if (libraries == null || file != null) {
            return;
        }
        Path logs = new Path(folder, "log");
        String name = "espalier-" + NAME.format(Instant.now());
        try {
            FileSystem files = logs.getFileSystem(configuration);
            Path path = new Path(logs, name + "Z.log");
            for (int n = 2; files.exists(path); n++) {
                path = new Path(logs, name + "Z-" + n + ".log");
            }
            log.to(place(files, path));
            file =
                    path.toUri().getScheme() == null || path.toUri().getScheme().equals("file")
                            ? path.toUri().getPath()
                            : path.toString();
        } catch (IOException e) {
            out.println("espalier: there is no log file of this run: " + e.getMessage());
        }
    }

    /** A plain file where it is local: Hadoop's would keep some kilobytes back. */
    private static OutputStream place(FileSystem files, Path path) throws IOException {
        if (!files.getScheme().equals("file")) {
            return files.create(path, false);
        }
        java.nio.file.Path local = java.nio.file.Path.of(path.toUri().getPath());
        java.nio.file.Files.createDirectories(local.getParent());
        return java.nio.file.Files.newOutputStream(
                local, java.nio.file.StandardOpenOption.CREATE_NEW);
    }

    /** Where everything is; empty where there is no file. */
    public Optional<String> file() {
        return Optional.ofNullable(file);
    }

    /** Keeps what ended the run, with its stack. */
    public void fault(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack, true));
        write(stack.toString());
    }

    /** From here on libraries say nothing on the screen: what they add at the end helps no one. */
    public void silence() {
        if (libraries != null) {
            libraries.silence();
        }
    }

    @Override
    public void close() {
        if (shown == Screen.QUIET && !last.isEmpty()) {
            screen.println(last);
        }
        if (libraries != null) {
            libraries.restore();
        }
        log.close();
    }
}
