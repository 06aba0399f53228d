// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.espalier.driver.UsageException;
import org.espalier.driver.log.RunLog;
import org.espalier.driver.run.RunOptions;
import org.espalier.driver.run.SweepRun;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options that several commands share. */
final class SweepOptions {

    /** Where data files are. */
    static final class Data {
        @Option(
                names = "--data",
                paramLabel = "FOLDER",
                description =
                        "Folder of data sets in files: mnist/, fashion-mnist/, and any sub-folder"
                                + " with IDX files. A path or a Hadoop URI.")
        private String folder;

        Optional<String> folder() {
            return Optional.ofNullable(folder);
        }

        Datasets datasets() {
            return datasets(HadoopSettings.configuration(Map.of()));
        }

        Datasets datasets(Configuration configuration) {
            return new Datasets(folder(), configuration);
        }
    }

    /** Where and how a sweep runs. */
    static final class Run {
        private static final String MASTER = "spark.master";
        private static final String DEFAULT_MASTER = "local[*]";

        @Option(
                names = "--store",
                paramLabel = "FOLDER",
                description =
                        "Folder of trained networks that sweeps share (default: .espalier/stages"
                                + " beside the output folder).")
        private String store;

        @Option(
                names = "--master",
                paramLabel = "URL",
                description =
                        "Spark master where spark-submit names none (default: local[*], all cores"
                                + " of this machine).")
        private String master;

        @Option(
                names = "--keep-going",
                description =
                        "Go on where many cells fail of one cause, and give them rows; without it"
                                + " the sweep pauses, and they have none.")
        private boolean keepGoing;

        @Option(
                names = "--conf",
                paramLabel = "KEY=VALUE",
                description = "A Spark setting, e.g. spark.ui.enabled=true. May be repeated.")
        private Map<String, String> settings = new LinkedHashMap<>();

        @Option(
                names = "--flush-rows",
                paramLabel = "N",
                defaultValue = "50",
                description = "Write rows after at most N cells (default: ${DEFAULT-VALUE}).")
        private int flushRows;

        @Option(
                names = "--flush-seconds",
                paramLabel = "T",
                defaultValue = "5",
                description = "... and after at most T seconds (default: ${DEFAULT-VALUE}).")
        private double flushSeconds;

        @CommandLine.ArgGroup private Loudness loudness = new Loudness();

        /** Quiet or verbose, or neither. */
        private static final class Loudness {
            @Option(
                    names = {"-q", "--quiet"},
                    description = "Print the last line and errors alone; DIR/log has the rest.")
            private boolean quiet;

            @Option(
                    names = {"-v", "--verbose"},
                    description = "Print what Spark and Hadoop log too, as in DIR/log.")
            private boolean verbose;
        }

        /**
         * Runs a sweep with a log in its folder.
         *
         * @param root told where the log is
         */
        SweepRun.Result run(Sweep sweep, RunOptions options, Espalier root)
                throws IOException, InterruptedException {
            RunLog.Screen shown =
                    loudness.quiet
                            ? RunLog.Screen.QUIET
                            : loudness.verbose ? RunLog.Screen.VERBOSE : RunLog.Screen.USUAL;
            RunLog log = RunLog.start(System.err, shown);
            try {
                return new SweepRun(sweep, options, log).run();
            } catch (Exception | Error e) {
                log.fault(e);
                log.file().ifPresent(root::logged);
                throw e;
            } finally {
                log.close();
            }
        }

        /** For every file system of the command; to be asked for before any is looked at. */
        Configuration configuration() {
            return HadoopSettings.configuration(settings);
        }

        RunOptions with(
                String out,
                Optional<String> data,
                RunOptions.Changed changed,
                RunOptions.Failed failed) {
            Mistakes.folder("--out", out, configuration());
            if (store != null) {
                Mistakes.makeFolder("--store", store, configuration());
            }
            if (flushRows < 1) {
                throw new UsageException(
                        "--flush-rows must be a whole number of at least 1, got " + flushRows);
            }
            if (!(flushSeconds >= 0)) {
                throw new UsageException("--flush-seconds must be at least 0, got " + flushSeconds);
            }
            for (String key : settings.keySet()) {
                if (!key.startsWith("spark.")) {
                    throw new UsageException(
                            Text.of(
                                    "--conf %s: expected a setting of Spark, which begins with spark., as in spark.ui.enabled=true",
                                    key));
                }
            }
            return new RunOptions(
                    out,
                    data,
                    store(out),
                    agreedMaster(),
                    settings,
                    changed,
                    failed,
                    keepGoing ? RunOptions.Failures.GO_ON : RunOptions.Failures.PAUSE,
                    flushRows,
                    flushSeconds);
        }

        /** The master by whichever way it is named; two ways must name the same. */
        private String agreedMaster() {
            String configured = settings.get(MASTER);
            String submitted = System.getProperty(MASTER);
            if (configured != null && master != null && !configured.equals(master)) {
                throw new UsageException(
                        Text.of(
                                "--master is %s, but --conf %s is %s: expected one master, leave one of them out",
                                master, MASTER, configured));
            }
            if (configured != null && submitted != null && !configured.equals(submitted)) {
                throw new UsageException(
                        Text.of(
                                "--conf %s is %s, but spark-submit was given %s: expected one master, name it before -- only",
                                MASTER, configured, submitted));
            }
            String named = configured == null ? master : configured;
            return named == null ? DEFAULT_MASTER : named;
        }

        private String store(String out) {
            return store == null ? storeBeside(out) : absolute(store).toString();
        }
    }

    private SweepOptions() {}

    /**
     * The default store of an output folder: the same whether the folder is there or not, and
     * however its path is written.
     */
    static String storeBeside(String out) {
        Path whole = absolute(out);
        Path parent = whole.getParent() == null ? whole : whole.getParent();
        return new Path(parent, ".espalier/stages").toString();
    }

    /** A path as an executor in another folder finds it; a URI as it is. */
    private static Path absolute(String text) {
        Path path = new Path(text);
        if (path.toUri().getScheme() != null) {
            return path;
        }
        // As text: a URI made of a folder that exists ends in a slash, and so is another path.
        return new Path(
                "file", null, java.nio.file.Path.of(text).toAbsolutePath().normalize().toString());
    }
}
