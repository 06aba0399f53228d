// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.PruningMethod.Ranking;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of the catalogue holds to, on random evidence with some weights at zero. */
class MethodContractTest {
    private static final Architecture NETWORK =
            Architectures.create(
                    "mlp-20-15", Shape.flat(30), 4, Architecture.Loss.SOFTMAX_CROSS_ENTROPY);

    static Stream<MethodDefinition> methods() {
        return Methods.all().stream();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void givesAFiniteScoreToEveryWeight(MethodDefinition definition) {
        for (long seed = 1; seed <= 20; seed++) {
            FakeEvidence evidence = evidence(seed);

            Ranking ranking = method(definition).rank(evidence);

            assertThat(method(definition).unit()).isEqualTo(PruningMethod.Unit.WEIGHT);
            assertThat(ranking.scores()).hasSameSizeAs(evidence.weights());
            assertSameSizesAndFinite(evidence.weights(), ranking.scores());
            if (!ranking.shifts().isEmpty()) {
                assertThat(ranking.shifts()).hasSameSizeAs(evidence.weights());
                assertSameSizesAndFinite(evidence.weights(), ranking.shifts());
            }
        }
    }

    private static void assertSameSizesAndFinite(List<Tensor> weights, List<float[]> values) {
        for (int t = 0; t < weights.size(); t++) {
            assertThat(values.get(t)).hasSize(weights.get(t).size());
            for (float value : values.get(t)) {
                assertThat(value).isFinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void givesTheSameScoresToTheSameEvidenceAndChangesNoWeight(MethodDefinition definition) {
        FakeEvidence evidence = evidence(3);
        List<Tensor> before = evidence.weights().stream().map(Tensor::copy).toList();

        Ranking first = method(definition).rank(evidence);
        Ranking second = method(definition).rank(evidence(3));

        for (int t = 0; t < before.size(); t++) {
            assertThat(second.scores().get(t)).isEqualTo(first.scores().get(t));
            assertThat(evidence.weights().get(t).values()).isEqualTo(before.get(t).values());
        }
    }

    /** A plan refuses and prices by what is declared, so that has to be what is asked for. */
    @ParameterizedTest
    @MethodSource("methods")
    void asksForWhatItDeclares(MethodDefinition definition) {
        for (Map<String, Object> given :
                List.of(Map.<String, Object>of(), allExamples(definition))) {
            PruningMethod method = definition.create().apply(given);
            PruningMethod ready =
                    definition.id().equals("undecayed") && given.isEmpty()
                            ? method(definition)
                            : method;
            FakeEvidence evidence = evidence(3);

            ready.rank(evidence);

            assertThat(evidence.asked).isEqualTo(method.needs());
            assertThat(method.draws().contains(PruningMethod.Draw.SAMPLES))
                    .isEqualTo(!method.needs().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void doesNotRankAZeroWeightAboveAnother(MethodDefinition definition) {
        FakeEvidence evidence = evidence(5);

        Ranking ranking = method(definition).rank(evidence);

        assertThat(evidence.drew).isEqualTo(definition.id().equals("random"));
        if (!evidence.drew) {
            for (int t = 0; t < evidence.weights().size(); t++) {
                float[] w = evidence.weights().get(t).values();
                for (int i = 0; i < w.length; i++) {
                    float score = ranking.scores().get(t)[i];
                    assertThat(score).isNotNegative();
                    if (w[i] == 0) {
                        assertThat(score).isZero();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void prunesExactlyWhatIsAskedFor(MethodDefinition definition) {
        int n = 30 * 20 + 20 * 15 + 15 * 4;
        for (String value : List.of("0", "0.001", "0.1", "0.5", "0.9", "0.98", "0.999")) {
            Ratio ratio = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(value));
            for (Recipe.Scope scope : Recipe.Scope.values()) {
                Pruner pruner = new Pruner(NETWORK, scope, Recipe.OutputLayer.PRUNE);

                Pruning pruning = pruner.prune(method(definition).rank(evidence(7)), ratio);

                int kept = pruning.masks().values().stream().mapToInt(Mask::cardinality).sum();
                assertThat(n - kept).isEqualTo(pruning.pruned()).isEqualTo(pruning.asked());
                if (scope == Recipe.Scope.GLOBAL) {
                    assertThat(kept).isEqualTo(ratio.kept(n, n + 39));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void isWhatItsDefinitionSays(MethodDefinition definition) throws Exception {
        PruningMethod method = method(definition);

        assertThat(method.id()).isEqualTo(definition.id()).matches("[a-z0-9][a-z0-9.-]*");
        assertThat(method.settings().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        definition.settings().stream()
                                .filter(setting -> setting.leftOut().isEmpty())
                                .map(MethodDefinition.Setting::name)
                                .toList());
        assertThat(definition.summary()).isNotBlank().hasSizeLessThan(110);
        assertThat(roundTrip(method)).isEqualTo(method);
        assertThat(Methods.find(definition.id())).hasValue(definition);
    }

    /** A method made again from what its settings say is the same method. */
    @ParameterizedTest
    @MethodSource("methods")
    void itsSettingsMakeItAgain(MethodDefinition definition) {
        List<Map<String, Object>> choices = new ArrayList<>(List.of(Map.of()));
        for (MethodDefinition.Setting setting : definition.settings()) {
            choices.add(Map.of(setting.name(), example(setting)));
        }
        choices.add(Map.copyOf(allExamples(definition)));

        for (Map<String, Object> given : choices) {
            Map<String, Object> complete = new HashMap<>(allExamples(definition));
            complete.putAll(given);
            PruningMethod method = definition.create().apply(complete);

            Map<String, Object> read = new HashMap<>();
            for (MethodDefinition.Setting setting : definition.settings()) {
                String text = method.settings().get(setting.name());
                if (text != null) {
                    read.put(setting.name(), parse(setting, text));
                }
            }

            assertThat(definition.create().apply(read)).isEqualTo(method);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everySettingMakesADifference(MethodDefinition definition) {
        PruningMethod plain = definition.create().apply(Map.of());
        for (MethodDefinition.Setting setting : definition.settings()) {
            PruningMethod other =
                    definition.create().apply(Map.of(setting.name(), example(setting)));

            assertThat(other.canonicalText()).isNotEqualTo(plain.canonicalText());
            assertThat(other.settings().get(setting.name())).isEqualTo(example(setting).toString());
        }
    }

    /** A setting at the value at which it is left out makes the method that it was before. */
    @ParameterizedTest
    @MethodSource("methods")
    void aSettingThatCameLaterChangesNothingAtItsOldValue(MethodDefinition definition) {
        PruningMethod plain = definition.create().apply(Map.of());
        for (MethodDefinition.Setting setting : definition.settings()) {
            setting.leftOut()
                    .ifPresent(
                            old -> {
                                Object value = parse(setting, old);
                                assertThat(definition.create().apply(Map.of(setting.name(), value)))
                                        .isEqualTo(plain);
                                assertThat(plain.canonicalText()).doesNotContain(setting.name());
                            });
        }
    }

    /** What one target keeps of all weights the other prunes, where no scores are equal. */
    @ParameterizedTest
    @MethodSource("methods")
    void prunesTheOtherEndWhereTheTargetIsLarge(MethodDefinition definition) {
        if (method(definition) instanceof TicketControl) {
            return; // ranks as the method that draws the ticket
        }
        if (definition.id().equals("random")) {
            assertThat(definition.settings()).isEmpty();
            assertThat(method(definition).target()).isEqualTo(PruningMethod.Target.RANDOM);
            return;
        }
        Map<String, Object> given = new HashMap<>(Map.of("target", "large"));
        if (definition.id().equals("undecayed")) {
            given.put("weight-decay", new BigDecimal("0.01"));
        }
        PruningMethod large = definition.create().apply(given);
        Ranking ranking = method(definition).rank(evidence(11));
        Ranking turned = large.rank(evidence(11));
        Ratio ratio = new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.3"));
        Pruner pruner = new Pruner(NETWORK, Recipe.Scope.GLOBAL, Recipe.OutputLayer.PRUNE);

        Pruning pruning = pruner.prune(turned, ratio);

        assertThat(large.target()).isEqualTo(PruningMethod.Target.LARGE);
        assertThat(large.draws()).isEqualTo(method(definition).draws());
        assertThat(turned.shifts()).hasSameSizeAs(ranking.shifts());
        double highestKept = 0;
        double lowestPruned = Double.POSITIVE_INFINITY;
        for (int t = 0; t < ranking.scores().size(); t++) {
            assertThat(turned.scores().get(t)).isEqualTo(ranking.scores().get(t));
            Mask mask = pruning.masks().get(NETWORK.weights().get(t).name());
            for (int i = 0; i < mask.size(); i++) {
                double score = ranking.scores().get(t)[i];
                if (mask.keeps(i)) {
                    highestKept = Math.max(highestKept, score);
                } else {
                    lowestPruned = Math.min(lowestPruned, score);
                }
            }
        }
        assertThat(highestKept).isLessThanOrEqualTo(lowestPruned).isPositive();
        assertThat(pruning.scores().threshold()).hasValue(highestKept);
        assertThat(pruning.pruned()).isEqualTo(pruning.asked());
    }

    /** Sweep files and rows hold these names: methods may come, and none may go. */
    @Test
    void theCatalogueHasEveryMethodOnce() {
        assertThat(Methods.all().stream().map(MethodDefinition::id))
                .doesNotHaveDuplicates()
                .containsSubsequence(
                        "random",
                        "magnitude",
                        "gradient",
                        "undecayed",
                        "elimination-compensation",
                        "random-reinitialisation",
                        "random-mask",
                        "one-shot-ticket");
        assertThat(Methods.find("magnitud")).isEmpty();
    }

    private static PruningMethod method(MethodDefinition definition) {
        Map<String, Object> given =
                definition.id().equals("undecayed")
                        ? Map.of("weight-decay", new BigDecimal("0.01"))
                        : Map.of();
        return definition.create().apply(given);
    }

    private static Map<String, Object> allExamples(MethodDefinition definition) {
        Map<String, Object> all = new HashMap<>();
        definition.settings().forEach(setting -> all.put(setting.name(), example(setting)));
        return all;
    }

    /** A value that is no default. */
    private static Object example(MethodDefinition.Setting setting) {
        return switch (setting.kind()) {
            case DECIMAL -> new BigDecimal("0.0007");
            case INTEGER -> 17;
            case CHOICE -> setting.choices().get(setting.choices().size() - 1);
        };
    }

    private static Object parse(MethodDefinition.Setting setting, String text) {
        return switch (setting.kind()) {
            case DECIMAL -> new BigDecimal(text);
            case INTEGER -> Integer.valueOf(text);
            case CHOICE -> {
                assertThat(setting.choices()).contains(text);
                yield text;
            }
        };
    }

    private static FakeEvidence evidence(long seed) {
        RandomStream random = new RandomStream(seed);
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> gradient = new ArrayList<>();
        List<Sensitivity> sensitivity = new ArrayList<>();
        for (Parameter parameter : NETWORK.weights()) {
            int rows = parameter.dimensions()[0];
            float[] w = new float[parameter.size()];
            float[] g = new float[w.length];
            double[] s0 = new double[rows];
            double[] s1 = new double[w.length];
            double[] s2 = new double[w.length];
            for (int i = 0; i < w.length; i++) {
                w[i] = random.nextInt(5) == 0 ? 0 : (float) random.nextGaussian();
                g[i] = (float) random.nextGaussian();
            }
            for (int row = 1; row < rows; row++) { // unit 0 is dead
                s0[row] = random.nextDouble() + 0.1;
                for (int i = row * parameter.fanIn(); i < (row + 1) * parameter.fanIn(); i++) {
                    double mean = random.nextGaussian();
                    s1[i] = s0[row] * mean;
                    s2[i] = s0[row] * (mean * mean + random.nextDouble());
                }
            }
            weights.add(new Tensor(parameter.name(), parameter.dimensions(), w));
            gradient.add(new Tensor(parameter.name(), parameter.dimensions(), g));
            sensitivity.add(new Sensitivity(parameter.layer(), s0, s1, s2));
        }
        return new FakeEvidence(weights, gradient, sensitivity, random);
    }

    private static Object roundTrip(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
