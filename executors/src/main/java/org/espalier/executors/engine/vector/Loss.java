// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.experiments.network.Architecture;

/** The loss of a batch and the gradient of its mean with respect to the outputs. */
final class Loss {
    private final Place output;
    private final Place[] unread;
    private float[] maxima = new float[0];
    private float[] totals = new float[0];
    private double lossSum;
    private int correct;

    /**
     * @param unread other places whose gradients nobody writes
     */
    Loss(Place output, List<Place> unread) {
        this.output = output;
        this.unread = unread.toArray(Place[]::new);
    }

    /** Makes room for batches of up to {@code capacity} samples. */
    void reserve(int capacity) {
        maxima = new float[capacity];
        totals = new float[capacity];
    }

    double lossSum() {
        return lossSum;
    }

    int correct() {
        return correct;
    }

    /**
     * Loss of each sample {@code log(total) + max - z_label}, in double, the logarithm fdlibm's,
     * which has the same bits everywhere; gradient {@code (p_k - [k = label]) / count}, the
     * division as a product with the rounded reciprocal.
     */
    void softmaxCrossEntropy(Pass pass, Targets.Labels labels, int[] rows, int from) {
        int stride = pass.stride;
        int classes = output.rows();
        int at = output.at(stride);
        int dz = clear(pass);
        float[] z = pass.values;
        float[] d = pass.gradients;
        pass.kernels.softmax(d, dz, z, at, classes, stride, maxima, totals);
        lossSum = 0;
        correct = 0;
        for (int b = 0; b < pass.count; b++) {
            int label = labels.labels()[rows[from + b]];
            float ofLabel = z[at + label * stride + b];
            lossSum += StrictMath.log(totals[b]) + ((double) maxima[b] - ofLabel);
            d[dz + label * stride + b] -= 1;
            if (ofLabel == maxima[b] && !Float.isNaN(totals[b])) {
                int first = 0;
                while (z[at + first * stride + b] != ofLabel) {
                    first++;
                }
                correct += first == label ? 1 : 0;
            }
        }
        float share = 1f / pass.count;
        for (int i = dz; i < dz + classes * stride; i++) {
            d[i] *= share;
        }
        pass.fillPadding(d, dz, classes, 0);
    }

    /**
     * Loss of each sample: mean over the outputs of (y - t)^2, in double of the float difference;
     * gradient {@code (y - t) (2 / (outputs count))}.
     */
    void squaredError(Pass pass, Targets.Values targets, int[] rows, int from) {
        int stride = pass.stride;
        int outputs = output.rows();
        int at = output.at(stride);
        int dy = clear(pass);
        float factor = (float) (2.0 / ((double) outputs * pass.count));
        lossSum = 0;
        correct = 0;
        for (int b = 0; b < pass.count; b++) {
            double sum = 0;
            for (int j = 0; j < outputs; j++) {
                int i = j * stride + b;
                float e = pass.values[at + i] - targets.values()[rows[from + b] * outputs + j];
                sum += (double) e * e;
                pass.gradients[dy + i] = e * factor;
            }
            lossSum += sum / outputs;
        }
    }

    /** From the gradient of the mean to that of each sample's own loss. */
    void ofEachSample(Pass pass) {
        int at = output.gradientAt(pass.stride);
        for (int i = at; i < at + output.rows() * pass.stride; i++) {
            pass.gradients[i] *= pass.count;
        }
    }

    /** Derivatives along a direction of the gradients by the outputs, from those of the outputs. */
    void tangent(TangentPass<Pass> tangent, Architecture.Loss kind) {
        switch (kind) {
            case SOFTMAX_CROSS_ENTROPY -> softmaxTangent(tangent);
            case SQUARED_ERROR -> squaredErrorTangent(tangent);
        }
    }

    /** With probabilities p: {@code Rd_k = p_k (Rz_k - sum_j p_j Rz_j) / count}. */
    private void softmaxTangent(TangentPass<Pass> tangent) {
        float[] p = probabilities(tangent.pass());
        Pass along = tangent.along();
        int stride = along.stride;
        int at = output.at(stride);
        int to = clear(along);
        for (int b = 0; b < along.count; b++) {
            double mean = 0;
            for (int k = 0; k < output.rows(); k++) {
                mean += (double) p[k * stride + b] * along.values[at + k * stride + b];
            }
            for (int k = 0; k < output.rows(); k++) {
                int i = k * stride + b;
                double slope = p[i] * (along.values[at + i] - mean);
                along.gradients[to + i] = (float) (slope / along.count);
            }
        }
    }

    /** {@code Rd_k = 2 Ry_k / (outputs count)}. */
    private void squaredErrorTangent(TangentPass<Pass> tangent) {
        Pass along = tangent.along();
        int at = output.at(along.stride);
        int n = output.rows() * along.stride;
        float factor = (float) (2.0 / ((double) output.rows() * along.count));
        int to = clear(along);
        along.kernels.addScaled(along.gradients, to, along.values, at, n, factor);
        along.fillPadding(along.gradients, to, output.rows(), 0);
    }

    /** Clears the gradients that no node writes, and returns where the output's are. */
    private int clear(Pass pass) {
        clear(pass, output);
        for (Place place : unread) {
            clear(pass, place);
        }
        return output.gradientAt(pass.stride);
    }

    private static void clear(Pass pass, Place place) {
        int at = place.gradientAt(pass.stride);
        Arrays.fill(pass.gradients, at, at + place.rows() * pass.stride, 0);
    }

    /** Gradient of logit {@code k} alone, for every sample. */
    void seedLogit(Pass pass, int k) {
        int at = clear(pass);
        Arrays.fill(pass.gradients, at + k * pass.stride, at + k * pass.stride + pass.count, 1);
    }

    /** Gradient of probability {@code p_k}: {@code p_k ([k = j] - p_j)} for logit j. */
    void seedProbability(Pass pass, int k, float[] p) {
        int at = clear(pass);
        for (int j = 0; j < output.rows(); j++) {
            for (int b = 0; b < pass.stride; b++) {
                float pk = p[k * pass.stride + b];
                float pj = p[j * pass.stride + b];
                pass.gradients[at + j * pass.stride + b] =
                        b < pass.count ? pk * ((j == k ? 1 : 0) - pj) : 0;
            }
        }
    }

    /** Class probabilities, shape [classes, stride]. */
    float[] probabilities(Pass pass) {
        float[] p = new float[output.rows() * pass.stride];
        int at = output.at(pass.stride);
        pass.kernels.softmax(p, 0, pass.values, at, output.rows(), pass.stride, maxima, totals);
        return p;
    }
}
