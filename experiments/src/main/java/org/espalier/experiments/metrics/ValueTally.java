// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import java.util.List;
import java.util.Optional;
import org.espalier.results.CellRow;

/**
 * The tally of a regression. The loss of a sample is the mean over its K outputs
 *
 * <pre>  loss(y, target) = sum_k (y_k - target_k)^2 / K  </pre>
 *
 * in double; the mean loss is the mean squared error.
 */
public final class ValueTally implements Tally {
    private final int width;
    private final Outputs outputs;
    private long samples;
    private double lossSum;

    /**
     * @param width K, number of outputs
     */
    public ValueTally(int width) {
        this.width = width;
        outputs = new Outputs(width);
    }

    /**
     * Adds a batch.
     *
     * @param batch outputs, shape [count, K] or longer
     * @param targets of the same shape; finite
     * @param count samples of the batch, from the front of both
     */
    public void add(float[] batch, float[] targets, int count) {
        outputs.requireBatch(batch, count, targets.length, width);
        for (int s = 0; s < count; s++) {
            int at = s * width;
            if (outputs.finite(batch, at, samples)) {
                double squares = 0;
                for (int k = at; k < at + width; k++) {
                    double error = (double) batch[k] - targets[k];
                    squares += error * error;
                }
                lossSum += squares / width;
            } else {
                lossSum = Double.NaN;
            }
            samples++;
        }
    }

    @Override
    public long samples() {
        return samples;
    }

    @Override
    public double lossSum() {
        return lossSum;
    }

    @Override
    public Optional<String> divergence() {
        return outputs.divergence();
    }

    @Override
    public CellRow.Measures measures() {
        if (samples == 0) {
            throw new IllegalStateException("no sample was counted");
        }
        return new CellRow.Measures(
                samples, loss(), null, List.of(), List.of(), List.of(), null, List.of(), null,
                null);
    }
}
