// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.stream.IntStream;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.metrics.ClassTally;
import org.espalier.experiments.metrics.Tally;
import org.espalier.experiments.metrics.ValueTally;
import org.espalier.results.CellRow.Measures;

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

    /** On all samples. */
    public Measures measure(Samples samples) {
        return measure(samples, IntStream.range(0, samples.count()).toArray());
    }

    /**
     * On the samples of these rows; at least one.
     *
     * @throws DivergedException if an output is not finite
     */
    public Measures measure(Samples samples, int[] rows) {
        Tally tally =
                samples.targets() instanceof Targets.Labels labels
                        ? classes(samples, labels, rows)
                        : values(samples, (Targets.Values) samples.targets(), rows);
        tally.divergence()
                .ifPresent(
                        where -> {
                            throw new DivergedException(
                                    "the network's outputs are no longer finite: " + where);
                        });
        return tally.measures();
    }

    private Tally classes(Samples samples, Targets.Labels targets, int[] rows) {
        ClassTally tally = new ClassTally(targets.classes());
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
