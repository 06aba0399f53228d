// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.driver.UsageException;
import org.espalier.driver.run.StatusLine;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.fetch.DatasetFetcher;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier data}: data sets in files. */
@Command(
        name = "data",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "List data sets, or fetch one that is published.",
            "",
            "A data folder has a sub-folder for each data set in files. Beside mnist and"
                    + " fashion-mnist, any sub-folder with one pair of IDX files for training and one"
                    + " for testing is a data set by its name."
        },
        subcommands = {DataCommand.Names.class, DataCommand.Fetch.class})
final class DataCommand implements Runnable {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "expected `data list` or `data fetch NAME`, got neither");
    }

    /** {@code espalier data list}. */
    @Command(
            name = "list",
            description = "List data sets: those made here, those published, those in the folder.")
    static final class Names implements Callable<Integer> {
        @Mixin private SweepOptions.Data data;
        @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

        @Override
        public Integer call() throws BadDataException {
            ListCommand.print(spec.commandLine().getOut(), "dataset", data.datasets().names());
            return Espalier.DONE;
        }
    }

    /** {@code espalier data fetch}. */
    @Command(
            name = "fetch",
            description = {
                "Download a published data set: mnist or fashion-mnist.",
                "",
                "Files are compared with the published checksums before they get their names. What"
                        + " is there already is checked and kept."
            })
    static final class Fetch implements Callable<Integer> {
        private static final double MOST_SECONDS = 3600;
        private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();

        @Parameters(paramLabel = "NAME", description = "mnist or fashion-mnist.")
        private String name;

        @Option(
                names = "--data",
                paramLabel = "FOLDER",
                required = true,
                description = "Folder of data sets on this machine; made if it is not there.")
        private String folder;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description =
                        "How long a server may be silent before the next one is asked (default:"
                                + " ${DEFAULT-VALUE}).")
        private double timeout;

        @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
        private long lastShown = System.nanoTime();

        @Override
        public Integer call() throws BadDataException {
            if (!(timeout >= 0.001 && timeout <= MOST_SECONDS)) {
                throw new UsageException(
                        "--timeout must be between 0.001 and 3600 seconds, got " + timeout);
            }
            StatusLine line = new StatusLine(System.err, StatusLine.Screen.ofThisProcess());
            try {
                DatasetFetcher fetcher =
                        new DatasetFetcher(
                                Duration.ofMillis(Math.round(timeout * 1000)),
                                (file, bytes, total) -> show(line, file, bytes, total));
                Map<String, DatasetFetcher.Outcome> outcomes = fetcher.fetch(name, local(folder));
                line.clear();
                report(outcomes);
            } finally {
                line.clear();
            }
            return Espalier.DONE;
        }

        private void show(StatusLine line, String file, long bytes, long total) {
            if (bytes == total || System.nanoTime() - lastShown >= REDRAW_NANOS) {
                lastShown = System.nanoTime();
                line.show(Text.of("%s  %.1f of %.1f MB", file, bytes / 1e6, total / 1e6));
            }
        }

        private void report(Map<String, DatasetFetcher.Outcome> outcomes) {
            PrintWriter out = spec.commandLine().getOut();
            outcomes.forEach(
                    (file, outcome) ->
                            out.printf(
                                    Locale.ROOT,
                                    "%s/%s/%s  %s%n",
                                    folder,
                                    name,
                                    file,
                                    switch (outcome) {
                                        case PRESENT -> "was there, checked";
                                        case FETCHED -> "fetched, checked";
                                    }));
            out.printf(
                    Locale.ROOT,
                    "Use it with --data %s and dataset: %s in a sweep file.%n",
                    folder,
                    name);
            out.flush();
        }

        private static Path local(String folder) {
            try {
                if (!folder.contains("://")) {
                    return Path.of(folder);
                }
            } catch (InvalidPathException e) {
                throw new UsageException(
                        Text.of("--data %s is no path: %s", folder, e.getReason()));
            }
            throw new UsageException(
                    Text.of(
                            "--data %s: expected a folder on this machine, got a URI; fetch there and copy the folder",
                            folder));
        }
    }
}
