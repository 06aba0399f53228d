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
 * equal ones the lowest; its confidence is the probability p of that class. Exponentials are {@link
 * StrictMath}'s, the same on every machine. Beside the confusion matrix:
 *
 * <pre>
 *   Brier score   mean over samples of sum_k (p_k - [k = label])^2, in [0, 2] (Brier 1950)
 *   calibration   samples, summed confidence and correct samples of bin b, confidence in
 *                 ((b - 1) / 15, b / 15] (Guo et al. 2017, On Calibration of Modern Neural Networks,
 *                 arXiv:1706.04599, whose expected calibration error is
 *                 sum_b |confidence_b - correct_b| / samples)
 *   top 5         share of samples with fewer than five outputs ahead of their label's, of equal
 *                 outputs the lower class ahead; from 100 classes on
 * </pre>
 */
public final class ClassTally implements Tally {
    /** Above this number of classes the row has counts per class but no confusion matrix. */
    static final int LARGEST_CONFUSION = 100;

    /** From this number of classes on accuracy among the five highest outputs is counted too. */
    static final int SMALLEST_TOP_5 = 100;

    /** Above this number of classes a prediction does not fit a byte. */
    public static final int MOST_RECORDED_CLASSES = 256;

    private static final int BINS = 15;
    private static final int TOP = 5;
    private static final int STEPS = 255;

    private final int classes;
    private final Outputs outputs;
    private final long[][] confusion;
    private final double[] exponentials;
    private final long[] binCounts = new long[BINS];
    private final double[] binConfidences = new double[BINS];
    private final long[] binCorrect = new long[BINS];
    private final byte[] predictions;
    private final byte[] confidences;
    private final byte[] given;
    private int[] predicted = new int[0];
    private int samples;
    private double lossSum;
    private double brierSum;
    private long amongTop;

    /**
     * @param classes number of classes, and of outputs
     */
    public ClassTally(int classes) {
        this(classes, 0);
    }

    private ClassTally(int classes, int recorded) {
        this.classes = classes;
        outputs = new Outputs(classes);
        confusion = new long[classes][classes];
        exponentials = new double[classes];
        predictions = new byte[recorded];
        confidences = new byte[recorded];
        given = new byte[recorded];
    }

    /**
     * A tally that also remembers label, class and confidence of each sample.
     *
     * @param samples that will be added
     * @throws IllegalArgumentException if there are more than {@value #MOST_RECORDED_CLASSES}
     *     classes
     */
    public static ClassTally recording(int classes, int samples) {
        if (classes > MOST_RECORDED_CLASSES) {
            throw new IllegalArgumentException(
                    Text.of(
                            "predictions of at most %d classes can be recorded, got %d",
                            MOST_RECORDED_CLASSES, classes));
        }
        return new ClassTally(classes, samples);
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
        if (predicted.length < count) {
            predicted = new int[count];
        }
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
                predicted[s] = largest(batch, at);
                add(batch, at, predicted[s], label);
            } else {
                predicted[s] = -1;
                lossSum = Double.NaN;
                brierSum = Double.NaN;
            }
            samples++;
        }
    }

    private void add(float[] batch, int at, int largest, int label) {
        double sum = exponentials(batch, at, batch[at + largest]);
        lossSum += StrictMath.log(sum) + ((double) batch[at + largest] - batch[at + label]);
        double squares = 0;
        for (int k = 0; k < classes; k++) {
            double off = exponentials[k] / sum - (k == label ? 1 : 0);
            squares += off * off;
        }
        brierSum += squares;
        confusion[label][largest]++;
        double confidence = 1 / sum;
        int bin = Math.max(0, (int) Math.ceil(confidence * BINS) - 1);
        binCounts[bin]++;
        binConfidences[bin] += confidence;
        binCorrect[bin] += largest == label ? 1 : 0;
        if (classes >= SMALLEST_TOP_5) {
            amongTop += ahead(batch, at, label) < TOP ? 1 : 0;
        }
        if (predictions.length > 0) {
            predictions[samples] = (byte) largest;
            confidences[samples] = (byte) Math.round(confidence * STEPS);
            given[samples] = (byte) label;
        }
    }

    /**
     * Class that sample {@code s} of the batch added last was taken for; -1 without finite outputs.
     */
    public int predicted(int s) {
        return predicted[s];
    }

    /** Outputs that rank before the label's. */
    private int ahead(float[] batch, int at, int label) {
        int ahead = 0;
        for (int k = 0; k < classes; k++) {
            float output = batch[at + k];
            float own = batch[at + label];
            if (output > own || output == own && k < label) {
                ahead++;
            }
        }
        return ahead;
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

    /** Fills in {@code exp(y_k - largest)}; returns their sum. */
    private double exponentials(float[] batch, int at, double largest) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            exponentials[k] = StrictMath.exp(batch[at + k] - largest);
            sum += exponentials[k];
        }
        return sum;
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
        List<CellRow.CalibrationBin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            bins.add(new CellRow.CalibrationBin(binCounts[b], binConfidences[b], binCorrect[b]));
        }
        return new CellRow.Measures(
                samples,
                loss(),
                accuracy(),
                support,
                correct,
                matrix,
                brierSum / samples,
                bins,
                classes >= SMALLEST_TOP_5 ? (Double) ((double) amongTop / samples) : null,
                constantClass());
    }

    /** The class that every sample was predicted as; null where there are several, or NaN. */
    private Integer constantClass() {
        for (int k = 0; k < classes; k++) {
            long taken = 0;
            for (int c = 0; c < classes; c++) {
                taken += confusion[c][k];
            }
            if (taken == samples) {
                return k;
            }
        }
        return null;
    }

    /**
     * Label, class and confidence of every sample, in the order in which they were added.
     *
     * @throws IllegalStateException if this tally records none, or not all samples were added
     */
    public CellRow.Predictions predictions() {
        if (predictions.length == 0 || samples != predictions.length) {
            throw new IllegalStateException(
                    Text.of("%d samples of %d were recorded", samples, predictions.length));
        }
        List<Integer> predictedClasses = new ArrayList<>(samples);
        List<Integer> steps = new ArrayList<>(samples);
        List<Integer> labels = new ArrayList<>(samples);
        for (int s = 0; s < samples; s++) {
            predictedClasses.add(Byte.toUnsignedInt(predictions[s]));
            steps.add(Byte.toUnsignedInt(confidences[s]));
            labels.add(Byte.toUnsignedInt(given[s]));
        }
        return new CellRow.Predictions(predictedClasses, steps, labels);
    }
}
