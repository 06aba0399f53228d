// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Identity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;

/**
 * Writes a results folder as large as those of a cluster, for {@code scripts/benchmark --analysis}:
 * rows like one that was really computed, with other names, seeds and counts of right answers, and
 * without predictions of single samples.
 *
 * <p>Arguments: folder of a sweep that has run, with a completed row of a classification; folder to
 * write. Prints the number of rows: 4 data sets, 8 networks, 52 seeds, and for each a control and 6
 * methods at 10 ratios.
 */
public final class ManyRows {
    private static final int DATASETS = 4;
    private static final int NETWORKS = 8;
    private static final int SEEDS = 52;
    private static final String[] METHODS = {
        "magnitude", "gradient", "random", "undecayed", "activation", "elimination-compensation"
    };
    private static final double[] COMPRESSIONS = {2, 3, 4, 6, 8, 10, 16, 20, 32, 50};
    private static final int PART = 10_000;

    private final CellRow like;
    private final ResultsFolder folder;
    private final List<CellRow> part = new ArrayList<>();
    private int written;

    private ManyRows(CellRow like, ResultsFolder folder) {
        this.like = like;
        this.folder = folder;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException(
                    "expected the folder of a sweep and one to write, got " + args.length);
        }
        Configuration configuration = new Configuration();
        configuration.set("fs.defaultFS", "file:///");
        CellRow like =
                ResultsFolder.read(new Path(args[0]), configuration).stream()
                        .map(FiledRow::row)
                        .filter(row -> row.status() == CellRow.Status.COMPLETED)
                        .filter(row -> row.condition().ratioKind().equals("compression"))
                        .filter(row -> row.task().equals("classification"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no row of compressions"));
        try (ResultsFolder folder = ResultsFolder.open(new Path(args[1]), configuration)) {
            ManyRows rows = new ManyRows(like, folder);
            rows.write();
            System.out.println(rows.written);
        }
    }

    private void write() throws IOException {
        for (int d = 0; d < DATASETS; d++) {
            for (int a = 0; a < NETWORKS; a++) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    long trunk = (long) (d * NETWORKS + a) * SEEDS + seed;
                    add(d, a, "control", 1, seed, trunk);
                    for (String method : METHODS) {
                        for (double ratio : COMPRESSIONS) {
                            add(d, a, method, ratio, seed, trunk);
                        }
                    }
                }
            }
        }
        flush();
    }

    private void add(int dataset, int network, String method, double ratio, long seed, long trunk)
            throws IOException {
        RandomStream trained = new RandomStream(trunk);
        Measures dense = measures(trained, 1, like.dense().test());
        RandomStream pruned =
                new RandomStream(trunk * 1000 + method.hashCode() % 97 + (long) ratio);
        double loss = 1 + Math.log(ratio) / (3 + method.length() % 5);
        part.add(
                varied(
                        like,
                        "many-" + written++,
                        "mlp-" + (8 << network),
                        "made-" + dataset,
                        method,
                        ratio,
                        seed,
                        "trunk-" + trunk,
                        dense,
                        measures(pruned, 3 * loss, like.dense().test()),
                        measures(pruned, loss, like.dense().test())));
        if (part.size() == PART) {
            flush();
        }
    }

    /** A row like another, of another cell with other networks. */
    public static CellRow varied(
            CellRow like,
            String id,
            String architecture,
            String dataset,
            String method,
            double ratio,
            long seed,
            String trunk,
            Measures dense,
            Measures pruned,
            Measures fineTuned) {
        Condition c = like.condition();
        boolean control = method.equals("control");
        return new CellRow(
                like.schemaVersion(),
                id,
                "many",
                like.status(),
                like.attempt(),
                like.task(),
                new Condition(
                        architecture,
                        c.initialisation(),
                        c.dropout(),
                        dataset,
                        dataset,
                        c.normalisation(),
                        c.augmentation(),
                        c.subset(),
                        c.imbalance(),
                        c.noise(),
                        c.noiseKind(),
                        c.validation(),
                        c.dense(),
                        c.fineTune(),
                        c.schedule(),
                        c.scheduleSettings(),
                        c.scope(),
                        c.outputLayer(),
                        c.startFrom(),
                        c.optimizerState(),
                        method,
                        c.methodSettings(),
                        control ? "fine-tuned" : null,
                        control ? "control" : "compression",
                        ratio,
                        c.trainEvaluation(),
                        c.record(),
                        c.recipe(),
                        c.recipeSettings(),
                        c.text()),
                seed,
                like.seeds(),
                new Identity(
                        like.identity().engine(),
                        like.identity().numerics(),
                        like.identity().science(),
                        trunk,
                        like.identity().stages()),
                like.network(),
                like.sparsity(),
                of(like.dense(), dense),
                of(like.pruned(), pruned),
                of(like.fineTuned(), fineTuned),
                like.selections(),
                like.curve(),
                like.rounds(),
                like.events(),
                like.ticket(),
                like.structure(),
                like.flatness(),
                like.landscape(),
                like.notes(),
                like.timings(),
                like.provenance(),
                like.failure());
    }

    private void flush() throws IOException {
        folder.append(part);
        part.clear();
    }

    private static Evaluation of(Evaluation like, Measures test) {
        return new Evaluation(
                test,
                like.testClean(),
                like.train(),
                like.trainClean(),
                like.flipped(),
                null); // a hundred thousand of them would fill a disk
    }

    /** Each class has about {@code times} as many errors as it had. */
    private static Measures measures(RandomStream random, double times, Measures like) {
        List<Long> correct = new ArrayList<>();
        long sum = 0;
        for (int c = 0; c < like.classSupport().size(); c++) {
            long n = like.classSupport().get(c);
            double errors = Math.max(1, n - like.classCorrect().get(c)) * times;
            double drawn = errors * (1 + 0.1 * random.nextGaussian());
            long right = Math.max(1, Math.min(n, Math.round(n - drawn)));
            correct.add(right);
            sum += right;
        }
        return new Measures(
                like.samples(),
                like.loss() * times * (1 + 0.05 * random.nextGaussian()),
                (double) sum / like.samples(),
                like.classSupport(),
                correct,
                like.confusion(),
                like.brier(),
                like.calibration(),
                like.top5Accuracy(),
                null);
    }
}
