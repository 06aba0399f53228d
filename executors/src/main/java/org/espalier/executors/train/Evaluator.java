// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.stream.IntStream;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.metrics.ClassTally;
import org.espalier.experiments.metrics.Tally;
import org.espalier.experiments.metrics.ValueTally;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Flipped;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Predictions;

/**
 * Measures a network on a set of samples: counts and summed losses of all of them, never a mean of
 * batch means. The result does not depend on the size of the batches.
 */
public final class Evaluator {
    /** Samples of one forward pass. */
    public static final int BATCH = 256;

    private final Network network;
    private final float[] outputs;
    private final int size;

    public Evaluator(Network network) {
        this.network = network;
        size = network.architecture().outputs();
        outputs = new float[BATCH * size];
    }

    /** Whether class and confidence of each sample are kept. */
    public enum Recording {
        ON,
        OFF
    }

    /** On all samples. */
    public Measures measure(Samples samples) {
        return measure(samples, rows(samples));
    }

    /**
     * On the samples of these rows; at least one.
     *
     * @throws DivergedException if an output is not finite
     */
    public Measures measure(Samples samples, int[] rows) {
        return tally(samples, rows, Recording.OFF).measures();
    }

    /**
     * On the test set, and where it has noise on the clean one.
     *
     * @throws DivergedException if an output is not finite
     */
    public Evaluation onTest(CellData data, Recording recording) {
        Tally tally = tally(data.test(), rows(data.test()), recording);
        return onTest(
                data,
                tally.measures(),
                recording == Recording.ON ? ((ClassTally) tally).predictions() : null);
    }

    private Evaluation onTest(CellData data, Measures test, Predictions predictions) {
        return new Evaluation(
                test,
                data.cleanTest().map(this::measure).orElse(null),
                null,
                null,
                null,
                predictions);
    }

    /**
     * On the samples that are trained on, with the targets that training sees and, where those have
     * noise, with clean ones.
     *
     * @throws DivergedException if an output is not finite
     */
    public Evaluation onTraining(CellData data) {
        if (data.cleanTrain().isPresent()
                && data.train().targets() instanceof Targets.Labels given) {
            return onFlipped(data, given, (Targets.Labels) data.cleanTrain().get().targets());
        }
        return new Evaluation(
                null,
                null,
                measure(data.train(), data.trainRows()),
                data.cleanTrain().map(clean -> measure(clean, data.trainRows())).orElse(null),
                null,
                null);
    }

    /** One pass for given and true labels, and what changed ones are taken for. */
    private Evaluation onFlipped(CellData data, Targets.Labels given, Targets.Labels clean) {
        ClassTally asGiven = new ClassTally(given.classes());
        ClassTally asTrue = new ClassTally(given.classes());
        long[] flipped = new long[3];
        int[] rows = data.trainRows();
        int[] labels = new int[BATCH];
        int[] truth = new int[BATCH];
        for (int at = 0; at < rows.length; at += BATCH) {
            int count = Math.min(BATCH, rows.length - at);
            network.outputs(data.train(), rows, at, count, outputs);
            for (int n = 0; n < count; n++) {
                labels[n] = given.labels()[rows[at + n]];
                truth[n] = clean.labels()[rows[at + n]];
            }
            asGiven.add(outputs, labels, count);
            asTrue.add(outputs, truth, count);
            for (int n = 0; n < count; n++) {
                if (labels[n] != truth[n]) {
                    flipped[0]++;
                    flipped[1] += asGiven.predicted(n) == labels[n] ? 1 : 0;
                    flipped[2] += asGiven.predicted(n) == truth[n] ? 1 : 0;
                }
            }
        }
        requireFinite(asGiven);
        return new Evaluation(
                null,
                null,
                asGiven.measures(),
                asTrue.measures(),
                new Flipped(flipped[0], flipped[1], flipped[2]),
                null);
    }

    private Tally tally(Samples samples, int[] rows, Recording recording) {
        Tally tally =
                samples.targets() instanceof Targets.Labels labels
                        ? classes(samples, labels, rows, recording)
                        : values(samples, (Targets.Values) samples.targets(), rows);
        requireFinite(tally);
        return tally;
    }

    private static void requireFinite(Tally tally) {
        tally.divergence()
                .ifPresent(
                        where -> {
                            throw new DivergedException(
                                    "the network's outputs are no longer finite: " + where);
                        });
    }

    private static int[] rows(Samples samples) {
        return IntStream.range(0, samples.count()).toArray();
    }

    private Tally classes(
            Samples samples, Targets.Labels targets, int[] rows, Recording recording) {
        ClassTally tally =
                recording == Recording.ON
                        ? ClassTally.recording(targets.classes(), rows.length)
                        : new ClassTally(targets.classes());
        int[] labels = new int[BATCH];
        for (int at = 0; at < rows.length; at += BATCH) {
            int count = Math.min(BATCH, rows.length - at);
            network.outputs(samples, rows, at, count, outputs);
            for (int n = 0; n < count; n++) {
                labels[n] = targets.labels()[rows[at + n]];
            }
            tally.add(outputs, labels, count);
        }
        return tally;
    }

    private Tally values(Samples samples, Targets.Values targets, int[] rows) {
        ValueTally tally = new ValueTally(size);
        float[] wanted = new float[BATCH * size];
        for (int at = 0; at < rows.length; at += BATCH) {
            int count = Math.min(BATCH, rows.length - at);
            network.outputs(samples, rows, at, count, outputs);
            for (int n = 0; n < count; n++) {
                System.arraycopy(targets.values(), rows[at + n] * size, wanted, n * size, size);
            }
            tally.add(outputs, wanted, count);
        }
        return tally;
    }
}
