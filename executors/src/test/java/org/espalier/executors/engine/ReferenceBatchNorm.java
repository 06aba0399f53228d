// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/**
 * Batch normalisation. Where a channel has a single value in a batch, its unbiased variance does
 * not exist and the running variance stays.
 */
final class ReferenceBatchNorm implements ReferenceLayer {
    private final String name;
    private final Map<String, double[]> parameters;
    private final int channels;
    private final int area;
    private ReferenceNetwork.Mode mode;
    private double[][] normal;
    private double[] deviation;

    ReferenceBatchNorm(String name, Shape in, Map<String, double[]> parameters) {
        this.name = name;
        this.parameters = parameters;
        channels = in.channels();
        area = in.height() * in.width();
    }

    @Override
    public double[][] forward(
            List<double[][]> inputs,
            ReferenceNetwork.Mode mode,
            RandomStream dropout,
            Map<String, double[]> running) {
        this.mode = mode;
        double[][] x = inputs.get(0);
        double[] mean = parameters.get(name + ".running-mean").clone();
        double[] variance = parameters.get(name + ".running-variance").clone();
        if (mode == ReferenceNetwork.Mode.TRAINING) {
            double[] newMean = mean.clone();
            double[] newVariance = variance.clone();
            int m = x.length * area;
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                double squares = 0;
                for (double[] sample : x) {
                    for (int i = c * area; i < (c + 1) * area; i++) {
                        sum += sample[i];
                    }
                }
                for (double[] sample : x) {
                    for (int i = c * area; i < (c + 1) * area; i++) {
                        squares += (sample[i] - sum / m) * (sample[i] - sum / m);
                    }
                }
                mean[c] = sum / m;
                variance[c] = squares / m;
                newMean[c] = 0.9 * newMean[c] + 0.1 * mean[c];
                if (m > 1) {
                    newVariance[c] = 0.9 * newVariance[c] + 0.1 * squares / (m - 1);
                }
            }
            running.put(name + ".running-mean", newMean);
            running.put(name + ".running-variance", newVariance);
        }
        deviation = new double[channels];
        normal = new double[x.length][x[0].length];
        double[][] y = new double[x.length][x[0].length];
        for (int n = 0; n < x.length; n++) {
            for (int i = 0; i < x[n].length; i++) {
                int c = i / area;
                deviation[c] = Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON);
                normal[n][i] = (x[n][i] - mean[c]) / deviation[c];
                y[n][i] =
                        parameters.get(name + ".scale")[c] * normal[n][i]
                                + parameters.get(name + ".shift")[c];
            }
        }
        return y;
    }

    /**
     * With h the normalised values and d the derivative by y, in training: {@code dL/dx = scale /
     * deviation (d - mean(d) - h mean(d h))}, means over the channel.
     */
    @Override
    public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
        double[] sum = gradient.get(name + ".shift");
        double[] product = gradient.get(name + ".scale");
        int m = delta.length * area;
        for (int n = 0; n < delta.length; n++) {
            for (int i = 0; i < delta[n].length; i++) {
                sum[i / area] += delta[n][i];
                product[i / area] += delta[n][i] * normal[n][i];
            }
        }
        double[][] back = new double[delta.length][delta[0].length];
        for (int n = 0; n < delta.length; n++) {
            for (int i = 0; i < delta[n].length; i++) {
                int c = i / area;
                double centred = delta[n][i];
                if (mode == ReferenceNetwork.Mode.TRAINING) {
                    centred -= sum[c] / m + normal[n][i] * product[c] / m;
                }
                back[n][i] = parameters.get(name + ".scale")[c] / deviation[c] * centred;
            }
        }
        return List.<double[][]>of(back);
    }
}
