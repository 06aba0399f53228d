// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;

/**
 * The tally of a classification: a confusion matrix and the softmax cross-entropy
 *
 * <pre>  loss(y, label) = log sum_k exp(y_k) - y_label  </pre>
 *
 * in double, with the largest output taken out of the exponentials, so that outputs of any size
 * neither overflow nor lose the loss. A sample is predicted as the class of its largest output, of
 * equal ones the lowest. Exponentials are {@link StrictMath}'s, the same on every machine.
 */
public final class ClassTally implements Tally {
    /** Above this number of classes the row has counts per class but no confusion matrix. */
    static final int LARGEST_CONFUSION = 100;

    private final int classes;
    private final Outputs outputs;
    private final long[][] confusion;
    private long samples;
    private double lossSum;

    /**
     * @param classes number of classes, and of outputs
     */
    public ClassTally(int classes) {
        this.classes = classes;
        outputs = new Outputs(classes);
        confusion = new long[classes][classes];
    }

    /**
     * Adds a batch.
     *
     * @param batch outputs before the softmax, shape [count, classes] or longer
     * @param labels shape [count] or longer, each in [0, classes)
     * @param count samples of the batch, from the front of both
     */
    public void add(float[] batch, int[] labels, int count) {
        outputs.requireBatch(batch, count, labels.length, 1);
        for (int s = 0; s < count; s++) {
            int label = labels[s];
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        Text.of(
                                "label of sample %d must be in [0, %d), got %d",
                                samples, classes, label));
            }
            int at = s * classes;
            if (outputs.finite(batch, at, samples)) {
                int predicted = largest(batch, at);
                confusion[label][predicted]++;
                lossSum += crossEntropy(batch, at, batch[at + predicted], batch[at + label]);
            } else {
                lossSum = Double.NaN;
            }
            samples++;
        }
    }

    private int largest(float[] batch, int at) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (batch[at + k] > batch[at + best]) {
                best = k;
            }
        }
        return best;
    }

    private double crossEntropy(float[] batch, int at, double largest, double ofLabel) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += StrictMath.exp(batch[at + k] - largest);
        }
        return StrictMath.log(sum) + (largest - ofLabel);
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

    /** Samples of label {@code actual} that were predicted as {@code predicted}. */
    public long count(int actual, int predicted) {
        return confusion[actual][predicted];
    }

    /** Samples predicted as what they are. */
    public long correct() {
        long correct = 0;
        for (int c = 0; c < classes; c++) {
            correct += confusion[c][c];
        }
        return correct;
    }

    /** Correct samples over all samples, in [0, 1]; NaN of no samples. */
    public double accuracy() {
        return (double) correct() / samples;
    }

    @Override
    public CellRow.Measures measures() {
        if (samples == 0) {
            throw new IllegalStateException("no sample was counted");
        }
        List<Long> support = new ArrayList<>();
        List<Long> correct = new ArrayList<>();
        List<List<Long>> matrix = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            support.add(Arrays.stream(confusion[c]).sum());
            correct.add(confusion[c][c]);
            if (classes <= LARGEST_CONFUSION) {
                matrix.add(Arrays.stream(confusion[c]).boxed().toList());
            }
        }
        return new CellRow.Measures(samples, loss(), accuracy(), support, correct, matrix);
    }
}
