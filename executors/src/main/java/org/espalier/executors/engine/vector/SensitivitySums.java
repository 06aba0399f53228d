// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.experiments.pruning.Sensitivity;

/** Running sums of one layer's {@link Sensitivity}, in double over batches. */
final class SensitivitySums {
    final double[] s0;
    final double[] s1;
    final double[] s2;
    private float[] squares = new float[0];

    SensitivitySums(int outputs, int weights) {
        s0 = new double[outputs];
        s1 = new double[weights];
        s2 = new double[weights];
    }

    /** Zeros at first, then what was left in it. */
    float[] squares(int size) {
        if (squares.length < size) {
            squares = new float[size];
        }
        return squares;
    }

    Sensitivity mean(String layer, int samples) {
        return new Sensitivity(
                layer, divided(s0, samples), divided(s1, samples), divided(s2, samples));
    }

    private static double[] divided(double[] sums, int samples) {
        double[] means = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            means[i] = sums[i] / samples;
        }
        return means;
    }
}
