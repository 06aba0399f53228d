// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.executors.engine.EngineContractTest.assertClose;
import static org.espalier.executors.engine.EngineContractTest.assertSameBits;
import static org.espalier.executors.engine.EngineContractTest.doubles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine promises of single samples' gradients and of second derivatives. The oracle is
 * {@link ReferenceCurvature} in double precision, as close as in {@link EngineContractTest}.
 */
public abstract class CurvatureContractTest {
    private static final double TOLERANCE = 1e-4;

    /** Apart from kinks the reference is far closer than this. */
    private static final double REFERENCE_TOLERANCE = 1e-6;

    private static final double STEP = 1e-7;
    private static final int BATCH = 4;
    private static final int SAMPLES = 40;

    /** Every number of samples starts here. */
    private static final int FROM = 3;

    /** One, a batch, and several batches of any engine with a short last one. */
    private static final int[] COUNTS = {1, BATCH, 21};

    private static final int[] ROWS = new RandomStream(1).permutation(SAMPLES);

    /** The engine under test. */
    protected abstract Engine engine();

    static Stream<Named<Architecture>> architectures() {
        return ContractCases.all().stream().map(a -> Named.of(a.name(), a));
    }

    /** Dense, dense with zeros, and little enough for an engine's forms for few weights. */
    static Stream<Arguments> cases() {
        return ContractCases.all().stream()
                .flatMap(
                        a ->
                                Stream.of(1.0, 0.6, 0.2)
                                        .map(d -> Arguments.of(Named.of(a.name(), a), d)));
    }

    /**
     * Random, but for a weight in the middle of each output's first kernel: without it all its
     * values, or those at a border, would be equal, and their maximum without a derivative.
     */
    private static Map<String, Mask> masks(Architecture architecture, double density) {
        Map<String, Mask> masks = new HashMap<>();
        RandomStream random = new RandomStream(3);
        for (Parameter weight : architecture.weights()) {
            float[] scores = new float[weight.size()];
            int area = weight.fanIn() / weight.dimensions()[1];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextFloat() + (i % weight.fanIn() == area / 2 ? 1 : 0);
            }
            int keep = (int) Math.ceil(density * weight.size());
            masks.put(weight.name(), Mask.dense(weight.size()).narrowTo(keep, scores));
        }
        return masks;
    }

    private Network network(Architecture architecture, double density) {
        Network network = engine().compile(architecture, BATCH);
        network.load(ContractCases.parameters(architecture, 1));
        network.mask(masks(architecture, density));
        return network;
    }

    private static Samples samples(Architecture architecture) {
        return ContractCases.samples(architecture, SAMPLES, 2);
    }

    private static ReferenceCurvature reference(
            Architecture architecture, double density, Samples samples, int count) {
        ReferenceTraining training =
                new ReferenceTraining(
                        architecture,
                        ContractCases.parameters(architecture, 1),
                        masks(architecture, density),
                        new Optimizer.Sgd(),
                        WeightDecay.NONE);
        return new ReferenceCurvature(
                training.network,
                ReferenceTraining.inputs(samples, ROWS, FROM, count),
                ReferenceTraining.targets(samples, ROWS, FROM, count));
    }

    /** Normal numbers for every trained parameter, pruned weights too. */
    private static List<Tensor> direction(Architecture architecture, long seed) {
        RandomStream random = new RandomStream(seed);
        List<Tensor> direction = new ArrayList<>();
        for (Parameter parameter : architecture.parameters()) {
            if (parameter.role().trained()) {
                float[] values = new float[parameter.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                direction.add(new Tensor(parameter.name(), parameter.dimensions(), values));
            }
        }
        return direction;
    }

    private static Map<String, double[]> inDouble(List<Tensor> tensors) {
        Map<String, double[]> values = new HashMap<>();
        tensors.forEach(t -> values.put(t.name(), doubles(t.values())));
        return values;
    }

    private static void assertAgree(Map<String, double[]> expected, List<Tensor> actual) {
        assertThat(actual.stream().map(Tensor::name)).containsExactlyElementsOf(expected.keySet());
        for (Tensor tensor : actual) {
            double[] values = doubles(tensor.values());
            assertClose(tensor.name(), expected.get(tensor.name()), values, TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0}, density {1}")
    @MethodSource("cases")
    void fisherDiagonalAgreesWithTheReference(Architecture architecture, double density) {
        Samples samples = samples(architecture);
        try (Network network = network(architecture, density)) {
            for (int count : COUNTS) {
                assertAgree(
                        reference(architecture, density, samples, count).fisherDiagonal(),
                        network.fisherDiagonal(samples, ROWS, FROM, count));
            }
        }
    }

    @ParameterizedTest(name = "{0}, density {1}")
    @MethodSource("cases")
    void hessianProductAgreesWithTheReference(Architecture architecture, double density) {
        Samples samples = samples(architecture);
        List<Tensor> direction = direction(architecture, 4);
        Map<String, double[]> along = inDouble(direction);
        try (Network network = network(architecture, density)) {
            for (int count : COUNTS) {
                ReferenceCurvature reference = reference(architecture, density, samples, count);
                Map<String, double[]> expected = reference.hessianProduct(along, STEP);
                reference
                        .hessianProduct(along, STEP / 2)
                        .forEach(
                                (name, half) ->
                                        assertClose(
                                                "no kink near: " + name,
                                                expected.get(name),
                                                half,
                                                REFERENCE_TOLERANCE));
                assertAgree(
                        expected, network.hessianProduct(samples, ROWS, FROM, count, direction));
            }
        }
    }

    private static double dot(List<Tensor> a, List<Tensor> b) {
        double sum = 0;
        for (int t = 0; t < a.size(); t++) {
            double[] x = doubles(a.get(t).values());
            double[] y = doubles(b.get(t).values());
            sum += IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theHessianIsSymmetric(Architecture architecture) {
        Samples samples = samples(architecture);
        List<Tensor> u = direction(architecture, 5);
        List<Tensor> v = direction(architecture, 6);
        try (Network network = network(architecture, 0.6)) {
            List<Tensor> hu = network.hessianProduct(samples, ROWS, 0, 21, u);
            List<Tensor> hv = network.hessianProduct(samples, ROWS, 0, 21, v);

            double size = Math.sqrt(dot(u, u) * dot(hv, hv));
            assertThat(dot(u, hv)).isCloseTo(dot(v, hu), offset(1e-5 * size));
        }
    }

    private static org.assertj.core.data.Offset<Double> offset(double most) {
        return org.assertj.core.data.Offset.offset(most);
    }

    /** In a network whose training mode is its evaluation mode. */
    @Test
    void fisherDiagonalSumsToTheMeanSquareOfSingleSamplesGradients() {
        for (Architecture architecture : List.of(ContractCases.mlp(), ContractCases.lenet())) {
            Samples samples = samples(architecture);
            try (Network network = network(architecture, 0.2)) {
                double expected = 0;
                for (int n = 0; n < 21; n++) {
                    List<Tensor> single = network.gradient(samples, ROWS, FROM + n, 1, null);
                    expected += dot(single, single) / 21;
                }

                double trace = 0;
                for (Tensor tensor : network.fisherDiagonal(samples, ROWS, FROM, 21)) {
                    for (float value : tensor.values()) {
                        trace += value;
                    }
                }

                assertThat(trace).isCloseTo(expected, Percentage.withPercentage(1e-3));
            }
        }
    }

    private static Tensor tensor(String name, int[] dimensions, float... values) {
        return new Tensor(name, dimensions, values);
    }

    private static Samples line(float[] x, float[] t) {
        return new Samples(new Features.Floats(Shape.flat(1), x), new Targets.Values(1, t));
    }

    /**
     * y = w x + b with w = 2, b = 0.5; (x, t) is (3, 5) and (1, 2). Errors y - t are 1.5 and 0.5,
     * gradients 2 (y - t) (x, 1) are (9, 3) and (1, 1), so F = ((81 + 1) / 2, (9 + 1) / 2) = (41,
     * 5). H is the mean of 2 (x, 1)(x, 1)^T: [[10, 4], [4, 2]]; times (1, -2) it is (2, 0).
     */
    @Test
    void aLineByHand() {
        Architecture architecture =
                new ContractCases.Net("line", Shape.flat(1))
                        .then("fc", new Layer.Dense(1))
                        .regression();
        int[] matrix = {1, 1};
        int[] vector = {1};
        Samples samples = line(new float[] {3, 1}, new float[] {5, 2});
        try (Network network = engine().compile(architecture, 2)) {
            network.load(List.of(tensor("fc.weight", matrix, 2), tensor("fc.bias", vector, 0.5f)));
            List<Tensor> direction =
                    List.of(tensor("fc.bias", vector, -2), tensor("fc.weight", matrix, 1));

            List<Tensor> fisher = network.fisherDiagonal(samples, new int[] {0, 1}, 0, 2);
            List<Tensor> product =
                    network.hessianProduct(samples, new int[] {0, 1}, 0, 2, direction);

            assertThat(fisher.get(0).values()).containsExactly(41);
            assertThat(fisher.get(1).values()).containsExactly(5);
            assertThat(product.get(0).values()).containsExactly(2);
            assertThat(product.get(1).values()).containsExactly(0);
        }
    }

    /**
     * y = a (w x + b) + c with w = 2, b = 0, a = 3, c = 0, x = 1, t = 5: y = 6, error e = 1. The
     * Hessian of e^2 is 2 J J^T + 2 e d^2y, with J = (3, 3, 2, 1) by (w, b, a, c), and d^2y 1 at
     * (w, a) and at (b, a). Along v = (1, 0, 1, -1): J v = 4, so 2 J (J v) = (24, 24, 16, 8); 2 e
     * d^2y v = (2, 2, 2, 0). The parts that a Gauss-Newton product would lack are the latter.
     */
    @Test
    void twoLinesOneAfterTheOtherByHand() {
        Architecture architecture =
                new ContractCases.Net("two-lines", Shape.flat(1))
                        .then("fc1", new Layer.Dense(1))
                        .then("fc2", new Layer.Dense(1))
                        .regression();
        int[] matrix = {1, 1};
        int[] vector = {1};
        try (Network network = engine().compile(architecture, 2)) {
            network.load(parameters(matrix, vector, 2, 0, 3, 0));
            List<Tensor> product =
                    network.hessianProduct(
                            line(new float[] {1}, new float[] {5}),
                            new int[] {0},
                            0,
                            1,
                            parameters(matrix, vector, 1, 0, 1, -1));

            assertThat(product.stream().map(t -> t.values()[0])).containsExactly(26f, 26f, 18f, 8f);
        }
    }

    private static List<Tensor> parameters(
            int[] matrix, int[] vector, float w, float b, float a, float c) {
        return List.of(
                tensor("fc1.weight", matrix, w),
                tensor("fc1.bias", vector, b),
                tensor("fc2.weight", matrix, a),
                tensor("fc2.bias", vector, c));
    }

    /**
     * A 1x1 convolution y = w x + b with w = 0 gives b everywhere, and a maximum of equal values is
     * the first: at x = 2 of (2, 3; 5, 7). With b = 1 and z = a y, a = 1, t = 0: e = 1 and J = (2,
     * 1, 1, 1) by (w, b, a, c); along v = (1, 0, 0, 0), J v = 2 and 2 J (J v) = (8, 4, 4, 4); d^2y
     * is x at (w, a), so 2 e d^2y v = (0, 0, 4, 0).
     */
    @Test
    void aMaximumOfEqualValuesHasTheDerivativeOfTheFirst() {
        Architecture architecture =
                new ContractCases.Net("ties", new Shape(1, 2, 2))
                        .then("fc1", new Layer.Convolution(1, 1, 1, 0, true))
                        .then("pool", new Layer.MaxPool(2, 2))
                        .then("fc2", new Layer.Dense(1))
                        .regression();
        int[] kernel = {1, 1, 1, 1};
        int[] matrix = {1, 1};
        int[] vector = {1};
        Samples samples =
                new Samples(
                        new Features.Floats(new Shape(1, 2, 2), new float[] {2, 3, 5, 7}),
                        new Targets.Values(1, new float[] {0}));
        List<Tensor> rest = parameters(matrix, vector, 0, 1, 1, 0).subList(1, 4);
        List<Tensor> zeros = parameters(matrix, vector, 0, 0, 0, 0).subList(1, 4);
        try (Network network = engine().compile(architecture, 2)) {
            network.load(with(tensor("fc1.weight", kernel, 0), rest));
            List<Tensor> direction = with(tensor("fc1.weight", kernel, 1), zeros);

            List<Tensor> gradient = network.gradient(samples, new int[] {0}, 0, 1, null);
            List<Tensor> product = network.hessianProduct(samples, new int[] {0}, 0, 1, direction);

            assertThat(gradient.stream().map(t -> t.values()[0])).containsExactly(4f, 2f, 2f, 2f);
            assertThat(product.stream().map(t -> t.values()[0])).containsExactly(8f, 4f, 8f, 4f);
        }
    }

    /** A convolution that nobody reads has derivatives of 0, and is in nobody's way. */
    @Test
    void whatTheOutputDoesNotDependOnHasNoCurvature() {
        Architecture architecture =
                new ContractCases.Net("dead-end", new Shape(2, 4, 4))
                        .then("conv1", new Layer.Convolution(3, 3, 1, 1, true))
                        .relu("relu1")
                        .then("conv2", new Layer.Convolution(2, 3, 1, 0, true))
                        .then("norm2", new Layer.BatchNorm())
                        .from("relu1", "fc", new Layer.Dense(3))
                        .classifier();
        Samples samples = samples(architecture);
        List<Tensor> direction = direction(architecture, 10);
        ReferenceCurvature reference = reference(architecture, 1, samples, 5);
        try (Network network = network(architecture, 1)) {
            List<Tensor> fisher = network.fisherDiagonal(samples, ROWS, FROM, 5);
            List<Tensor> product = network.hessianProduct(samples, ROWS, FROM, 5, direction);

            assertAgree(reference.fisherDiagonal(), fisher);
            assertAgree(reference.hessianProduct(inDouble(direction), STEP), product);
            for (String name : List.of("conv2.weight", "conv2.bias", "norm2.scale")) {
                assertThat(Tensors.named(fisher, name).values()).containsOnly(0);
                assertThat(Tensors.named(product, name).values()).containsOnly(0);
            }
        }
    }

    @Test
    void aLossThatIsNotANumberShows() {
        Architecture architecture = ContractCases.mlp();
        Samples samples = samples(architecture);
        List<Tensor> broken = ContractCases.parameters(architecture, 1);
        broken.get(0).values()[0] = Float.NaN;
        List<Tensor> direction = direction(architecture, 11);
        try (Network network = engine().compile(architecture, BATCH)) {
            network.load(broken);
            List<Tensor> fisher = network.fisherDiagonal(samples, ROWS, FROM, 5);
            List<Tensor> product = network.hessianProduct(samples, ROWS, FROM, 5, direction);

            assertThat(Tensors.named(fisher, "fc3.bias").values()).containsOnly(Float.NaN);
            assertThat(Tensors.named(product, "fc3.bias").values()).containsOnly(Float.NaN);
        }
    }

    private static List<Tensor> with(Tensor first, List<Tensor> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }

    private List<Tensor> trained(Architecture architecture, boolean measured) {
        Samples samples = samples(architecture);
        List<Tensor> direction = direction(architecture, 7);
        try (Network network = network(architecture, 0.2)) {
            network.train(EngineContractTest.ADAM, WeightDecay.NONE);
            RandomStream dropout = new RandomStream(8);
            for (int step = 0; step < 4; step++) {
                network.step(samples, ROWS, step * BATCH, BATCH - step % 2, 0.01, dropout);
                if (measured) {
                    List<Tensor> parameters = network.parameters();
                    network.fisherDiagonal(samples, ROWS, 0, 7 + 10 * step);
                    network.hessianProduct(samples, ROWS, 0, 7 + 10 * step, direction);
                    assertSameBits(parameters, network.parameters());
                }
            }
            List<Tensor> state = new ArrayList<>(network.parameters());
            state.addAll(network.optimizerState());
            return state;
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aTrainingKeepsItsBitsWhereTheyAreTakenInBetween(Architecture architecture) {
        assertSameBits(trained(architecture, false), trained(architecture, true));
    }

    @Test
    void refusesADirectionThatDoesNotFit() {
        Architecture architecture = ContractCases.normalised();
        Samples samples = samples(architecture);
        List<Tensor> direction = direction(architecture, 9);
        try (Network network = network(architecture, 1)) {
            assertThatThrownBy(() -> product(network, samples, direction.subList(1, 5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "direction in conv-batch-norm lacks tensor conv1.weight"
                                    + " of shape [4, 2, 3, 3]");
            assertThatThrownBy(() -> product(network, samples, network.parameters()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "direction in conv-batch-norm has unknown tensors"
                                    + " [norm1.running-mean, norm1.running-variance]; known:"
                                    + " [conv1.weight, norm1.scale, norm1.shift, fc.weight,"
                                    + " fc.bias]");
            List<Tensor> flat = new ArrayList<>(direction);
            flat.set(0, new Tensor("conv1.weight", new int[] {72}, new float[72]));
            assertThatThrownBy(() -> product(network, samples, flat))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "direction in conv-batch-norm: tensor conv1.weight should have"
                                    + " shape [4, 2, 3, 3], has [72]");
        }
    }

    private static List<Tensor> product(Network network, Samples samples, List<Tensor> direction) {
        return network.hessianProduct(samples, ROWS, 0, 2, direction);
    }

    @Test
    void refusesSamplesThatDoNotFit() {
        Architecture architecture = ContractCases.mlp();
        Samples samples = samples(architecture);
        Samples valued =
                new Samples(samples.features(), new Targets.Values(4, new float[4 * SAMPLES]));
        List<Tensor> direction = direction(architecture, 9);
        try (Network network = network(architecture, 1)) {
            assertThatThrownBy(() -> network.fisherDiagonal(samples, ROWS, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("number of samples must be in [1, ")
                    .hasMessageContaining("got 0");
            assertThatThrownBy(() -> network.fisherDiagonal(valued, ROWS, 0, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot learn Values of 4 outputs");
            assertThatThrownBy(() -> network.hessianProduct(samples, ROWS, 39, 2, direction))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("rows 39 to 41 of 40 do not exist");
            assertThatThrownBy(() -> product(network, valued, direction))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot learn Values of 4 outputs");
        }
    }
}
