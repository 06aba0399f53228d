// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/** Pooling; the derivative of a maximum goes to the first of equal values. */
final class ReferencePool implements ReferenceLayer {
    private final Shape in;
    private final Shape out;
    private final int size;
    private final int stride;
    private final Kind kind;
    private double[][] x;

    enum Kind {
        MAX,
        AVERAGE
    }

    ReferencePool(Shape in, Shape out, int size, int stride, Kind kind) {
        this.in = in;
        this.out = out;
        this.size = size;
        this.stride = stride;
        this.kind = kind;
    }

    /** Index of the input at (u, v) of the window of output o. */
    private int index(int o, int u, int v) {
        int channel = o / (out.height() * out.width());
        int row = o / out.width() % out.height() * stride + u;
        int column = o % out.width() * stride + v;
        return (channel * in.height() + row) * in.width() + column;
    }

    private int largest(double[] sample, int o) {
        int best = index(o, 0, 0);
        for (int u = 0; u < size; u++) {
            for (int v = 0; v < size; v++) {
                if (sample[index(o, u, v)] > sample[best]) {
                    best = index(o, u, v);
                }
            }
        }
        return best;
    }

    @Override
    public double[][] forward(
            List<double[][]> inputs,
            ReferenceNetwork.Mode mode,
            RandomStream dropout,
            Map<String, double[]> running) {
        x = inputs.get(0);
        double[][] y = new double[x.length][out.size()];
        for (int n = 0; n < y.length; n++) {
            for (int o = 0; o < y[n].length; o++) {
                if (kind == Kind.MAX) {
                    y[n][o] = x[n][largest(x[n], o)];
                } else {
                    for (int u = 0; u < size; u++) {
                        for (int v = 0; v < size; v++) {
                            y[n][o] += x[n][index(o, u, v)] / (size * size);
                        }
                    }
                }
            }
        }
        return y;
    }

    @Override
    public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
        double[][] back = new double[x.length][x[0].length];
        for (int n = 0; n < delta.length; n++) {
            for (int o = 0; o < delta[n].length; o++) {
                if (kind == Kind.MAX) {
                    back[n][largest(x[n], o)] += delta[n][o];
                } else {
                    for (int u = 0; u < size; u++) {
                        for (int v = 0; v < size; v++) {
                            back[n][index(o, u, v)] += delta[n][o] / (size * size);
                        }
                    }
                }
            }
        }
        return List.<double[][]>of(back);
    }
}
