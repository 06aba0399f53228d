// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;

/**
 * Moves the running statistics of normalisation layers. DL4J gives them "gradients" d such that
 * {@code running - d} is the new value, with the biased variance of the batch:
 *
 * <pre>  d = (1 - decay) (running - batch) </pre>
 *
 * From d follows the batch's biased variance; here the unbiased one enters, m / (m - 1) of it for m
 * values of a channel. Where m is 1 there is no unbiased estimate and the running variance stays.
 */
final class RunningStatistics {
    private final Traversal traversal;
    private final int[] nodes;

    RunningStatistics(Traversal traversal) {
        this.traversal = traversal;
        nodes = traversal.nodes(Layer.BatchNorm.class);
    }

    /** After a backward pass of {@code count} samples in training mode. */
    void update(int count) {
        for (int node : nodes) {
            NativeLayer layer = traversal.layer(node);
            NativeLayer.Variable mean = layer.variable(Parameter.Role.RUNNING_MEAN);
            NativeLayer.Variable variance = layer.variable(Parameter.Role.RUNNING_VARIANCE);
            mean.pullGradient();
            variance.pullGradient();
            Shape shape = traversal.shape(node);
            double values = (double) count * shape.height() * shape.width();
            for (int c = 0; c < shape.channels(); c++) {
                mean.values()[c] -= mean.gradient()[c];
                double step = variance.gradient()[c];
                double old = variance.values()[c];
                double biased = old - step / (1 - Layer.BatchNorm.DECAY);
                double correction = (1 - Layer.BatchNorm.DECAY) * biased / (values - 1);
                variance.values()[c] = (float) (values > 1 ? old - step + correction : old);
            }
            mean.push();
            variance.push();
        }
    }
}
