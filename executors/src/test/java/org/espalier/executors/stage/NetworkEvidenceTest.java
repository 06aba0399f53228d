// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.engine.Network;
import org.espalier.executors.train.CellData;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.InitialWeights;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.LayerKind;
import org.espalier.experiments.pruning.Need;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What methods get to see, on a network with batch normalisation and 600 samples. */
class NetworkEvidenceTest {
    private static final int SAMPLES = 600;
    private static final long SEED = 5;

    private static final Architecture NETWORK =
            new Architecture(
                    "normalised",
                    new Shape(1, 4, 4),
                    List.of(
                            node("conv", new Layer.Convolution(3, 3, 1, 1, false), "input"),
                            node("norm", new Layer.BatchNorm(), "conv"),
                            node("fc", new Layer.Dense(2), "norm")),
                    Architecture.Loss.SOFTMAX_CROSS_ENTROPY);

    private static final CellData DATA = data();

    static List<Engine> engines() {
        return Engines.all();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void givesCurvatureOfPrunableWeights(Engine engine) {
        try (Network network = network(engine)) {
            List<Parameter> first = NETWORK.weights().subList(0, 1);
            NetworkEvidence evidence = evidence(network, first);
            Tensor direction = first(network.parameters(), "conv.weight");
            int[] rows = drawn(0, 300);

            List<Tensor> fisher = evidence.fisherDiagonal(300);
            List<Tensor> product = evidence.hessianProduct(300, List.of(direction));

            assertThat(evidence.samplesScored()).isEqualTo(300);
            assertThat(evidence.batchesScored()).isEqualTo(4); // 256 and 44, twice
            assertSame(
                    fisher,
                    first(network.fisherDiagonal(DATA.train(), rows, 0, 300), "conv.weight"));
            List<Tensor> whole = new ArrayList<>();
            for (Parameter parameter : NETWORK.parameters()) {
                if (parameter.role().trained()) {
                    whole.add(
                            parameter.name().equals("conv.weight")
                                    ? direction
                                    : new Tensor(
                                            parameter.name(),
                                            parameter.dimensions(),
                                            new float[parameter.size()]));
                }
            }
            assertSame(
                    product,
                    first(
                            network.hessianProduct(DATA.train(), rows, 0, 300, whole),
                            "conv.weight"));
        }
    }

    /**
     * Two mini-batches of 20: each with its own batch statistics, so not the gradient of one of 40.
     */
    @ParameterizedTest
    @MethodSource("engines")
    void aGradientIsTheMeanOverMiniBatches(Engine engine) {
        try (Network network = network(engine)) {
            NetworkEvidence evidence = evidence(network, NETWORK.weights());

            List<Tensor> two = evidence.gradient(20, 2);

            assertThat(evidence.samplesScored()).isEqualTo(40);
            assertThat(evidence.batchesScored()).isEqualTo(2);
            assertMean(two, network, drawn(0, 20), drawn(20, 20));
            float[] one = first(gradient(network, drawn(0, 40)), "conv.weight").values();
            assertThat(first(two, "conv.weight").values()).isNotEqualTo(one);
        }
    }

    /** 512 samples are two passes of 256, each with its own batch statistics. */
    @ParameterizedTest
    @MethodSource("engines")
    void aLargeMiniBatchIsTheMeanOverPasses(Engine engine) {
        try (Network network = network(engine)) {
            NetworkEvidence evidence = evidence(network, NETWORK.weights());

            List<Tensor> large = evidence.gradient(512, 1);

            assertThat(evidence.samplesScored()).isEqualTo(512);
            assertThat(evidence.batchesScored()).isEqualTo(2);
            assertMean(large, network, drawn(0, 256), drawn(256, 256));
        }
    }

    /**
     * 600 samples make two mini-batches of 250; the third is the beginning of the next order that
     * the stream draws. Each is one pass.
     */
    @ParameterizedTest
    @MethodSource("engines")
    void drawsAnotherOrderWhereTheSamplesAreUsedUp(Engine engine) {
        try (Network network = network(engine)) {
            NetworkEvidence evidence = evidence(network, NETWORK.weights());
            RandomStream stream = new Streams(SEED).of(Streams.Purpose.SCORING, 0);
            stream.permutation(SAMPLES);
            int[] third = Arrays.copyOf(stream.permutation(SAMPLES), 250);

            List<Tensor> three = evidence.gradient(250, 3);

            assertThat(evidence.samplesScored()).isEqualTo(750);
            assertThat(evidence.batchesScored()).isEqualTo(3);
            assertMean(three, network, drawn(0, 250), drawn(250, 250), third);
        }
    }

    /** Where all samples are one mini-batch, each batch is all of them. */
    @ParameterizedTest
    @MethodSource("engines")
    void takesAllWhereThereAreFewer(Engine engine) {
        try (Network network = network(engine)) {
            NetworkEvidence evidence = evidence(network, NETWORK.weights());

            evidence.gradient(10_000, 2);

            assertThat(evidence.samplesScored()).isEqualTo(1_200);
            assertThat(evidence.batchesScored()).isEqualTo(6); // 256, 256, 88, twice
        }
    }

    /** The mean of parts of equal size, in float as they come, times their share. */
    private static void assertMean(List<Tensor> found, Network network, int[]... batches) {
        for (Tensor tensor : found) {
            float[] mean = new float[tensor.size()];
            for (int[] batch : batches) {
                float[] part = first(gradient(network, batch), tensor.name()).values();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += (float) batch.length / (batch.length * batches.length) * part[i];
                }
            }
            assertThat(tensor.values()).isEqualTo(mean);
        }
        assertThat(found).extracting(Tensor::name).containsExactly("conv.weight", "fc.weight");
    }

    private static List<Tensor> gradient(Network network, int[] rows) {
        return network.gradient(DATA.train(), rows, 0, rows.length, new RandomStream(0));
    }

    /**
     * Without an activation the outputs are linear in the weights of each layer, so that the scores
     * of elimination-compensation are no approximation: they are the mean squared change of the
     * outputs where a weight is taken out, and the bias shifted where there is one.
     */
    @ParameterizedTest
    @MethodSource("engines")
    void scoresAreTheChangeOfTheOutputsWithAndWithoutABias(Engine engine) {
        try (Network network = network(engine)) {
            NetworkEvidence evidence = evidence(network, NETWORK.weights());
            List<Tensor> parameters = network.parameters();
            float[] before = outputs(network);

            PruningMethod.Ranking ranking =
                    Tiny.method("elimination-compensation", Map.of()).rank(evidence);

            assertThat(evidence.hasBias("conv")).isFalse();
            assertThat(evidence.hasBias("fc")).isTrue();
            assertThat(ranking.shifts().get(0)).containsOnly(0f, -0f);
            for (int t = 0; t < 2; t++) {
                Parameter weights = NETWORK.weights().get(t);
                for (int i = 0; i < weights.size(); i += 5) {
                    List<Tensor> changed = parameters.stream().map(Tensor::copy).toList();
                    first(changed, weights.name()).values()[i] = 0;
                    if (t == 1) {
                        first(changed, "fc.bias").values()[i / weights.fanIn()] +=
                                ranking.shifts().get(1)[i];
                    }
                    network.load(changed);
                    float[] after = outputs(network);
                    double squares = 0;
                    for (int k = 0; k < after.length; k++) {
                        squares += Math.pow(after[k] - before[k], 2);
                    }
                    assertThat(ranking.scores().get(t)[i])
                            .as("weight %d of %s", i, weights.name())
                            .isPositive()
                            .isCloseTo((float) squares / SAMPLES, withinPercentage(0.1));
                }
            }
        }
    }

    private static float[] outputs(Network network) {
        float[] outputs = new float[SAMPLES * NETWORK.outputs()];
        float[] part = new float[100 * NETWORK.outputs()];
        for (int from = 0; from < SAMPLES; from += 100) {
            network.outputs(DATA.train(), DATA.trainRows(), from, 100, part);
            System.arraycopy(part, 0, outputs, from * NETWORK.outputs(), part.length);
        }
        return outputs;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void saysWhatItDoesNotGive(Engine engine) {
        for (LayerKind kind : LayerKind.values()) {
            assertThat(engine.lack(new Need.Gradient(1, 1), kind)).isEmpty();
            assertThat(engine.lack(new Need.Fisher(1), kind)).isEmpty();
            assertThat(engine.lack(new Need.HessianVector(1, 1), kind)).isEmpty();
            assertThat(engine.lack(new Need.Activations(7), kind))
                    .hasValue("engine " + engine.id() + " cannot give activations of 7 samples");
            assertThat(engine.lack(new Need.InputNorms(7), kind)).isPresent();
        }
    }

    /** Before it is known which engine it is, what no engine can give is refused. */
    @Test
    void anEngineThatIsNotResolvedYetGivesWhatAnyGives() {
        Suitability.Source auto = Engines.source(Engines.AUTO);

        assertThat(auto.lack(new Need.Gradient(1, 1), LayerKind.DENSE)).isEmpty();
        assertThat(auto.lack(new Need.Activations(7), LayerKind.DENSE))
                .hasValueSatisfying(
                        why -> assertThat(why).endsWith(" cannot give activations of 7 samples"));
        assertThat(Engines.source("vector")).isSameAs(Engines.named("vector"));
    }

    private static void assertSame(List<Tensor> found, Tensor expected) {
        assertThat(found).singleElement().satisfies(t -> assertEqual(t, expected));
    }

    private static void assertEqual(Tensor found, Tensor expected) {
        assertThat(found.name()).isEqualTo(expected.name());
        assertThat(found.values()).isEqualTo(expected.values());
    }

    private static Tensor first(List<Tensor> tensors, String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    /** Samples {@code from} to {@code from + count} in the order of the scoring stream. */
    private static int[] drawn(int from, int count) {
        int[] order = new Streams(SEED).of(Streams.Purpose.SCORING, 0).permutation(SAMPLES);
        return Arrays.copyOfRange(order, from, from + count);
    }

    private static NetworkEvidence evidence(Network network, List<Parameter> prunable) {
        Choice choice =
                new Choice(
                        Tiny.method("gradient", Map.of()),
                        new Ratio(Ratio.Kind.DENSITY, new BigDecimal("0.5")),
                        Recipe.Scope.GLOBAL,
                        Recipe.OutputLayer.PRUNE,
                        0,
                        OptionalSeed.NONE,
                        OptionalSeed.of(SEED),
                        OptionalSeed.NONE);
        return new NetworkEvidence(network, DATA, prunable, choice, 0);
    }

    private static Network network(Engine engine) {
        Network network = engine.compile(NETWORK, NetworkEvidence.BATCH);
        network.load(InitialWeights.of(NETWORK, new Streams(1)));
        return network;
    }

    private static CellData data() {
        RandomStream random = new RandomStream(2);
        float[] inputs = new float[SAMPLES * 16];
        int[] labels = new int[SAMPLES];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = random.nextInt(2);
        }
        Samples samples =
                new Samples(
                        new Features.Floats(NETWORK.input(), inputs),
                        new Targets.Labels(2, labels));
        int[] rows = IntStream.range(0, SAMPLES).toArray();
        return new CellData(samples, Optional.empty(), samples, Optional.empty(), rows, new int[0]);
    }

    private static Architecture.Node node(String name, Layer layer, String input) {
        return new Architecture.Node(name, layer, List.of(input));
    }
}
