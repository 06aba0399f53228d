// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.espalier.driver.UsageException;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.PredictedClasses;
import org.espalier.experiments.analysis.TestedNetwork;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.experiments.statistics.ConditionSummary.Key;
import org.espalier.results.CellRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;
import scala.collection.JavaConverters;

/**
 * Reads what analyses need of result folders: only the columns that they look at leave the files,
 * and what can be computed of a row is computed there.
 */
public final class StoredCells {
    private static final int ATTEMPTS = 3;
    private static final String INTERVENTIONS =
            "filter(events, e -> e.kind in ('prune', 'zero', 'gauss'))";
    private static final String[] COLUMNS = {
        "cell_id",
        "status",
        "task",
        "seed",
        "identity.numerics as numerics",
        "identity.science as science",
        "identity.trunk as trunk",
        "condition.recipe as recipe",
        "condition.recipe_settings as recipe_settings",
        "condition.schedule as schedule",
        "condition.architecture as architecture",
        "condition.dataset as dataset",
        "condition.dataset_fingerprint as fingerprint",
        "condition.noise as noise",
        "condition.method as method",
        "condition.method_settings as method_settings",
        "condition.control as control",
        "condition.ratio_kind as ratio_kind",
        "condition.ratio as ratio",
        "network.prunable_weights as weights",
        "ticket.level as level",
        "failure.reason as reason",
        "failure.message as message",
        "transform(filter("
                + INTERVENTIONS
                + ", e -> e.instability is not null), e -> e.instability) as instabilities",
        "size(" + INTERVENTIONS + ") as prunings",
        // the last phase of training, by the network that validation selects there
        "element_at(filter(selections, s -> s.rule = 'validation-accuracy'), -1).test.accuracy as selected",
        "greatest(fine_tuned.test.accuracy, element_at("
                + INTERVENTIONS
                + ", -1).after.accuracy, array_max(transform(filter(curve, c -> c.round = size("
                + INTERVENTIONS
                + ")), c -> c.test_accuracy))) as best_on_test",
        "timings.wall_seconds as seconds",
        "timings.trunk_seconds as trunk_seconds"
    };

    /** Share of the heap that predictions may take; twice as much is there while they are read. */
    private static final long SHARE_OF_HEAP = 4;

    private final SparkSession spark;
    private final Configuration configuration;
    private final long mostPredictions;
    private final Map<Key, Key> keys = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<ByteBuffer, byte[]> samples = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();

    /**
     * @param configuration of Hadoop, for folders that are not local
     */
    public StoredCells(SparkSession spark, Configuration configuration) {
        this(spark, configuration, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /**
     * @param mostPredictions bytes of predictions that are read of a folder: one for each sample
     */
    public StoredCells(SparkSession spark, Configuration configuration, long mostPredictions) {
        this.spark = spark;
        this.configuration = configuration;
        this.mostPredictions = mostPredictions;
    }

    /** Small whole numbers, a byte each. */
    private static String bytes(String list) {
        return "if(LIST is null, null, unhex(concat_ws('', transform(LIST, c -> lpad(hex(c), 2, '0')))))"
                .replace("LIST", list);
    }

    /** What is told of a network at one moment; its fields are those of {@link #tested}. */
    private static String network(String moment, Detail detail) {
        String error =
                "aggregate(m.test.calibration, 0D, (sum, b) -> sum + abs(b.confidence - b.correct)) / m.test.samples"
                        .replace("m.", moment + ".");
        String fields =
                "'loss', m.test.loss, 'accuracy', m.test.accuracy, 'correct', m.test.class_correct, 'support', m.test.class_support, 'constant', m.test.constant_class is not null, 'error', "
                        + "ERROR, 'clean', coalesce(m.test_clean.loss, m.test.loss), 'train', m.train.accuracy";
        if (detail == Detail.PREDICTIONS) {
            fields +=
                    ", 'predicted', "
                            + bytes("m.predictions.classes")
                            + ", 'labels', "
                            + bytes(
                                    "if(size(m.predictions.labels) > 0, m.predictions.labels, dense.predictions.labels)");
        }
        return ("if(m.test is null, null, named_struct(" + fields + ")) as ")
                        .replace("m.", moment + ".")
                        .replace("ERROR", error)
                + moment;
    }

    /** How much of each row is read. */
    public enum Detail {
        /** Counts and means. */
        SUMMARIES,
        /** What dense and final networks say of each test sample, too, where it was recorded. */
        PREDICTIONS
    }

    /**
     * All cells of a folder.
     *
     * @param folder of a sweep, as given to {@code run --out}
     * @throws org.espalier.results.ResultsException if a file is of another schema version, or none
     *     of ours
     */
    public List<CellResult> read(String folder, Detail detail) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ResultsFolder.Files files = ResultsFolder.files(new Path(folder), configuration);
            try {
                Set<String> replaced = new HashSet<>();
                List<CellResult> cells = new ArrayList<>();
                read(folder, files.retried(), detail, Set.of(), cells);
                cells.forEach(c -> replaced.add(c.cellId()));
                read(folder, files.rows(), detail, replaced, cells);
                return cells;
            } catch (Exception e) { // Scala declares no checked exceptions
                if (!mergedMeanwhile(e) || attempt == ATTEMPTS) {
                    throw unreadable(folder, e);
                }
            }
        }
    }

    private static boolean mergedMeanwhile(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof FileNotFoundException
                    || String.valueOf(t.getMessage()).contains("FileNotFoundException")) {
                return true;
            }
        }
        return false;
    }

    private static IOException unreadable(String folder, Exception e) {
        if (e instanceof SparkException || e.getCause() instanceof SparkException) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new UsageException(
                    Text.of("%s cannot be read: %s", folder, Text.firstLine(root)), e);
        }
        if (e instanceof RuntimeException fault) {
            throw fault;
        }
        return e instanceof IOException io ? io : new IOException(e);
    }

    /**
     * What computed the rows of a folder: Espalier with its commit, JVM, system and back end, by
     * text, and how many cells. Rows that were tried again count with both attempts.
     */
    public Map<String, Long> provenance(String folder) throws IOException {
        ResultsFolder.Files files = ResultsFolder.files(new Path(folder), configuration);
        List<Path> all = new ArrayList<>(files.rows());
        all.addAll(files.retried());
        Map<String, Long> found = new TreeMap<>();
        if (all.isEmpty()) {
            return found;
        }
        rows(all)
                .selectExpr(
                        "concat_ws(', ', concat('Espalier ', provenance.espalier_version), concat('commit ', provenance.commit), if(provenance.dirty, 'with changes', null), provenance.jvm, provenance.os, provenance.backend, concat('Spark ', provenance.spark_version)) as made")
                .groupBy("made")
                .count()
                .collectAsList()
                .forEach(row -> found.put(row.getString(0), row.getLong(1)));
        return found;
    }

    private Dataset<Row> rows(List<Path> files) {
        return spark.read()
                .option("mergeSchema", "true") // some files may lack optional columns
                .option("__globPaths__", "false") // a name may hold * or [
                .option("recursiveFileLookup", "true") // and KEY=VALUE, which is no column
                .parquet(files.stream().map(Path::toString).toArray(String[]::new));
    }

    private void read(
            String folder,
            List<Path> files,
            Detail detail,
            Set<String> replaced,
            List<CellResult> cells) {
        if (files.isEmpty()) {
            return;
        }
        Dataset<Row> all = rows(files);
        // rows from before labels stood beside predictions cannot be taken sample by sample
        boolean labelled = all.schema().catalogString().contains("labels:array<int>");
        Detail read = labelled ? detail : Detail.SUMMARIES;
        if (read == Detail.PREDICTIONS && !fits(folder, all)) {
            read = Detail.SUMMARIES;
        }
        Iterator<Row> rows = all.selectExpr(columns(read)).toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            if (!replaced.contains(text(row, "cell_id"))) {
                cells.add(cell(folder, row));
            }
        }
    }

    private boolean fits(String folder, Dataset<Row> all) {
        Row found =
                all.selectExpr(
                                "count_if(fine_tuned.predictions is not null)",
                                "sum(if(fine_tuned.predictions is null, 0, fine_tuned.test.samples))")
                        .first();
        long bytes = found.isNullAt(1) ? 0 : found.getLong(1);
        if (bytes <= mostPredictions) {
            return true;
        }
        remarks.add(
                Text.of(
                        "%s has predictions of single samples in %,d cells, %,d MiB; they are left out, since at most %,d MiB are read with this heap (ESPALIER_JAVA_OPTS=-Xmx%dg holds them)",
                        folder,
                        found.getLong(0),
                        bytes >> 20,
                        mostPredictions >> 20,
                        1 + (SHARE_OF_HEAP * bytes >> 30)));
        return false;
    }

    /** What a user should know of what was read, a sentence each. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    private CellResult cell(String folder, Row row) {
        Key key =
                new Key(
                        text(row, "recipe"),
                        text(row, "recipe_settings"),
                        text(row, "schedule"),
                        text(row, "numerics"),
                        text(row, "science"),
                        text(row, "architecture"),
                        text(row, "dataset"),
                        text(row, "fingerprint"),
                        number(row, "noise"),
                        text(row, "task"),
                        text(row, "method"),
                        text(row, "method_settings"),
                        text(row, "control"),
                        text(row, "ratio_kind"),
                        number(row, "ratio"));
        boolean completed = text(row, "status").equals(CellRow.Status.COMPLETED.name());
        return new CellResult(
                folder,
                row.getAs("cell_id"),
                keys.computeIfAbsent(key, k -> k),
                row.<Long>getAs("seed"),
                text(row, "trunk"),
                row.<Long>getAs("weights"),
                row.isNullAt(row.fieldIndex("level")) ? 0 : row.<Integer>getAs("level"),
                completed ? null : text(row, "reason"),
                completed ? null : text(row, "message"),
                tested(row.getAs("dense")),
                tested(row.getAs("pruned")),
                tested(row.getAs("fine_tuned")),
                list(row, "instabilities").stream().map(v -> (Double) v).toList(),
                row.<Integer>getAs("prunings"),
                number(row, "selected"),
                number(row, "best_on_test"),
                number(row, "seconds"),
                number(row, "trunk_seconds"));
    }

    private static String[] columns(Detail detail) {
        List<String> columns = new ArrayList<>(List.of(COLUMNS));
        columns.add(network("dense", detail));
        columns.add(network("pruned", Detail.SUMMARIES));
        columns.add(network("fine_tuned", detail));
        return columns.toArray(String[]::new);
    }

    private TestedNetwork tested(Row network) {
        if (network == null) {
            return null;
        }
        boolean classes = !network.isNullAt(network.fieldIndex("accuracy"));
        return new TestedNetwork(
                number(network, "loss"),
                number(network, "accuracy"),
                classes
                        ? new ClassRecalls(counts(network, "correct"), counts(network, "support"))
                        : null,
                network.<Boolean>getAs("constant"),
                classes ? number(network, "error") : Double.NaN,
                number(network, "clean"),
                number(network, "train"),
                predictions(network));
    }

    private PredictedClasses predictions(Row network) {
        if (List.of(network.schema().fieldNames()).contains("predicted")) {
            byte[] predicted = network.getAs("predicted");
            byte[] labels = network.getAs("labels");
            if (predicted != null && labels != null && labels.length == predicted.length) {
                return new PredictedClasses(once(predicted), once(labels));
            }
        }
        return null;
    }

    /** One array for equal ones: labels of a data set, what a dense network says. */
    private byte[] once(byte[] bytes) {
        return samples.computeIfAbsent(ByteBuffer.wrap(bytes), b -> bytes);
    }

    /** The text, one object for equal ones; empty for null. */
    private String text(Row row, String column) {
        String value = row.getAs(column);
        return value == null ? "" : texts.computeIfAbsent(value, v -> v);
    }

    private static double number(Row row, String column) {
        int at = row.fieldIndex(column);
        return row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    }

    private static long[] counts(Row row, String column) {
        return list(row, column).stream().mapToLong(v -> (Long) v).toArray();
    }

    private static List<Object> list(Row row, String column) {
        scala.collection.Seq<Object> values = row.getAs(column);
        return values == null ? List.of() : JavaConverters.seqAsJavaList(values);
    }
}
