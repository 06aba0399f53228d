// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.Arrays;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.pruning.Sensitivity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sums of one layer's second moments; they are kept in double, sample by sample in order. */
abstract class LayerMoments {
    private final int node;
    final double[] s0;
    final double[] s1;
    final double[] s2;
    float[] inputs;
    int count;

    private LayerMoments(int node, int outputs, int fanIn) {
        this.node = node;
        s0 = new double[outputs];
        s1 = new double[outputs * fanIn];
        s2 = new double[outputs * fanIn];
    }

    static LayerMoments of(Architecture.Node node, int index, Traversal traversal) {
        Shape in = traversal.inputShape(index);
        return node.layer() instanceof Layer.Convolution convolution
                ? new OfConvolution(index, convolution, in, traversal.shape(index))
                : new OfDense(index, traversal.shape(index).size(), in.size());
    }

    /** Index of the layer's node. */
    int node() {
        return node;
    }

    /**
     * Begins a chunk of samples.
     *
     * @param values that enter the layer, shape [count, input size]
     */
    void begin(float[] values, int samples, int networkOutputs) {
        inputs = values;
        count = samples;
    }

    /** Takes the derivatives of network output k by the layer's outputs, [count, output size]. */
    abstract void delta(int k, float[] delta);

    /** Ends the chunk: adds what it gave. */
    abstract void end();

    Sensitivity mean(int samples, String name) {
        return new Sensitivity(name, mean(s0, samples), mean(s1, samples), mean(s2, samples));
    }

    private static double[] mean(double[] sums, int samples) {
        return Arrays.stream(sums).map(sum -> sum / samples).toArray();
    }

    /** With {@code G_i = sum_k (dy_k/dz_i)^2}: s0 = E G, s1 = E G_i a_j, s2 = E G_i a_j^2. */
    private static final class OfDense extends LayerMoments {
        private double[] squares;

        OfDense(int node, int outputs, int fanIn) {
            super(node, outputs, fanIn);
        }

        @Override
        void begin(float[] values, int samples, int networkOutputs) {
            super.begin(values, samples, networkOutputs);
            squares = new double[samples * s0.length];
        }

        @Override
        void delta(int k, float[] delta) {
            for (int i = 0; i < squares.length; i++) {
                squares[i] += (double) delta[i] * delta[i];
            }
        }

        @Override
        void end() {
            int fanIn = s1.length / s0.length;
            double[] a = new double[fanIn];
            double[] aa = new double[fanIn];
            for (int n = 0; n < count; n++) {
                for (int j = 0; j < fanIn; j++) {
                    a[j] = inputs[n * fanIn + j];
                    aa[j] = a[j] * a[j];
                }
                for (int i = 0; i < s0.length; i++) {
                    double g = squares[n * s0.length + i];
                    s0[i] += g;
                    if (g != 0) {
                        addScaled(g, a, s1, i * fanIn);
                        addScaled(g, aa, s2, i * fanIn);
                    }
                }
            }
        }

        private static void addScaled(double factor, double[] x, double[] sums, int at) {
            for (int j = 0; j < x.length; j++) {
                sums[at + j] += factor * x[j];
            }
        }
    }

    /**
     * For each sample the derivatives by the weights, {@code dy_k/dW_oj = sum_p dy_k/dz_op a_jp}
     * over the positions p, are one matrix product for all k and o at once; a_jp is the value that
     * weight j meets at position p.
     */
    private static final class OfConvolution extends LayerMoments {
        private final Layer.Convolution layer;
        private final Shape in;
        private final Shape out;
        private final int fanIn;
        private final int positions;
        private final float[] patches; // shape [positions, fanIn]
        private float[][] deltas;

        OfConvolution(int node, Layer.Convolution layer, Shape in, Shape out) {
            super(node, out.channels(), in.channels() * layer.kernel() * layer.kernel());
            this.layer = layer;
            this.in = in;
            this.out = out;
            fanIn = in.channels() * layer.kernel() * layer.kernel();
            positions = out.height() * out.width();
            patches = new float[positions * fanIn];
        }

        @Override
        void begin(float[] values, int samples, int networkOutputs) {
            super.begin(values, samples, networkOutputs);
            deltas = new float[networkOutputs][];
        }

        @Override
        void delta(int k, float[] delta) {
            deltas[k] = delta;
        }

        @Override
        void end() {
            int rows = deltas.length * out.channels();
            INDArray a =
                    Nd4j.createUninitialized(DataType.FLOAT, new long[] {fanIn, positions}, 'f');
            INDArray d =
                    Nd4j.createUninitialized(DataType.FLOAT, new long[] {positions, rows}, 'f');
            INDArray product =
                    Nd4j.createUninitialized(DataType.FLOAT, new long[] {fanIn, rows}, 'f');
            float[] stacked = new float[rows * positions];
            float[] slopes = new float[rows * fanIn];
            for (int n = 0; n < count; n++) {
                for (int k = 0; k < deltas.length; k++) {
                    int size = out.size();
                    float[] delta = deltas[k];
                    if (delta != null) {
                        System.arraycopy(delta, n * size, stacked, k * size, size);
                    }
                }
                unfold(n);
                NativeArrays.write(patches, a);
                NativeArrays.write(stacked, d);
                Nd4j.gemm(a, d, product, false, false, 1, 0);
                NativeArrays.readBlock(product, slopes);
                for (int row = 0; row < rows; row++) {
                    add(stacked, slopes, row);
                }
            }
        }

        private void add(float[] stacked, float[] slopes, int row) {
            double bias = 0;
            for (int p = 0; p < positions; p++) {
                bias += stacked[row * positions + p];
            }
            int output = row % out.channels();
            s0[output] += bias * bias;
            for (int j = 0; j < fanIn; j++) {
                double slope = slopes[row * fanIn + j];
                s1[output * fanIn + j] += slope * bias;
                s2[output * fanIn + j] += slope * slope;
            }
        }

        /** Fills the patches of a sample; what lies in the padding is 0. */
        private void unfold(int n) {
            int kernel = layer.kernel();
            int at = 0;
            for (int p = 0; p < positions; p++) {
                int top = p / out.width() * layer.stride() - layer.padding();
                int left = p % out.width() * layer.stride() - layer.padding();
                for (int channel = 0; channel < in.channels(); channel++) {
                    for (int row = top; row < top + kernel; row++) {
                        int from = n * in.size() + (channel * in.height() + row) * in.width();
                        boolean inside = row >= 0 && row < in.height();
                        for (int c = left; c < left + kernel; c++) {
                            patches[at++] =
                                    inside && c >= 0 && c < in.width() ? inputs[from + c] : 0;
                        }
                    }
                }
            }
        }
    }
}
