// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.experiments.pruning.Sensitivity;

/** Running sums of one layer's {@link Sensitivity}, in double over batches. */
final class SensitivitySums {
    final double[] s0;

    /** Null where only squares are wanted. */
    final double[] s1;

    final double[] s2;
    private float[] squares = new float[0];

    SensitivitySums(int outputs, int weights) {
        this(new double[outputs], new double[weights], new double[weights]);
    }

    private SensitivitySums(double[] s0, double[] s1, double[] s2) {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
    }

    /** Only s0 and s2, added to what is in these. */
    static SensitivitySums ofSquares(double[] s0, double[] s2) {
        return new SensitivitySums(s0, null, s2);
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
