// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.results.text.Text;

/** A network's loss on a batch, and its gradient: the same arithmetic for every engine. */
public final class BatchLoss {
    private BatchLoss() {}

    /**
     * Requires that a batch fits a network.
     *
     * @param most samples that are allowed
     * @throws IllegalArgumentException if it does not
     */
    public static void requireFit(
            Architecture architecture, Samples samples, int[] rows, int from, int count, int most) {
        if (count < 1 || count > most) {
            throw new IllegalArgumentException(
                    Text.of("number of samples must be in [1, %d], got %d", most, count));
        }
        if (from < 0 || from > rows.length - count) {
            throw new IllegalArgumentException(
                    Text.of(
                            "rows %d to %d of %d do not exist",
                            from, (long) from + count, rows.length));
        }
        for (int i = from; i < from + count; i++) {
            if (rows[i] < 0 || rows[i] >= samples.count()) {
                throw new IllegalArgumentException(
                        Text.of("there is no sample %d of %d", rows[i], samples.count()));
            }
        }
        if (!samples.features().shape().equals(architecture.input())) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s takes samples of shape %s, got %s",
                            architecture.name(), architecture.input(), samples.features().shape()));
        }
    }

    /**
     * Requires that targets fit a network's loss and its outputs.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static void requireFit(Architecture architecture, Targets targets) {
        boolean classes = architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        if (classes != targets instanceof Targets.Labels
                || targets.outputs() != architecture.outputs()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s with loss %s and %d outputs cannot learn %s of %d outputs",
                            architecture.name(),
                            architecture.loss(),
                            architecture.outputs(),
                            targets.getClass().getSimpleName(),
                            targets.outputs()));
        }
    }

    /**
     * Loss of a batch, in double arithmetic with {@link StrictMath}:
     *
     * <pre>
     *   labels:  L = log sum_k exp(y_k) - y_label       dL/dy_k = softmax(y)_k - [k = label]
     *   values:  L = sum_k (y_k - t_k)^2 / K            dL/dy_k = 2 (y_k - t_k) / K
     * </pre>
     *
     * Of equal largest outputs the first counts as the prediction. An output that is NaN gives a
     * loss that is NaN and no correct prediction.
     *
     * @param outputs shape [count, K], sample by sample
     * @param gradient receives dL/dy / count, shape [count, K]
     */
    public static Network.BatchResult of(
            Targets targets, int[] rows, int from, int count, float[] outputs, float[] gradient) {
        return targets instanceof Targets.Labels labels
                ? crossEntropy(labels, rows, from, count, outputs, gradient)
                : squaredError((Targets.Values) targets, rows, from, count, outputs, gradient);
    }

    private static Network.BatchResult crossEntropy(
            Targets.Labels targets,
            int[] rows,
            int from,
            int count,
            float[] outputs,
            float[] gradient) {
        int classes = targets.classes();
        double[] probabilities = new double[classes];
        double lossSum = 0;
        int correct = 0;
        for (int n = 0; n < count; n++) {
            int at = n * classes;
            int label = targets.labels()[rows[from + n]];
            double logSum = softmax(outputs, at, probabilities);
            double loss = logSum - outputs[at + label];
            lossSum += loss;
            if (!Double.isNaN(loss) && largest(outputs, at, classes) == label) {
                correct++;
            }
            for (int k = 0; k < classes; k++) {
                double target = k == label ? 1 : 0;
                gradient[at + k] = (float) ((probabilities[k] - target) / count);
            }
        }
        return new Network.BatchResult(lossSum, correct);
    }

    /**
     * Probabilities {@code exp(y_k) / sum_j exp(y_j)} of the outputs from {@code at} on.
     *
     * @param probabilities receives them, shape [K]
     * @return {@code log sum_j exp(y_j)}; NaN if an output is NaN or the largest is infinite
     */
    public static double softmax(float[] outputs, int at, double[] probabilities) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < probabilities.length; k++) {
            max = Math.max(max, outputs[at + k]); // NaN wins
        }
        double sum = 0;
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = StrictMath.exp(outputs[at + k] - max);
            sum += probabilities[k];
        }
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] /= sum;
        }
        return max + StrictMath.log(sum);
    }

    /** Index of the largest of {@code size} outputs from {@code at} on, the first of equal ones. */
    public static int largest(float[] outputs, int at, int size) {
        int best = 0;
        for (int k = 1; k < size; k++) {
            if (outputs[at + k] > outputs[at + best]) {
                best = k;
            }
        }
        return best;
    }

    private static Network.BatchResult squaredError(
            Targets.Values targets,
            int[] rows,
            int from,
            int count,
            float[] outputs,
            float[] gradient) {
        int size = targets.outputs();
        double lossSum = 0;
        for (int n = 0; n < count; n++) {
            double loss = 0;
            for (int k = 0; k < size; k++) {
                double difference =
                        (double) outputs[n * size + k]
                                - targets.values()[rows[from + n] * size + k];
                loss += difference * difference;
                gradient[n * size + k] = (float) (2 * difference / size / count);
            }
            lossSum += loss / size;
        }
        return new Network.BatchResult(lossSum, 0);
    }
}
