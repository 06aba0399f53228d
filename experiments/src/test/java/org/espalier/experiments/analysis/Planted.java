// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/** Cells of results with an effect that was put there. */
final class Planted {
    static final int CLASSES = 10;
    static final long SAMPLES = 1_000_000; // of a class: rounding to counts does not matter
    final List<CellResult> cells = new ArrayList<>();

    private static Key key(
            String architecture, String schedule, String method, String control, double ratio) {
        return new Key(
                "default",
                "schedule=" + schedule + " fine-tune=[epochs=1]",
                schedule,
                "vector-1",
                "1",
                architecture,
                "strokes",
                "strokes-1",
                0,
                "classification",
                method,
                "",
                control,
                control.isEmpty() ? "pruning-ratio" : "",
                ratio);
    }

    static TestedNetwork network(double... recalls) {
        long[] correct = Arrays.stream(recalls).mapToLong(r -> Math.round(r * SAMPLES)).toArray();
        long[] total = new long[recalls.length];
        Arrays.fill(total, SAMPLES);
        ClassRecalls counts = new ClassRecalls(correct, total);
        return new TestedNetwork(
                1 - counts.accuracy(),
                counts.accuracy(),
                counts,
                Arrays.stream(correct).filter(c -> c > 0).count() == 1,
                0.01,
                1 - counts.accuracy(),
                Math.min(1, counts.accuracy() + 0.01));
    }

    /** With counts of its own, and what it says of each sample. */
    static TestedNetwork network(long[] correct, long[] total, PredictedClasses predictions) {
        ClassRecalls counts = new ClassRecalls(correct, total);
        return new TestedNetwork(
                1 - counts.accuracy(),
                counts.accuracy(),
                counts,
                false,
                0.01,
                1 - counts.accuracy(),
                counts.accuracy(),
                predictions);
    }

    /** Recalls with accuracy a and balances slope * x. */
    static double[] recalls(double accuracy, double slope, double[] x) {
        return Arrays.stream(x).map(v -> accuracy * (1 + slope * v)).toArray();
    }

    /** Balances with mean 0. */
    static double[] balances(SplittableRandom random, double spread) {
        double[] x = new double[CLASSES];
        Arrays.setAll(x, c -> spread * (random.nextDouble() - 0.5));
        double mean = Arrays.stream(x).average().orElseThrow();
        Arrays.setAll(x, c -> x[c] - mean);
        return x;
    }

    CellResult add(
            String method,
            String control,
            double ratio,
            long seed,
            TestedNetwork dense,
            TestedNetwork end,
            double... instabilities) {
        return add("mlp-8", "one-shot", method, control, ratio, seed, dense, end, instabilities);
    }

    CellResult add(
            String architecture,
            String schedule,
            String method,
            String control,
            double ratio,
            long seed,
            TestedNetwork dense,
            TestedNetwork end,
            double... instabilities) {
        CellResult cell =
                new CellResult(
                        "folder",
                        "cell-" + cells.size(),
                        key(architecture, schedule, method, control, ratio),
                        seed,
                        "trunk-" + seed,
                        1000,
                        control.isEmpty() ? 1 : 0,
                        null,
                        null,
                        dense,
                        end,
                        end,
                        Arrays.stream(instabilities).boxed().toList(),
                        instabilities.length,
                        Double.NaN,
                        end.accuracy(),
                        1,
                        1);
        cells.add(cell);
        return cell;
    }

    void fail(String method, double ratio, long seed) {
        cells.add(
                new CellResult(
                        "folder",
                        "cell-" + cells.size(),
                        key("mlp-8", "one-shot", method, "", ratio),
                        seed,
                        "trunk-" + seed,
                        1000,
                        0,
                        "exception",
                        "it broke",
                        null,
                        null,
                        null,
                        List.of(),
                        0,
                        Double.NaN,
                        Double.NaN,
                        1,
                        1));
    }

    /** The same cells, each on a dense training of its own, as ramps and their controls have. */
    void onTrunksOfTheirOwn() {
        cells.replaceAll(
                c ->
                        new CellResult(
                                c.folder(),
                                c.cellId(),
                                c.condition(),
                                c.seed(),
                                "trunk of " + c.cellId(),
                                c.weights(),
                                c.level(),
                                c.failure(),
                                c.message(),
                                c.dense(),
                                c.pruned(),
                                c.fineTuned(),
                                c.instabilities(),
                                c.prunings(),
                                c.selected(),
                                c.bestOnTest(),
                                c.seconds(),
                                c.trunkSeconds()));
    }

    Population population() {
        return Population.of(cells);
    }

    Answer ask(Question question) {
        return ask(question, AnalysisOptions.DEFAULT);
    }

    Answer ask(Question question, AnalysisOptions options) {
        return Analysis.of(population(), options, java.util.EnumSet.of(question)).get(0);
    }

    /** Line of a table by values of columns. */
    static int line(Table table, Object... namesAndValues) {
        for (int i = 0; i < table.lines().size(); i++) {
            boolean all = true;
            for (int k = 0; k < namesAndValues.length; k += 2) {
                all &= namesAndValues[k + 1].equals(table.value(i, (String) namesAndValues[k]));
            }
            if (all) {
                return i;
            }
        }
        throw new AssertionError(
                "no line with " + Arrays.toString(namesAndValues) + " in " + table.lines());
    }

    static double number(Table table, int line, String column) {
        return (Double) table.value(line, column);
    }
}
