// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine promises. The oracle is {@link ReferenceNetwork}: double precision, so an
 * engine of floats agrees to within {@link #TOLERANCE}, the norm of the difference over the norm of
 * the tensor.
 */
public abstract class EngineContractTest {
    private static final double TOLERANCE = 1e-4;
    private static final int BATCH = 4;
    private static final int SAMPLES = 10;
    private static final int[] ROWS = {7, 2, 9, 4, 0, 1, 8, 3, 5, 6};

    private static final Optimizer SGD = new Optimizer.Sgd();
    private static final Optimizer HEAVY_BALL = new Optimizer.Sgd(decimal("0.9"));
    private static final Optimizer NESTEROV = new Optimizer.Nesterov(decimal("0.9"));
    static final Optimizer ADAM =
            new Optimizer.Adam(decimal("0.9"), decimal("0.999"), decimal("1e-8"));

    /** The engine under test. */
    protected abstract Engine engine();

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    static Stream<Named<Architecture>> architectures() {
        return ContractCases.all().stream().map(a -> Named.of(a.name(), a));
    }

    /** How a network is trained in a test. */
    record Trained(Optimizer optimizer, WeightDecay decay, double rate, Masking masking) {
        @Override
        public String toString() {
            return optimizer.id()
                    + " decay "
                    + decay.coefficient()
                    + " "
                    + decay.kind()
                    + " "
                    + masking;
        }
    }

    /** Which weights are masked in a test. */
    enum Masking {
        NONE,
        HALF,
        ALL
    }

    static Stream<Arguments> trainings() {
        WeightDecay coupled = new WeightDecay(decimal("0.05"), WeightDecay.Kind.COUPLED);
        WeightDecay decoupled = new WeightDecay(decimal("0.5"), WeightDecay.Kind.DECOUPLED);
        List<Trained> trainings = new ArrayList<>();
        for (WeightDecay decay : List.of(WeightDecay.NONE, coupled, decoupled)) {
            for (Masking masking : List.of(Masking.NONE, Masking.HALF)) {
                trainings.add(new Trained(SGD, decay, 0.1, masking));
                trainings.add(new Trained(NESTEROV, decay, 0.03, masking));
                trainings.add(new Trained(HEAVY_BALL, decay, 0.03, masking));
                trainings.add(new Trained(ADAM, decay, 0.01, masking));
            }
        }
        trainings.add(new Trained(ADAM, coupled, 0.01, Masking.ALL));
        return ContractCases.all().stream()
                .flatMap(a -> trainings.stream().map(t -> Arguments.of(Named.of(a.name(), a), t)));
    }

    private Network network(Architecture architecture) {
        Network network = engine().compile(architecture, BATCH);
        network.load(ContractCases.parameters(architecture, 1));
        return network;
    }

    private static Samples samples(Architecture architecture) {
        return ContractCases.samples(architecture, SAMPLES, 2);
    }

    private static ReferenceTraining reference(Architecture architecture) {
        return new ReferenceTraining(
                architecture,
                ContractCases.parameters(architecture, 1),
                Map.of(),
                SGD,
                WeightDecay.NONE);
    }

    private static Map<String, Mask> masks(Architecture architecture, Masking masking) {
        Map<String, Mask> masks = new HashMap<>();
        RandomStream random = new RandomStream(3);
        for (Parameter weight :
                masking == Masking.NONE ? List.<Parameter>of() : architecture.weights()) {
            float[] scores = new float[weight.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextFloat();
            }
            int keep = masking == Masking.ALL ? 0 : weight.size() / 2;
            masks.put(weight.name(), Mask.dense(weight.size()).narrowTo(keep, scores));
        }
        return masks;
    }

    /**
     * Of two values a normalised channel keeps hardly more than their signs: the derivatives are
     * what is left of terms that cancel, and their floats know three digits of it.
     */
    private static double tolerance(Architecture architecture, int count) {
        boolean normalised =
                architecture.nodes().stream().anyMatch(n -> n.layer() instanceof Layer.BatchNorm);
        return normalised && count == 2 ? 10 * TOLERANCE : TOLERANCE;
    }

    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    static void assertClose(String what, double[] expected, double[] actual, double tolerance) {
        assertWithin(what, expected, actual, tolerance * norm(expected) + 1e-9);
    }

    static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    private static void assertWithin(String what, double[] expected, double[] actual, double most) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        assertThat(norm(difference(expected, actual)))
                .as("%s: norm of the difference, where the norm is %s", what, norm(expected))
                .isLessThanOrEqualTo(most);
    }

    private static double[] difference(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    static void assertSameBits(List<Tensor> expected, List<Tensor> actual) {
        assertThat(actual.stream().map(Tensor::toString).toList())
                .isEqualTo(expected.stream().map(Tensor::toString).toList());
        for (int i = 0; i < expected.size(); i++) {
            int[] want = bits(expected.get(i).values());
            assertThat(bits(actual.get(i).values())).as(expected.get(i).name()).isEqualTo(want);
        }
    }

    private static int[] bits(float[] values) {
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .toArray();
    }

    @Test
    void startsWithZeros() {
        for (Architecture architecture : ContractCases.all()) {
            try (Network network = engine().compile(architecture, BATCH)) {
                assertSameBits(Tensors.zeros(architecture.parameters()), network.parameters());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void givesBackTheParametersItWasGiven(Architecture architecture) {
        try (Network network = network(architecture)) {
            assertSameBits(ContractCases.parameters(architecture, 1), network.parameters());
            network.load(ContractCases.parameters(architecture, 9));
            assertSameBits(ContractCases.parameters(architecture, 9), network.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void outputsAgreeWithTheReferenceForAnyNumberOfSamples(Architecture architecture) {
        Samples samples = samples(architecture);
        try (Network network = network(architecture)) {
            for (int count : new int[] {1, BATCH, SAMPLES - 1}) {
                float[] outputs = new float[count * architecture.outputs()];
                network.outputs(samples, ROWS, 1, count, outputs);
                double[][] expected =
                        reference(architecture)
                                .network
                                .forward(
                                        ReferenceTraining.inputs(samples, ROWS, 1, count),
                                        ReferenceNetwork.Mode.EVALUATION,
                                        null)
                                .outputs;
                double[] flat = Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray();
                assertClose("outputs of " + count, flat, doubles(outputs), TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void gradientAgreesWithTheReferenceAndChangesNothing(Architecture architecture) {
        Samples samples = samples(architecture);
        try (Network network = network(architecture)) {
            network.train(ADAM, WeightDecay.NONE);
            network.step(samples, ROWS, 0, BATCH, 0.01, new RandomStream(4));
            List<Tensor> parameters = network.parameters();
            List<Tensor> state = network.optimizerState();
            network.load(ContractCases.parameters(architecture, 1));
            for (int count : new int[] {2, BATCH, SAMPLES - 1}) {
                List<Tensor> gradient =
                        network.gradient(samples, ROWS, 1, count, new RandomStream(5));
                Map<String, double[]> expected =
                        reference(architecture)
                                .pass(samples, ROWS, 1, count, new RandomStream(5))
                                .gradient;
                assertThat(gradient.stream().map(Tensor::name))
                        .containsExactlyElementsOf(expected.keySet());
                for (Tensor tensor : gradient) {
                    assertClose(
                            tensor.name() + " of " + count,
                            expected.get(tensor.name()),
                            doubles(tensor.values()),
                            tolerance(architecture, count));
                }
            }
            assertSameBits(ContractCases.parameters(architecture, 1), network.parameters());
            assertSameBits(state, network.optimizerState());
            network.load(parameters);
            assertSameBits(parameters, network.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void updatesAgreeWithTheReferenceAndMaskedWeightsStayZero(
            Architecture architecture, Trained how) {
        Samples samples = samples(architecture);
        Map<String, Mask> masks = masks(architecture, how.masking);
        ReferenceTraining reference =
                new ReferenceTraining(
                        architecture,
                        ContractCases.parameters(architecture, 1),
                        masks,
                        how.optimizer,
                        how.decay);
        try (Network network = network(architecture)) {
            network.mask(masks);
            network.train(how.optimizer, how.decay);
            RandomStream ours = new RandomStream(6);
            RandomStream theirs = new RandomStream(6);
            for (int from = 0; from < SAMPLES; from += BATCH) {
                int count = Math.min(BATCH, SAMPLES - from);
                List<Tensor> before = network.parameters();
                Map<String, double[]> expectedBefore = new HashMap<>();
                reference.network.parameters.forEach(
                        (name, values) -> expectedBefore.put(name, values.clone()));
                Network.BatchResult result =
                        network.step(samples, ROWS, from, count, how.rate, ours);
                double loss = reference.step(samples, ROWS, from, count, how.rate, theirs);

                assertThat(Math.abs(result.lossSum() - loss))
                        .as("loss %s of %s", result.lossSum(), loss)
                        .isLessThanOrEqualTo(TOLERANCE * Math.abs(loss));
                List<Tensor> after = network.parameters();
                for (int i = 0; i < after.size(); i++) {
                    String name = after.get(i).name();
                    double[] expected = reference.network.parameters.get(name);
                    double[] actual = doubles(after.get(i).values());
                    assertClose(name + " after " + (from + count), expected, actual, TOLERANCE);
                    double[] expectedChange = difference(expected, expectedBefore.get(name));
                    double[] change = difference(actual, doubles(before.get(i).values()));
                    // A weight is rounded to 2^-24 of itself, however small its change.
                    double relative = 20 * tolerance(architecture, count);
                    double most = relative * norm(expectedChange) + 2e-7 * norm(expected);
                    assertWithin("change of " + name, expectedChange, change, most + 1e-9);
                }
                assertMasked(masks, after, "");
                for (String kind : List.of("momentum/", "mean/", "square/")) {
                    assertMasked(masks, network.optimizerState(), kind);
                }
            }
            assertThat(ours.nextLong()).as("draws of dropout").isEqualTo(theirs.nextLong());
        }
    }

    private static void assertMasked(Map<String, Mask> masks, List<Tensor> tensors, String kind) {
        for (Tensor tensor : tensors) {
            String name = tensor.name();
            Mask mask = name.startsWith(kind) ? masks.get(name.substring(kind.length())) : null;
            for (int i = 0; mask != null && i < tensor.size(); i++) {
                if (!mask.keeps(i)) {
                    assertThat(Float.floatToRawIntBits(tensor.values()[i])).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void sensitivityAgreesWithTheReference(Architecture architecture) {
        Samples samples = samples(architecture);
        int count = BATCH + 3;
        double[][] inputs = ReferenceTraining.inputs(samples, ROWS, 2, count);
        ReferenceNetwork reference = reference(architecture).network;
        try (Network network = network(architecture)) {
            for (Evidence.Output of : Evidence.Output.values()) {
                boolean softmax =
                        of == Evidence.Output.SOFTMAX
                                && architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
                Map<String, ReferenceNetwork.Moments> expected =
                        reference.sensitivity(inputs, softmax);
                List<Sensitivity> actual = network.sensitivity(samples, ROWS, 2, count, of);
                assertThat(actual.stream().map(Sensitivity::layer))
                        .containsExactlyElementsOf(expected.keySet());
                for (Sensitivity layer : actual) {
                    ReferenceNetwork.Moments moments = expected.get(layer.layer());
                    String what = of + " " + layer.layer();
                    assertClose(what + " s0", moments.s0(), layer.s0(), TOLERANCE);
                    assertClose(what + " s1", moments.s1(), layer.s1(), TOLERANCE);
                    assertClose(what + " s2", moments.s2(), layer.s2(), TOLERANCE);
                }
            }
            assertSameBits(ContractCases.parameters(architecture, 1), network.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aSavedTrainingContinuesBitForBit(Architecture architecture) {
        Samples samples = samples(architecture);
        WeightDecay decay = new WeightDecay(decimal("0.01"), WeightDecay.Kind.COUPLED);
        Map<String, Mask> masks = masks(architecture, Masking.HALF);
        for (Optimizer optimizer : List.of(SGD, HEAVY_BALL, NESTEROV, ADAM)) {
            try (Network whole = network(architecture);
                    Network second = network(architecture)) {
                whole.mask(masks);
                whole.train(optimizer, decay);
                whole.step(samples, ROWS, 0, BATCH, 0.01, new RandomStream(7));
                whole.step(samples, ROWS, BATCH, 2, 0.01, new RandomStream(8));
                second.mask(masks);
                second.load(whole.parameters());
                second.train(optimizer, decay);
                second.loadOptimizerState(whole.optimizerState());
                assertSameBits(whole.optimizerState(), second.optimizerState());
                whole.step(samples, ROWS, 4, BATCH, 0.01, new RandomStream(9));
                second.step(samples, ROWS, 4, BATCH, 0.01, new RandomStream(9));
                assertSameBits(whole.parameters(), second.parameters());
                assertSameBits(whole.optimizerState(), second.optimizerState());
            }
        }
    }

    private List<Tensor> trained(Architecture architecture) {
        Samples samples = samples(architecture);
        try (Network network = network(architecture)) {
            network.train(ADAM, WeightDecay.NONE);
            for (int step = 0; step < 12; step++) {
                network.step(samples, ROWS, step % 6, BATCH, 0.01, new RandomStream(step));
            }
            return network.parameters();
        }
    }

    @Test
    void networksTrainedSideBySideHaveTheBitsOfNetworksTrainedAlone() throws Exception {
        List<Architecture> architectures =
                List.of(ContractCases.mlp(), ContractCases.dropped(), ContractCases.residual());
        List<List<Tensor>> alone = architectures.stream().map(this::trained).toList();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<List<Tensor>>> together = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Architecture architecture = architectures.get(i % 3);
                together.add(threads.submit(() -> trained(architecture)));
            }
            for (int i = 0; i < 12; i++) {
                assertSameBits(alone.get(i % 3), together.get(i).get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void countsTheSamplesWhoseLargestOutputIsTheirLabel() {
        Architecture architecture = ContractCases.mlp();
        Samples samples = samples(architecture);
        try (Network network = network(architecture)) {
            float[] outputs = new float[BATCH * 4];
            network.outputs(samples, ROWS, 0, BATCH, outputs);
            int[] labels = new int[SAMPLES];
            for (int n = 0; n < BATCH; n++) {
                int best = BatchLoss.largest(outputs, n * 4, 4);
                labels[ROWS[n]] = n == 1 ? (best + 1) % 4 : best; // one of four is wrong
            }
            network.train(SGD, WeightDecay.NONE);
            Samples relabelled = new Samples(samples.features(), new Targets.Labels(4, labels));
            assertThat(network.step(relabelled, ROWS, 0, BATCH, 0.1, new RandomStream(1)).correct())
                    .isEqualTo(3);
        }
    }

    @Test
    void bytesAreReadAsTheirFloats() {
        Architecture architecture = ContractCases.lenet();
        int size = architecture.input().size();
        byte[] bytes = new byte[3 * size];
        float[] floats = new float[3 * size];
        RandomStream random = new RandomStream(10);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(256);
            floats[i] = (bytes[i] & 0xff) / 255f;
        }
        Targets targets = new Targets.Labels(5, new int[3]);
        int[] rows = {2, 0, 1};
        float[] fromBytes = new float[15];
        float[] fromFloats = new float[15];
        try (Network network = network(architecture)) {
            Features asBytes = new Features.Bytes(architecture.input(), bytes);
            Features asFloats = new Features.Floats(architecture.input(), floats);
            network.outputs(new Samples(asBytes, targets), rows, 0, 3, fromBytes);
            network.outputs(new Samples(asFloats, targets), rows, 0, 3, fromFloats);
        }
        assertThat(bits(fromBytes)).isEqualTo(bits(fromFloats));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aWeightThatIsNotANumberShowsInOutputsAndLoss(Architecture architecture) {
        Samples samples = samples(architecture);
        List<Tensor> broken = ContractCases.parameters(architecture, 1);
        Arrays.fill(broken.get(0).values(), Float.NaN);
        try (Network network = network(architecture)) {
            network.load(broken);
            float[] outputs = new float[2 * architecture.outputs()];
            network.outputs(samples, ROWS, 0, 2, outputs);
            for (float output : outputs) {
                assertThat(Float.isFinite(output)).as("%s is finite", output).isFalse();
            }
            network.train(SGD, WeightDecay.NONE);
            Network.BatchResult result =
                    network.step(samples, ROWS, 0, 3, 0.1, new RandomStream(1));
            assertThat(result.lossSum()).isNaN();
            assertThat(result.correct()).isZero();
        }
    }

    @Test
    void newMasksReplaceTheOldAndAreAppliedToWhatIsLoaded() {
        Architecture architecture = ContractCases.mlp();
        Map<String, Mask> masks = masks(architecture, Masking.HALF);
        try (Network network = network(architecture)) {
            network.mask(masks);
            assertMasked(masks, network.parameters(), "");
            network.load(ContractCases.parameters(architecture, 9));
            assertMasked(masks, network.parameters(), "");
            network.mask(Map.of());
            network.load(ContractCases.parameters(architecture, 9));
            assertSameBits(ContractCases.parameters(architecture, 9), network.parameters());
        }
    }

    @Test
    void refusesParametersThatDoNotFit() {
        Architecture architecture = ContractCases.mlp();
        List<Tensor> parameters = ContractCases.parameters(architecture, 1);
        try (Network network = network(architecture)) {
            assertThatThrownBy(() -> network.load(parameters.subList(1, 6)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lacks tensor fc1.weight of shape [9, 12]");
            List<Tensor> unknown = new ArrayList<>(parameters);
            unknown.add(new Tensor("fc9.weight", new int[] {1}, new float[1]));
            assertThatThrownBy(() -> network.load(unknown))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unknown tensors [fc9.weight]");
            List<Tensor> transposed = new ArrayList<>(parameters);
            transposed.set(0, new Tensor("fc1.weight", new int[] {12, 9}, new float[108]));
            assertThatThrownBy(() -> network.load(transposed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fc1.weight should have shape [9, 12], has [12, 9]");
            assertSameBits(parameters, network.parameters());
        }
    }

    @Test
    void refusesMasksThatDoNotFit() {
        try (Network network = network(ContractCases.mlp())) {
            assertThatThrownBy(() -> network.mask(Map.of("fc1.bias", Mask.dense(9))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fc1.bias")
                    .hasMessageContaining("fc1.weight, fc2.weight, fc3.weight");
            assertThatThrownBy(() -> network.mask(Map.of("fc1.weight", Mask.dense(9))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mask of fc1.weight has 9 weights, expected 108");
        }
    }

    @Test
    void refusesBatchesThatDoNotFit() {
        Architecture architecture = ContractCases.mlp();
        Samples samples = samples(architecture);
        RandomStream random = new RandomStream(1);
        try (Network network = network(architecture)) {
            assertThatThrownBy(() -> network.step(samples, ROWS, 0, BATCH, 0.1, random))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("train");
            network.train(SGD, WeightDecay.NONE);
            assertThatThrownBy(() -> network.step(samples, ROWS, 0, BATCH + 1, 0.1, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("number of samples must be in [1, 4], got 5");
            assertThatThrownBy(() -> network.step(samples, ROWS, 8, 3, 0.1, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("rows 8 to 11 of 10 do not exist");
            assertThatThrownBy(() -> network.step(samples, new int[] {10}, 0, 1, 0.1, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there is no sample 10 of 10");
            Samples others = samples(ContractCases.lenet());
            assertThatThrownBy(() -> network.step(others, ROWS, 0, 1, 0.1, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("mlp-relu takes samples of shape 1x3x4, got 1x12x12");
            Samples valued = new Samples(samples.features(), new Targets.Values(4, new float[40]));
            assertThatThrownBy(() -> network.step(valued, ROWS, 0, 1, 0.1, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot learn Values of 4 outputs");
        }
    }
}
