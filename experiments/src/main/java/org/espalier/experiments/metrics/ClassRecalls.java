// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import java.util.Arrays;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;

/**
 * How often a model recognises each class of a data set.
 *
 * @param correct samples of class c that were predicted as c, shape [classes]
 * @param total samples of class c, shape [classes]; a class may have none, the data set may not
 */
public record ClassRecalls(long[] correct, long[] total) {
    public ClassRecalls {
        if (correct.length != total.length) {
            throw new IllegalArgumentException(
                    Text.of("correct has %d classes, total has %d", correct.length, total.length));
        }
        correct = correct.clone(); // a record does not protect its arrays
        total = total.clone();
        for (int c = 0; c < total.length; c++) {
            if (correct[c] < 0 || correct[c] > total[c]) {
                throw new IllegalArgumentException(
                        Text.of("class %d: %d correct of %d samples", c, correct[c], total[c]));
            }
        }
        if (Arrays.stream(total).sum() == 0) {
            throw new IllegalArgumentException("no class has a sample");
        }
    }

    /**
     * The counts of a row.
     *
     * @throws IllegalArgumentException if it is a regression's
     */
    public static ClassRecalls of(CellRow.Measures measures) {
        return new ClassRecalls(
                measures.classCorrect().stream().mapToLong(Long::longValue).toArray(),
                measures.classSupport().stream().mapToLong(Long::longValue).toArray());
    }

    /** Number of classes, with samples or without. */
    public int classes() {
        return total.length;
    }

    /** Recall of a class, in [0, 1]; NaN where it has no sample. */
    public double recall(int c) {
        return (double) correct[c] / total[c];
    }

    /** Correct samples over all samples, in [0, 1]. */
    public double accuracy() {
        return (double) Arrays.stream(correct).sum() / Arrays.stream(total).sum();
    }

    /**
     * Normalised recall balance of each class, {@code (R_c - A) / A}: 0 where the class is
     * recognised as often as all are, above where more often; NaN where it has no sample. Good et
     * al. 2022, arXiv:2206.02976.
     *
     * @throws IllegalArgumentException if the accuracy is 0, by which it divides
     */
    public double[] normalisedBalance() {
        double accuracy = accuracy();
        if (accuracy == 0) {
            throw new IllegalArgumentException(
                    "accuracy is 0, so the recall balance cannot be normalised");
        }
        double[] balance = new double[classes()];
        for (int c = 0; c < balance.length; c++) {
            balance[c] = (recall(c) - accuracy) / accuracy;
        }
        return balance;
    }

    @Override
    public long[] correct() {
        return correct.clone();
    }

    @Override
    public long[] total() {
        return total.clone();
    }
}
