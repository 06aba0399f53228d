// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.engine.Network;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Evaluator;
import org.espalier.executors.train.Evaluator.Recording;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;

/**
 * What {@code record: predictions} costs a cell: three evaluations of LeNet-300-100 on 10,000
 * samples and the writing of a row, with predictions and without, in turns in one JVM. Writes a
 * line of Markdown a part, and the share of the cells whose rows are given.
 *
 * <p>Arguments: number of rounds; folder of a sweep that has run, whose rows are those written and
 * whose cells' time is what the cost is a share of.
 */
public final class EvaluationBenchmark {
    private static final int SAMPLES = 10_000;
    private static final int MOMENTS = 3;
    private static final int WARM = 15;

    private EvaluationBenchmark() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException(
                    "expected rounds, folder of a sweep; got " + args.length);
        }
        Configuration configuration = new Configuration();
        configuration.set("fs.defaultFS", "file:///");
        List<CellRow> rows =
                ResultsFolder.read(new Path(args[1]), configuration).stream()
                        .map(FiledRow::row)
                        .toList();
        double[] cells = rows.stream().mapToDouble(row -> row.timings().wallSeconds()).toArray();
        int rounds = Integer.parseInt(args[0]);
        CellData data = data();
        Evaluator evaluator = new Evaluator(network());
        double[][] evaluate = new double[2][rounds];
        double[][] write = new double[2][rounds];
        Path folder = new Path(Files.createTempDirectory("espalier-evaluation").toUri().toString());
        try (ResultsFolder plain = ResultsFolder.open(new Path(folder, "plain"), configuration);
                ResultsFolder recorded =
                        ResultsFolder.open(new Path(folder, "recorded"), configuration)) {
            for (int turn = -WARM; turn < rounds; turn++) {
                List<Evaluation> kept = new ArrayList<>();
                for (Recording recording : Recording.values()) {
                    int which = recording == Recording.ON ? 1 : 0;
                    long start = System.nanoTime();
                    List<Evaluation> found = new ArrayList<>();
                    for (int moment = 0; moment < MOMENTS; moment++) {
                        found.add(evaluator.onTest(data, recording));
                    }
                    put(evaluate[which], turn, start);
                    kept = which == 1 ? found : kept;
                }
                CellRow row = rows.get(Math.floorMod(turn, rows.size()));
                for (int which = 0; which < 2; which++) {
                    CellRow written = with(row, "cell-" + turn, which == 1 ? kept : null);
                    long start = System.nanoTime();
                    (which == 1 ? recorded : plain).append(List.of(written));
                    put(write[which], turn, start);
                }
            }
        }
        double cell = median(cells);
        double more = 0;
        System.out.println("| part | without, ms | with predictions, ms |\n|---|---|---|");
        for (int part = 0; part < 2; part++) {
            double[][] times = part == 0 ? evaluate : write;
            double without = median(times[0]);
            double with = median(times[1]);
            more += with - without;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f |%n",
                    part == 0 ? "three evaluations" : "a row written and synced",
                    without,
                    with);
        }
        System.out.printf(
                Locale.ROOT,
                "%n%.2f ms more, %.2f %% of the median cell, %.3f s; %d rounds.%n",
                more,
                more / cell / 10,
                cell,
                rounds);
    }

    private static void put(double[] times, int turn, long start) {
        if (turn >= 0) {
            times[turn] = (System.nanoTime() - start) / 1e6;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static CellData data() {
        Samples test = BenchmarkData.make(new Shape(1, 28, 28), SAMPLES, 1);
        int[] none = {};
        return new CellData(test, Optional.empty(), test, Optional.empty(), none, none);
    }

    private static Network network() {
        Architecture architecture =
                Architectures.create(
                        "lenet-300-100",
                        new Shape(1, 28, 28),
                        BenchmarkData.CLASSES,
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        Network network = Engines.named("vector").compile(architecture, 64);
        List<Tensor> tensors = new ArrayList<>();
        StepBenchmark.weights(architecture, tensors::add);
        network.load(tensors);
        return network;
    }

    private static CellRow with(CellRow row, String id, List<Evaluation> found) {
        return new CellRow(
                row.schemaVersion(),
                id,
                row.sweep(),
                row.status(),
                row.attempt(),
                row.task(),
                row.condition(),
                row.seed(),
                row.seeds(),
                row.identity(),
                row.network(),
                row.sparsity(),
                with(row.dense(), found, 0),
                with(row.pruned(), found, 1),
                with(row.fineTuned(), found, 2),
                row.selections(),
                row.curve(),
                row.rounds(),
                row.events(),
                row.ticket(),
                row.structure(),
                row.flatness(),
                row.landscape(),
                row.notes(),
                row.timings(),
                row.provenance(),
                row.failure());
    }

    private static Evaluation with(Evaluation evaluation, List<Evaluation> found, int moment) {
        return new Evaluation(
                evaluation.test(),
                evaluation.testClean(),
                evaluation.train(),
                evaluation.trainClean(),
                evaluation.flipped(),
                found == null ? null : found.get(moment).predictions());
    }
}
