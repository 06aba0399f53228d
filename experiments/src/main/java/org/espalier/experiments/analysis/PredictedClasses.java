// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.Arrays;

/** Class that a network takes each test sample for, beside the class that the test set gives it. */
public final class PredictedClasses {
    private final byte[] predicted;
    private final byte[] labels;

    /**
     * @param predicted class of each sample, from 0, unsigned; kept, not copied
     * @param labels class that the test set gives, alike; kept, not copied
     * @throws IllegalArgumentException if they differ in length
     */
    public PredictedClasses(byte[] predicted, byte[] labels) {
        if (predicted.length != labels.length) {
            throw new IllegalArgumentException(
                    "predictions of " + predicted.length + " samples, labels of " + labels.length);
        }
        this.predicted = predicted;
        this.labels = labels;
    }

    int samples() {
        return predicted.length;
    }

    int predicted(int sample) {
        return Byte.toUnsignedInt(predicted[sample]);
    }

    int label(int sample) {
        return Byte.toUnsignedInt(labels[sample]);
    }

    boolean right(int sample) {
        return predicted[sample] == labels[sample];
    }

    /** Share of the samples that are taken for the class that the test set gives. */
    public double accuracy() {
        int right = 0;
        for (int s = 0; s < predicted.length; s++) {
            right += right(s) ? 1 : 0;
        }
        return (double) right / predicted.length;
    }

    /** Whether both are of the same samples in the same order. */
    boolean comparable(PredictedClasses other) {
        return labels == other.labels || Arrays.equals(labels, other.labels);
    }

    /** Share of the samples that both take for different classes. */
    double churn(PredictedClasses other) {
        int different = 0;
        for (int s = 0; s < predicted.length; s++) {
            different += predicted[s] == other.predicted[s] ? 0 : 1;
        }
        return (double) different / predicted.length;
    }
}
