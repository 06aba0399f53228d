// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.catalogue;

import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.random.RandomStream;

/**
 * One hidden layer of rectified units and a softmax, trained sample by sample: just enough to tell
 * whether data can be learnt.
 */
public final class SmallMlp {
    private final int inputs;
    private final float[][] hidden; // [units][inputs + 1], bias last
    private final float[][] output; // [classes][units + 1], bias last
    private final float[] units;
    private final float[] scores;
    private final RandomStream random;

    public SmallMlp(int inputs, int units, int classes, long seed) {
        this.inputs = inputs;
        this.units = new float[units];
        scores = new float[classes];
        random = new RandomStream(seed);
        hidden = weights(units, inputs);
        output = weights(classes, units);
    }

    private float[][] weights(int outputs, int fanIn) {
        float[][] weights = new float[outputs][fanIn + 1];
        for (float[] row : weights) {
            for (int i = 0; i < fanIn; i++) {
                row[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / fanIn));
            }
        }
        return weights;
    }

    /** One pass over all samples with plain gradient descent. */
    public void epoch(Samples samples, float rate) {
        float[] x = new float[inputs];
        float[] back = new float[units.length];
        for (int row : random.permutation(samples.count())) {
            forward(samples, row, x);
            softmax();
            scores[label(samples, row)] -= 1;
            for (int u = 0; u < units.length; u++) {
                back[u] = 0;
                for (int k = 0; k < scores.length; k++) {
                    back[u] += units[u] > 0 ? scores[k] * output[k][u] : 0;
                }
            }
            for (int k = 0; k < scores.length; k++) {
                update(output[k], units, rate * scores[k]);
            }
            for (int u = 0; u < units.length; u++) {
                update(hidden[u], x, rate * back[u]);
            }
        }
    }

    /** Recall of each class. */
    public double[] recalls(Samples samples) {
        float[] x = new float[inputs];
        double[] correct = new double[scores.length];
        double[] total = new double[scores.length];
        for (int row = 0; row < samples.count(); row++) {
            forward(samples, row, x);
            int best = 0;
            for (int k = 1; k < scores.length; k++) {
                best = scores[k] > scores[best] ? k : best;
            }
            total[label(samples, row)]++;
            correct[label(samples, row)] += best == label(samples, row) ? 1 : 0;
        }
        for (int k = 0; k < correct.length; k++) {
            correct[k] /= total[k];
        }
        return correct;
    }

    private static int label(Samples samples, int row) {
        return ((Targets.Labels) samples.targets()).labels()[row];
    }

    private void forward(Samples samples, int row, float[] x) {
        samples.features().copy(row, x, 0);
        for (int u = 0; u < units.length; u++) {
            units[u] = Math.max(0, product(hidden[u], x));
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] = product(output[k], units);
        }
    }

    private void softmax() {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        float sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = (float) StrictMath.exp(scores[k] - max);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] /= sum;
        }
    }

    private static float product(float[] weights, float[] x) {
        float sum = weights[x.length];
        for (int i = 0; i < x.length; i++) {
            sum += weights[i] * x[i];
        }
        return sum;
    }

    private static void update(float[] weights, float[] x, float step) {
        if (step != 0) {
            for (int i = 0; i < x.length; i++) {
                weights[i] -= step * x[i];
            }
            weights[x.length] -= step;
        }
    }
}
