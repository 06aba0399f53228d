// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/** Convolution as its definition says; a dense layer is one with a single position. */
final class ReferenceConvolution implements ReferenceLayer {
    private final String name;
    private final Shape in;
    private final Shape out;
    private final int kernel;
    private final int stride;
    private final int padding;
    private final double[] weights;
    private final double[] bias;
    private double[][] x;

    ReferenceConvolution(
            String name,
            Shape in,
            Shape out,
            int kernel,
            int stride,
            int padding,
            Map<String, double[]> parameters) {
        this.name = name;
        this.in = in;
        this.out = out;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        weights = parameters.get(name + ".weight");
        bias = parameters.get(name + ".bias");
    }

    /** What to do with weight w, input i and output o wherever the three meet. */
    private interface Meeting {
        void of(int w, int i, int o);
    }

    private void forEachMeeting(Meeting meeting) {
        for (int o = 0; o < out.size(); o++) {
            int filter = o / (out.height() * out.width());
            int r = o / out.width() % out.height();
            int c = o % out.width();
            for (int channel = 0; channel < in.channels(); channel++) {
                for (int u = 0; u < kernel; u++) {
                    for (int v = 0; v < kernel; v++) {
                        int row = r * stride + u - padding;
                        int column = c * stride + v - padding;
                        if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
                            int w = ((filter * in.channels() + channel) * kernel + u) * kernel + v;
                            meeting.of(w, (channel * in.height() + row) * in.width() + column, o);
                        }
                    }
                }
            }
        }
    }

    @Override
    public double[][] forward(
            List<double[][]> inputs,
            ReferenceNetwork.Mode mode,
            RandomStream dropout,
            Map<String, double[]> running) {
        x = inputs.get(0);
        double[][] y = new double[x.length][out.size()];
        int area = out.height() * out.width();
        for (double[] sample : y) {
            for (int o = 0; o < sample.length && bias != null; o++) {
                sample[o] = bias[o / area];
            }
        }
        for (int n = 0; n < x.length; n++) {
            double[] a = x[n];
            double[] z = y[n];
            forEachMeeting((w, i, o) -> z[o] += weights[w] * a[i]);
        }
        return y;
    }

    @Override
    public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
        double[][] back = new double[x.length][x[0].length];
        double[] dw = gradient.get(name + ".weight");
        int area = out.height() * out.width();
        for (int n = 0; n < x.length; n++) {
            double[] a = x[n];
            double[] d = delta[n];
            double[] b = back[n];
            forEachMeeting(
                    (w, i, o) -> {
                        dw[w] += d[o] * a[i];
                        b[i] += d[o] * weights[w];
                    });
            for (int o = 0; o < d.length && bias != null; o++) {
                gradient.get(name + ".bias")[o / area] += d[o];
            }
        }
        return List.<double[][]>of(back);
    }
}
