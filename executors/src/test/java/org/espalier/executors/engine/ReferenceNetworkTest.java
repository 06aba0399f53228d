// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.espalier.executors.data.Samples;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceNetworkTest {
    private static final int[] ROWS = {4, 0, 3, 1};
    private static final double STEP = 1e-6;

    static Stream<Named<Architecture>> architectures() {
        return ContractCases.all().stream().map(a -> Named.of(a.name(), a));
    }

    private static ReferenceTraining training(Architecture architecture) {
        List<Tensor> parameters = ContractCases.parameters(architecture, 1);
        return new ReferenceTraining(
                architecture, parameters, Map.of(), new Optimizer.Sgd(), WeightDecay.NONE);
    }

    private static double meanLoss(ReferenceTraining training, Samples samples) {
        ReferenceNetwork.Pass pass =
                training.network.forward(
                        ReferenceTraining.inputs(samples, ROWS, 0, 4),
                        ReferenceNetwork.Mode.TRAINING,
                        new RandomStream(5));
        double[][] targets = ReferenceTraining.targets(samples, ROWS, 0, 4);
        double[][] delta = new double[4][pass.outputs[0].length];
        return training.network.loss(pass.outputs, targets, delta) / 4;
    }

    /** Central differences of 1e-6 on every parameter: error about 1e-10 but at a kink. */
    @ParameterizedTest
    @MethodSource("architectures")
    void gradientIsTheSlopeOfTheLoss(Architecture architecture) {
        ReferenceTraining training = training(architecture);
        Samples samples = ContractCases.samples(architecture, 6, 2);
        Map<String, double[]> gradient =
                training.pass(samples, ROWS, 0, 4, new RandomStream(5)).gradient;
        assertSlopes(gradient, training.network, () -> meanLoss(training, samples));
    }

    private static ReferenceCurvature curvature(Architecture architecture) {
        Samples samples = ContractCases.samples(architecture, 6, 2);
        return new ReferenceCurvature(
                training(architecture).network,
                ReferenceTraining.inputs(samples, ROWS, 0, 4),
                ReferenceTraining.targets(samples, ROWS, 0, 4));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void gradientInEvaluationIsTheSlopeOfTheLoss(Architecture architecture) {
        ReferenceCurvature curvature = curvature(architecture);
        assertSlopes(curvature.gradient(), curvature.network, curvature::loss);
    }

    /**
     * v H v is the second difference of the loss along v, {@code (L(w + r v) - 2 L(w) + L(w - r v))
     * / r^2}. At r = 1e-4 rounding leaves an error of about 1e-16 / r^2 = 1e-8 times the loss, the
     * fourth derivatives, of loss as of v, one of r^2.
     */
    @ParameterizedTest
    @MethodSource("architectures")
    void hessianProductIsTheSecondDifferenceOfTheLoss(Architecture architecture) {
        ReferenceCurvature curvature = curvature(architecture);
        RandomStream random = new RandomStream(7);
        Map<String, double[]> direction = new LinkedHashMap<>();
        double[] norm = {0};
        curvature
                .gradient()
                .forEach(
                        (name, slopes) -> {
                            double[] along = new double[slopes.length];
                            for (int i = 0; i < along.length; i++) {
                                along[i] = random.nextGaussian();
                                norm[0] += along[i] * along[i];
                            }
                            direction.put(name, along);
                        });
        direction.values().forEach(v -> divide(v, Math.sqrt(norm[0])));

        double r = 1e-4;
        double seconds =
                curvature.lossAt(direction, r)
                        - 2 * curvature.loss()
                        + curvature.lossAt(direction, -r);
        double product = 0;
        for (Map.Entry<String, double[]> hv :
                curvature.hessianProduct(direction, STEP).entrySet()) {
            double[] v = direction.get(hv.getKey());
            for (int i = 0; i < v.length; i++) {
                product += v[i] * hv.getValue()[i];
            }
        }

        assertThat(product).isCloseTo(seconds / (r * r), Offset.offset(1e-5));
    }

    private static void divide(double[] values, double by) {
        for (int i = 0; i < values.length; i++) {
            values[i] /= by;
        }
    }

    private static void assertSlopes(
            Map<String, double[]> gradient, ReferenceNetwork network, DoubleSupplier loss) {
        gradient.forEach(
                (name, slopes) -> {
                    double[] values = network.parameters.get(name);
                    for (int i = 0; i < values.length; i++) {
                        double value = values[i];
                        values[i] = value + STEP;
                        double above = loss.getAsDouble();
                        values[i] = value - STEP;
                        double below = loss.getAsDouble();
                        values[i] = value;
                        assertThat(slopes[i])
                                .as("%s[%d]", name, i)
                                .isCloseTo((above - below) / (2 * STEP), Offset.offset(1e-7));
                    }
                });
    }

    /**
     * By hand: y = W x + b with W = (2, -1), b = 0.5, x = (3, 1): y = 5.5; target 5: loss 0.25,
     * dL/dy = 1, dL/dW = (3, 1), dL/db = 1. One output, so s0 = 1, s1 = x, s2 = x^2.
     */
    @Test
    void aLinearNetworkByHand() {
        Architecture architecture =
                new ContractCases.Net("line", Shape.flat(2))
                        .then("fc", new Layer.Dense(1))
                        .regression();
        ReferenceNetwork network = new ReferenceNetwork(architecture);
        network.parameters.put("fc.weight", new double[] {2, -1});
        network.parameters.put("fc.bias", new double[] {0.5});
        double[][] inputs = {{3, 1}};
        ReferenceNetwork.Pass pass =
                network.forward(inputs, ReferenceNetwork.Mode.TRAINING, new RandomStream(1));
        double[][] delta = new double[1][1];
        double loss = network.loss(pass.outputs, new double[][] {{5}}, delta);
        pass.backward(delta);

        assertThat(pass.outputs[0]).containsExactly(5.5);
        assertThat(loss).isEqualTo(0.25);
        assertThat(pass.gradient.get("fc.weight")).containsExactly(3, 1);
        assertThat(pass.gradient.get("fc.bias")).containsExactly(1);
        ReferenceNetwork.Moments moments = network.sensitivity(inputs, false).get("fc");
        assertThat(moments.s0()).containsExactly(1);
        assertThat(moments.s1()).containsExactly(3, 1);
        assertThat(moments.s2()).containsExactly(9, 1);
    }
}
