// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/** One layer of a {@link ReferenceNetwork}: remembers its forward pass for the backward one. */
interface ReferenceLayer {

    /**
     * @param inputs of each ingoing layer, shape [samples][size]
     * @param running receives running statistics as training leaves them
     */
    double[][] forward(
            List<double[][]> inputs,
            ReferenceNetwork.Mode mode,
            RandomStream dropout,
            Map<String, double[]> running);

    /**
     * @param gradient to which derivatives by parameters are added
     * @return derivatives by each input
     */
    List<double[][]> backward(double[][] delta, Map<String, double[]> gradient);

    static ReferenceLayer of(
            Architecture.Node node, List<Shape> ins, Shape out, Map<String, double[]> parameters) {
        Layer layer = node.layer();
        Shape in = ins.get(0);
        if (layer instanceof Layer.Dense) {
            // A kernel as large as the image with one position.
            Shape flat = Shape.flat(in.size());
            return new ReferenceConvolution(node.name(), flat, out, 1, 1, 0, parameters);
        } else if (layer instanceof Layer.Convolution c) {
            return new ReferenceConvolution(
                    node.name(), in, out, c.kernel(), c.stride(), c.padding(), parameters);
        } else if (layer instanceof Layer.BatchNorm) {
            return new ReferenceBatchNorm(node.name(), in, parameters);
        } else if (layer instanceof Layer.MaxPool p) {
            return new ReferencePool(in, out, p.size(), p.stride(), ReferencePool.Kind.MAX);
        } else if (layer instanceof Layer.AveragePool p) {
            return new ReferencePool(in, out, p.size(), p.stride(), ReferencePool.Kind.AVERAGE);
        } else if (layer instanceof Layer.Activation a) {
            return new Elementwise(a.function());
        } else if (layer instanceof Layer.Dropout d) {
            return new Dropped(d.rate());
        } else if (layer instanceof Layer.Add) {
            return new Sum();
        }
        return new Shortcut(in, out, ((Layer.Shortcut) layer).stride());
    }

    /** Activation functions. */
    final class Elementwise implements ReferenceLayer {
        private final Layer.Activation.Function function;
        private double[][] y;

        Elementwise(Layer.Activation.Function function) {
            this.function = function;
        }

        @Override
        public double[][] forward(
                List<double[][]> inputs,
                ReferenceNetwork.Mode mode,
                RandomStream dropout,
                Map<String, double[]> running) {
            double[][] x = inputs.get(0);
            y = new double[x.length][x[0].length];
            for (int n = 0; n < x.length; n++) {
                for (int i = 0; i < x[n].length; i++) {
                    y[n][i] =
                            switch (function) {
                                case RELU -> Math.max(0, x[n][i]);
                                case TANH -> Math.tanh(x[n][i]);
                                case SIGMOID -> 1 / (1 + Math.exp(-x[n][i]));
                            };
                }
            }
            return y;
        }

        @Override
        public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
            double[][] back = new double[y.length][y[0].length];
            for (int n = 0; n < y.length; n++) {
                for (int i = 0; i < y[n].length; i++) {
                    double slope =
                            switch (function) {
                                case RELU -> y[n][i] > 0 ? 1 : 0;
                                case TANH -> 1 - y[n][i] * y[n][i];
                                case SIGMOID -> y[n][i] * (1 - y[n][i]);
                            };
                    back[n][i] = delta[n][i] * slope;
                }
            }
            return List.<double[][]>of(back);
        }
    }

    /** Dropout. */
    final class Dropped implements ReferenceLayer {
        private final double rate;
        private double[][] factors;

        Dropped(double rate) {
            this.rate = rate;
        }

        @Override
        public double[][] forward(
                List<double[][]> inputs,
                ReferenceNetwork.Mode mode,
                RandomStream dropout,
                Map<String, double[]> running) {
            double[][] x = inputs.get(0);
            factors = new double[x.length][x[0].length];
            for (double[] sample : factors) {
                for (int i = 0; i < sample.length; i++) {
                    if (mode == ReferenceNetwork.Mode.EVALUATION) {
                        sample[i] = 1;
                    } else {
                        sample[i] = dropout.nextFloat() < rate ? 0 : 1 / (1 - rate);
                    }
                }
            }
            return backward(x, Map.of()).get(0);
        }

        @Override
        public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
            double[][] back = new double[delta.length][delta[0].length];
            for (int n = 0; n < delta.length; n++) {
                for (int i = 0; i < delta[n].length; i++) {
                    back[n][i] = delta[n][i] * factors[n][i];
                }
            }
            return List.<double[][]>of(back);
        }
    }

    /** Element-wise sum. */
    final class Sum implements ReferenceLayer {
        @Override
        public double[][] forward(
                List<double[][]> inputs,
                ReferenceNetwork.Mode mode,
                RandomStream dropout,
                Map<String, double[]> running) {
            double[][] a = inputs.get(0);
            double[][] b = inputs.get(1);
            double[][] y = new double[a.length][a[0].length];
            for (int n = 0; n < y.length; n++) {
                for (int i = 0; i < y[n].length; i++) {
                    y[n][i] = a[n][i] + b[n][i];
                }
            }
            return y;
        }

        @Override
        public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
            return List.of(delta, delta);
        }
    }

    /** Option A. */
    final class Shortcut implements ReferenceLayer {
        private final Shape in;
        private final Shape out;
        private final int stride;

        Shortcut(Shape in, Shape out, int stride) {
            this.in = in;
            this.out = out;
            this.stride = stride;
        }

        /** Index of the input that output i copies, or -1 for a zero channel. */
        private int source(int i) {
            int area = out.height() * out.width();
            int channel = i / area - (out.channels() - in.channels()) / 2;
            int row = i % area / out.width() * stride;
            int column = i % out.width() * stride;
            boolean zero = channel < 0 || channel >= in.channels();
            return zero ? -1 : (channel * in.height() + row) * in.width() + column;
        }

        @Override
        public double[][] forward(
                List<double[][]> inputs,
                ReferenceNetwork.Mode mode,
                RandomStream dropout,
                Map<String, double[]> running) {
            double[][] x = inputs.get(0);
            double[][] y = new double[x.length][out.size()];
            for (int n = 0; n < y.length; n++) {
                for (int i = 0; i < y[n].length; i++) {
                    y[n][i] = source(i) < 0 ? 0 : x[n][source(i)];
                }
            }
            return y;
        }

        @Override
        public List<double[][]> backward(double[][] delta, Map<String, double[]> gradient) {
            double[][] back = new double[delta.length][in.size()];
            for (int n = 0; n < delta.length; n++) {
                for (int i = 0; i < delta[n].length; i++) {
                    if (source(i) >= 0) {
                        back[n][source(i)] += delta[n][i];
                    }
                }
            }
            return List.<double[][]>of(back);
        }
    }
}
