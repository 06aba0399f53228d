// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The forms a convolution's weight gradient can take, against sums in double over every position
 * and sample: too wide for the small networks of the contract.
 */
class ConvolutionFormsTest {

    /** Outputs, kernel, stride, padding, samples; 64 outputs and more are the outer form. */
    @ParameterizedTest(name = "{0} outputs, kernel {1}, stride {2}, padding {3}, {4} samples")
    @CsvSource({
        "64, 3, 1, 1, 16",
        "64, 3, 2, 1, 5",
        "80, 5, 1, 2, 3",
        "128, 1, 1, 0, 20",
        "66, 3, 1, 0, 7",
        "8, 3, 1, 1, 20",
        "5, 5, 2, 0, 17"
    })
    void gradientIsTheSumOverPositionsAndSamples(
            int outputs, int kernel, int stride, int padding, int count) {
        Layer.Convolution layer = new Layer.Convolution(outputs, kernel, stride, padding, false);
        Shape in = new Shape(5, 7, 6);
        Shape out = layer.output(List.of(in));
        Architecture architecture = Networks.chain("one", in, Loss.SQUARED_ERROR, layer);
        Samples samples = valued(in, out, count);
        Network network = new VectorEngine().compile(architecture, count);
        network.load(Networks.initial(3, architecture));
        int[] rows = Networks.rows(count);

        Tensor gradient = network.gradient(samples, rows, 0, count, null).get(0);

        float[] y = new float[count * out.size()];
        network.outputs(samples, rows, 0, count, y);
        double[] expected = byHand(layer, in, out, samples, y, count);
        assertThat(distance(expected, gradient)).isLessThan(2e-6);
    }

    /**
     * With one linear layer and squared errors the gradient is linear in the weights: its change
     * from w to w + v is H v. One sample's gradient squared, and their mean, is the Fisher
     * diagonal.
     */
    @ParameterizedTest(name = "{0} outputs, kernel {1}, stride {2}, padding {3}, {4} samples")
    @CsvSource({"64, 3, 1, 1, 16", "64, 3, 2, 1, 5", "128, 1, 1, 0, 20", "5, 5, 2, 0, 17"})
    void curvatureIsWhatGradientsSay(int outputs, int kernel, int stride, int padding, int count) {
        Layer.Convolution layer = new Layer.Convolution(outputs, kernel, stride, padding, true);
        Shape in = new Shape(5, 7, 6);
        Architecture architecture = Networks.chain("one", in, Loss.SQUARED_ERROR, layer);
        Samples samples = valued(in, layer.output(List.of(in)), count);
        Network network = new VectorEngine().compile(architecture, count);
        int[] rows = Networks.rows(count);
        List<Tensor> direction = Networks.initial(4, architecture);
        network.load(Networks.initial(3, architecture));

        List<Tensor> product = network.hessianProduct(samples, rows, 0, count, direction);
        List<Tensor> fisher = network.fisherDiagonal(samples, rows, 0, count);

        List<double[]> squares = new ArrayList<>();
        List<double[]> change = new ArrayList<>();
        fisher.forEach(t -> squares.add(new double[t.size()]));
        fisher.forEach(t -> change.add(new double[t.size()]));
        for (int n = 0; n < count; n++) {
            List<Tensor> single = network.gradient(samples, rows, n, 1, null);
            add(squares, single, (sum, g) -> sum + g * g / count);
        }
        add(change, network.gradient(samples, rows, 0, count, null), (sum, g) -> sum - g);
        network.load(sum(Networks.initial(3, architecture), direction));
        add(change, network.gradient(samples, rows, 0, count, null), (sum, g) -> sum + g);
        for (int t = 0; t < fisher.size(); t++) {
            assertThat(distance(squares.get(t), fisher.get(t))).isLessThan(5e-6);
            assertThat(distance(change.get(t), product.get(t))).isLessThan(5e-6);
        }
    }

    private static void add(List<double[]> sums, List<Tensor> tensors, DoubleBinaryOperator rule) {
        for (int t = 0; t < sums.size(); t++) {
            double[] sum = sums.get(t);
            for (int i = 0; i < sum.length; i++) {
                sum[i] = rule.applyAsDouble(sum[i], tensors.get(t).values()[i]);
            }
        }
    }

    private static List<Tensor> sum(List<Tensor> a, List<Tensor> b) {
        for (int t = 0; t < a.size(); t++) {
            for (int i = 0; i < a.get(t).size(); i++) {
                a.get(t).values()[i] += b.get(t).values()[i];
            }
        }
        return a;
    }

    private static double distance(double[] expected, Tensor actual) {
        double distance = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            distance += Math.pow(actual.values()[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        return Math.sqrt(distance / norm);
    }

    private static Samples valued(Shape in, Shape out, int count) {
        Samples inputs = Networks.curves(1, in.size(), out.size(), count);
        float[] x = ((Features.Floats) inputs.features()).floats();
        return new Samples(new Features.Floats(in, x), inputs.targets());
    }

    /** dL/dW = sum over samples and positions of 2 (y - t) / (outputs count) times the input. */
    private static double[] byHand(
            Layer.Convolution layer, Shape in, Shape out, Samples samples, float[] y, int count) {
        int kernel = layer.kernel();
        double[] gradient = new double[layer.outputs() * in.channels() * kernel * kernel];
        float[] x = new float[in.size()];
        float[] targets = ((Targets.Values) samples.targets()).values();
        for (int n = 0; n < count; n++) {
            samples.features().copy(n, x, 0);
            for (int e = 0; e < out.size(); e++) {
                int o = e / (out.height() * out.width());
                int r = e / out.width() % out.height();
                int c = e % out.width();
                double d =
                        2.0
                                * (y[n * out.size() + e] - targets[n * out.size() + e])
                                / (out.size() * (double) count);
                for (int w = 0; w < in.channels() * kernel * kernel; w++) {
                    int row = r * layer.stride() + w / kernel % kernel - layer.padding();
                    int column = c * layer.stride() + w % kernel - layer.padding();
                    if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
                        int channel = w / (kernel * kernel);
                        gradient[o * in.channels() * kernel * kernel + w] +=
                                d * x[(channel * in.height() + row) * in.width() + column];
                    }
                }
            }
        }
        return gradient;
    }
}
