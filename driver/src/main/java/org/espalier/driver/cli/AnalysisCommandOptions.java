// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.UsageException;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.driver.spark.StoredCells;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Axis;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that analyse results are told. */
final class AnalysisCommandOptions {
    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description =
                    "Folders of sweeps, as given to run --out. A cell in several counts once.")
    private List<String> folders;

    @Option(
            names = "--by",
            paramLabel = "AXIS",
            split = ",",
            description =
                    "What lines of tables tell apart: architecture, dataset, noise, recipe, schedule,"
                            + " method, ratio (default: all). What is left out is averaged over.")
    private List<String> by = new ArrayList<>();

    @Option(
            names = "--level",
            paramLabel = "P",
            defaultValue = "0.99",
            description = "Level of intervals; tests are at 1 - P (default: ${DEFAULT-VALUE}).")
    private double level;

    @Option(
            names = "--alpha-margin",
            paramLabel = "D",
            defaultValue = "0.1",
            description = "Smallest difference of alpha that matters (default: ${DEFAULT-VALUE}).")
    private double alphaMargin;

    @Option(
            names = "--accuracy-margin",
            paramLabel = "D",
            defaultValue = "0.005",
            description =
                    "Smallest difference of accuracy that matters (default: ${DEFAULT-VALUE}).")
    private double accuracyMargin;

    @Option(
            names = "--loss-margin",
            paramLabel = "P",
            defaultValue = "0.05",
            description = "Smallest share of a loss that matters (default: ${DEFAULT-VALUE}).")
    private double lossMargin;

    @Option(
            names = "--random-seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of bootstraps and permutations (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "local[*]",
            description = "Spark master where spark-submit names none (default: ${DEFAULT-VALUE}).")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A Spark setting. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** The options of the analysis itself. */
    AnalysisOptions options() {
        Set<Axis> axes = by.isEmpty() ? EnumSet.allOf(Axis.class) : EnumSet.noneOf(Axis.class);
        for (String word : by) {
            axes.add(Words.of("--by", word, Axis.values(), Axis::word));
        }
        try {
            return new AnalysisOptions(axes, level, alphaMargin, accuracyMargin, lossMargin, seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    List<String> folders() {
        return List.copyOf(new LinkedHashSet<>(folders));
    }

    /** Spark, for as long as rows are read. */
    SparkCluster cluster() {
        return SparkCluster.start("espalier analyze", master, settings);
    }

    /**
     * Reads every folder.
     *
     * @param err where it is said what was left out
     */
    Population read(SparkCluster cluster, StoredCells.Detail detail, PrintWriter err)
            throws IOException {
        Configuration configuration = HadoopSettings.configuration(cluster.hadoopSettings());
        StoredCells stored = new StoredCells(cluster.sql(), configuration);
        List<CellResult> cells = new ArrayList<>();
        for (String folder : folders()) {
            Mistakes.folder("DIR", folder, configuration);
            List<CellResult> found = stored.read(folder, detail);
            if (found.isEmpty()) {
                throw new UsageException(
                        Text.of(
                                "%s holds no results: expected a folder given to `espalier run --out`, with results/*.parquet in it",
                                folder));
            }
            cells.addAll(found);
        }
        stored.remarks().forEach(r -> err.println("espalier: " + r));
        if (cells.stream().noneMatch(CellResult::completed)) {
            throw new UsageException(
                    Text.of(
                            "all %d cells failed, so there is nothing to analyse; `espalier show %s` lists the causes",
                            cells.size(), folders().get(0)));
        }
        return Population.of(cells);
    }

    /** What computed the rows: by text, how many cells. */
    Map<String, Long> provenance(SparkCluster cluster) throws IOException {
        Configuration configuration = HadoopSettings.configuration(cluster.hadoopSettings());
        StoredCells stored = new StoredCells(cluster.sql(), configuration);
        Map<String, Long> all = new TreeMap<>();
        for (String folder : folders()) {
            stored.provenance(folder).forEach((text, n) -> all.merge(text, n, Long::sum));
        }
        return all;
    }

    /** Words of a fixed list, with the nearest in the message. */
    static final class Words {
        private Words() {}

        static <E extends Enum<E>> E of(
                String option, String word, E[] known, Function<E, String> name) {
            List<String> names = Arrays.stream(known).map(name).toList();
            int at = names.indexOf(word.strip().toLowerCase(Locale.ROOT));
            if (at < 0) {
                throw new UsageException(option + ": " + NearMatch.unknown(word, names));
            }
            return known[at];
        }
    }
}
