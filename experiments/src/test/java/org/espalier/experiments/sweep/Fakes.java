// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.MethodDefinition.Setting;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Recipe;

/** A small catalogue, and methods that only have settings. */
final class Fakes {
    private Fakes() {}

    static final String VALID =
            """
            name: demo
            grid:
              architecture: [lenet-5, lenet-300-100]
              dataset: [mnist]
              noise: [0, 0.2]
              pruning-ratio: [0, 0.5, 0.9]
              method: [magnitude, {undecayed: {weight-decay: 5e-4}}]
              seed: 1..3
            recipe:
              dense: {optimizer: adam, learning-rate: 0.001, batch-size: 64, epochs: 10}
              fine-tune: {epochs: 5}
            """;

    /** The valid file with one place changed. */
    static String valid(String from, String to) {
        int at = VALID.indexOf(from);
        if (at < 0 || VALID.indexOf(from, at + 1) >= 0) {
            throw new AssertionError("not there once: " + from);
        }
        return VALID.replace(from, to);
    }

    static Sweep read(String text) {
        return SweepFile.read(
                text.getBytes(StandardCharsets.UTF_8),
                "sweep.yaml",
                new FakeCatalogue(Catalogue.UnknownDatasets.REFUSED));
    }

    record Magnitude() implements PruningMethod {
        @Override
        public String id() {
            return "magnitude";
        }

        @Override
        public SortedMap<String, String> settings() {
            return new TreeMap<>();
        }

        @Override
        public Ranking rank(Evidence evidence) {
            throw new AssertionError("no sweep file ranks weights");
        }
    }

    /** Takes its coefficient from the recipe where the file gives none. */
    record Undecayed(Optional<BigDecimal> weightDecay, int samples) implements PruningMethod {
        @Override
        public String id() {
            return "undecayed";
        }

        @Override
        public SortedMap<String, String> settings() {
            SortedMap<String, String> settings = new TreeMap<>();
            settings.put("samples", Integer.toString(samples));
            weightDecay.ifPresent(v -> settings.put("weight-decay", Decimal.text(v)));
            return settings;
        }

        @Override
        public PruningMethod resolve(Recipe recipe) {
            return weightDecay.isPresent()
                    ? this
                    : new Undecayed(
                            Optional.of(recipe.dense().weightDecay().coefficient()), samples);
        }

        @Override
        public Ranking rank(Evidence evidence) {
            throw new AssertionError("no sweep file ranks weights");
        }
    }

    /** Has a setting that is a choice, and refuses one combination of settings. */
    record Elimination(String output, int samples) implements PruningMethod {
        Elimination {
            if (output.equals("softmax") && samples < 10) {
                throw new IllegalArgumentException(
                        "output softmax needs at least 10 samples, got " + samples);
            }
        }

        @Override
        public String id() {
            return "elimination";
        }

        @Override
        public SortedMap<String, String> settings() {
            return new TreeMap<>(Map.of("output", output, "samples", Integer.toString(samples)));
        }

        @Override
        public Ranking rank(Evidence evidence) {
            throw new AssertionError("no sweep file ranks weights");
        }
    }

    private static final Setting SAMPLES =
            new Setting(
                    "samples",
                    Setting.Kind.INTEGER,
                    "a whole number of at least 1",
                    List.of(),
                    BigDecimal.ONE);

    private static final Setting DECAY =
            new Setting(
                    "weight-decay",
                    Setting.Kind.DECIMAL,
                    "a decimal of at least 0",
                    List.of(),
                    BigDecimal.ZERO);

    private static final Setting OUTPUT =
            new Setting(
                    "output",
                    Setting.Kind.CHOICE,
                    "logits or softmax",
                    List.of("logits", "softmax"),
                    null);

    record FakeCatalogue(UnknownDatasets unknownDatasets) implements Catalogue {
        @Override
        public List<String> architectures() {
            return List.of("lenet-5", "lenet-300-100", "mlp-<widths>");
        }

        @Override
        public Optional<String> problemWithArchitecture(String name) {
            if (name.startsWith("mlp-")) {
                return name.matches("mlp-[1-9][0-9]*(-[1-9][0-9]*)*")
                        ? Optional.empty()
                        : Optional.of("widths must be positive");
            }
            return name.equals("lenet-5") || name.equals("lenet-300-100")
                    ? Optional.empty()
                    : Optional.of("there is none of this name");
        }

        @Override
        public List<MethodDefinition> methods() {
            return List.of(
                    new MethodDefinition("magnitude", "", List.of(), given -> new Magnitude()),
                    new MethodDefinition(
                            "undecayed",
                            "",
                            List.of(DECAY, SAMPLES),
                            given ->
                                    new Undecayed(
                                            Optional.ofNullable(given.get("weight-decay"))
                                                    .map(BigDecimal.class::cast),
                                            (Integer) given.getOrDefault("samples", 128))),
                    new MethodDefinition(
                            "elimination",
                            "",
                            List.of(OUTPUT, SAMPLES),
                            given ->
                                    new Elimination(
                                            (String) given.getOrDefault("output", "logits"),
                                            (Integer) given.getOrDefault("samples", 64))));
        }

        @Override
        public List<String> datasets() {
            return List.of("mnist", "fashion-mnist", "2024");
        }

        @Override
        public List<String> engines() {
            return List.of("vector", "dl4j");
        }
    }
}
