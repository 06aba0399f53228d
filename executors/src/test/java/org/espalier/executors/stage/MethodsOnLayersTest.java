// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.pruning.LayerKind;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.pruning.Pruning;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Drops;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the table of methods, layers and engines allows is held: both ends of every method. */
class MethodsOnLayersTest {
    private static final Shape INPUT = new Shape(2, 5, 5);
    private static final int SAMPLES = 40;
    private static final Ratio RATIO = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.4"));

    static Stream<Arguments> allowed() {
        List<Arguments> allowed = new ArrayList<>();
        for (Engine engine : Engines.all()) {
            for (LayerKind kind : LayerKind.values()) {
                for (PruningMethod method : methods()) {
                    if (Suitability.of(method, kind, engine).allowed()) {
                        allowed.add(Arguments.of(engine.id(), kind, method));
                    }
                }
            }
        }
        return allowed.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("allowed")
    void prunesTwiceToTheWeightAndTheSameAgain(
            String engine, LayerKind kind, PruningMethod method) {
        Architecture architecture = network(kind);
        Pruner pruner = new Pruner(architecture, Recipe.Scope.GLOBAL, Recipe.OutputLayer.PRUNE);
        int n = pruner.prunable().stream().mapToInt(p -> p.size()).sum();
        assertThat(LayerKind.of(architecture, pruner.prunable())).contains(kind);

        Pruning first = prune(engine, architecture, method, pruner, Map.of());
        Pruning again = prune(engine, architecture, method, pruner, Map.of());
        Pruning further = prune(engine, architecture, method, pruner, first.masks());

        assertThat(first.masks()).isEqualTo(again.masks());
        assertThat(first.scores()).isEqualTo(again.scores());
        assertThat(n - first.pruned()).isEqualTo(RATIO.kept(n, architecture.parameterCount()));
        // the ratio is reached already: nothing more goes and nothing comes back
        assertThat(further.masks()).isEqualTo(first.masks());
    }

    private static Pruning prune(
            String engine,
            Architecture architecture,
            PruningMethod method,
            Pruner pruner,
            Map<String, Mask> before) {
        try (Network network = Engines.named(engine).compile(architecture, NetworkEvidence.BATCH)) {
            network.load(InitialWeights.of(architecture, new Streams(3)));
            network.mask(before);
            Choice choice =
                    Choice.of(
                            method,
                            RATIO,
                            Recipe.Scope.GLOBAL,
                            Recipe.OutputLayer.PRUNE,
                            Seeds.all(4),
                            Drops.NOTHING);
            NetworkEvidence evidence =
                    new NetworkEvidence(network, data(architecture), pruner.prunable(), choice, 0);
            return pruner.prune(method.rank(evidence), RATIO, before);
        }
    }

    private static List<PruningMethod> methods() {
        List<PruningMethod> methods = new ArrayList<>();
        for (MethodDefinition definition : Methods.all()) {
            Map<String, Object> given = new HashMap<>();
            for (MethodDefinition.Setting setting : definition.settings()) {
                if (setting.name().equals("samples")) {
                    given.put("samples", 16);
                } else if (setting.name().equals("batches")) {
                    given.put("batches", 3);
                } else if (setting.name().equals("weight-decay")) {
                    given.put("weight-decay", new BigDecimal("0.001"));
                }
            }
            methods.add(definition.create().apply(given));
            if (definition.settings().stream().anyMatch(s -> s.name().equals("target"))) {
                given.put("target", "large");
                methods.add(definition.create().apply(given));
            }
        }
        return methods;
    }

    /** A layer of that kind, then a dense one. */
    private static Architecture network(LayerKind kind) {
        List<Architecture.Node> nodes = new ArrayList<>();
        String last = Architecture.INPUT;
        if (kind == LayerKind.DENSE) {
            nodes.add(node("first", new Layer.Dense(6), last));
            last = "first";
        } else {
            boolean bias = kind == LayerKind.CONVOLUTION;
            nodes.add(node("first", new Layer.Convolution(4, 3, 1, 1, bias), last));
            last = "first";
            if (!bias) {
                nodes.add(node("norm", new Layer.BatchNorm(), last));
                last = "norm";
            }
        }
        nodes.add(node("relu", new Layer.Activation(Layer.Activation.Function.RELU), last));
        nodes.add(node("last", new Layer.Dense(3), "relu"));
        return new Architecture(
                "of-" + kind, INPUT, nodes, Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static Architecture.Node node(String name, Layer layer, String input) {
        return new Architecture.Node(name, layer, List.of(input));
    }

    private static CellData data(Architecture architecture) {
        RandomStream random = new RandomStream(6);
        float[] inputs = new float[SAMPLES * INPUT.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        int[] labels = IntStream.range(0, SAMPLES).map(i -> random.nextInt(3)).toArray();
        Samples samples =
                new Samples(
                        new Features.Floats(architecture.input(), inputs),
                        new Targets.Labels(3, labels));
        return new CellData(
                samples,
                Optional.empty(),
                samples,
                Optional.empty(),
                IntStream.range(0, SAMPLES).toArray(),
                new int[0]);
    }
}
