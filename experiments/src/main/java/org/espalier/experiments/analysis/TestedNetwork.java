// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import org.espalier.experiments.metrics.ClassRecalls;

/**
 * What a row says of a network on the test set.
 *
 * @param loss mean of a sample
 * @param accuracy in [0, 1]; NaN for a regression
 * @param recalls null for a regression
 * @param constant whether it takes every sample for one class
 * @param calibrationError expected calibration error, sum over bins of n_b / n |confidence_b -
 *     accuracy_b| (Guo et al. 2017, arXiv:1706.04599); NaN for a regression
 * @param cleanLoss loss against targets without noise; that against the noisy ones where there is
 *     no noise
 * @param trainAccuracy on the training samples; NaN where it was not measured
 * @param predictions of single test samples; null where they were not recorded, or not asked for
 */
public record TestedNetwork(
        double loss,
        double accuracy,
        ClassRecalls recalls,
        boolean constant,
        double calibrationError,
        double cleanLoss,
        double trainAccuracy,
        PredictedClasses predictions) {

    /** Without predictions. */
    public TestedNetwork(
            double loss,
            double accuracy,
            ClassRecalls recalls,
            boolean constant,
            double calibrationError,
            double cleanLoss,
            double trainAccuracy) {
        this(loss, accuracy, recalls, constant, calibrationError, cleanLoss, trainAccuracy, null);
    }

    /** Whether normalised balances mean something: there is accuracy, and more than one answer. */
    boolean hasBalances() {
        return recalls != null && accuracy > 0 && !constant;
    }

    /** Accuracy, or loss of a regression. */
    double metric() {
        return Double.isNaN(accuracy) ? loss : accuracy;
    }
}
