// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.results.text.Text;

/**
 * When a network is pruned, as a sweep file says it: a schedule's name and its settings, every
 * default resolved. What stages that comes to is the business of {@code
 * org.espalier.experiments.schedule}.
 */
public sealed interface ScheduleSettings extends Serializable {

    /** Name in sweep files; never changes once published. */
    String id();

    /** Settings in their order, values as a sweep file spells them. */
    Map<String, String> settings();

    /** Which part of the remaining weights a level prunes; empty where there are no levels. */
    default Optional<BigDecimal> levelRatio() {
        return Optional.empty();
    }

    /** Whether pruned networks are trained on by the settings of fine-tuning. */
    default boolean fineTunes() {
        return false;
    }

    /** Whether it ends in a mask that is put on the weights of an early network: a ticket. */
    default boolean drawsTickets() {
        return false;
    }

    /** Data set, beside the cell's, that the mask is found on; empty mostly. */
    default Optional<String> maskDataset() {
        return Optional.empty();
    }

    /** {@code one-shot}, {@code ramp(start=4ep,end=28ep,period=4ep)}. */
    default String canonicalText() {
        List<String> parts = new ArrayList<>();
        settings().forEach((name, value) -> parts.add(name + "=" + value));
        return parts.isEmpty() ? id() : id() + "(" + String.join(",", parts) + ")";
    }

    /** Once, after the dense training, and then fine-tuning. */
    record OneShot() implements ScheduleSettings {
        public static final String ID = "one-shot";

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public boolean fineTunes() {
            return true;
        }
    }

    /** How the weights left go down from round to round. */
    enum Shape {
        /** By the same factor. */
        GEOMETRIC,
        /** By the same number. */
        LINEAR
    }

    /**
     * After the dense training: prune, fine-tune, and again.
     *
     * @param rounds to the ratio that the grid asks for; null where levels are counted instead
     * @param shape null where levels are counted
     * @param levels part of the remaining weights that a level prunes, in (0, 1); null where rounds
     *     are counted
     * @param epochs of each fine-tuning; null until the recipe's are known
     */
    record Iterative(Integer rounds, Shape shape, BigDecimal levels, Integer epochs)
            implements ScheduleSettings {
        public static final String ID = "iterative";
        public static final String ROUNDS = "rounds";
        public static final String SHAPE = "shape";
        public static final String EPOCHS = "epochs";

        public Iterative {
            if ((rounds == null) == (levels == null) || (rounds == null) != (shape == null)) {
                throw new IllegalArgumentException(
                        "iterative has rounds and their shape, or a level ratio");
            }
            if (rounds != null && rounds < 1 || epochs != null && epochs < 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "expected at least 1 round and no negative epochs, got %s and %s",
                                rounds, epochs));
            }
            levels = levels == null ? null : checkedLevelRatio(levels);
        }

        /** With the epochs of fine-tuning where it has none of its own. */
        public Iterative withEpochs(int otherwise) {
            return epochs == null ? new Iterative(rounds, shape, levels, otherwise) : this;
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            if (rounds == null) {
                settings.put(Lottery.LEVEL_RATIO, Decimal.text(levels));
            } else {
                settings.put(ROUNDS, rounds.toString());
                settings.put(SHAPE, Text.word(shape));
            }
            if (epochs != null) {
                settings.put(EPOCHS, epochs.toString());
            }
            return settings;
        }

        @Override
        public Optional<BigDecimal> levelRatio() {
            return Optional.ofNullable(levels);
        }

        @Override
        public boolean fineTunes() {
            return true;
        }
    }

    /** What becomes of something at a rewind. */
    enum AtRewind {
        REWOUND,
        KEPT
    }

    /**
     * Lottery tickets (Frankle and Carbin 2019, arXiv:1803.03635): train, prune a part of what is
     * left, set the survivors back to how they were at an early step, train again, level by level.
     *
     * @param levels part of the remaining weights that a level prunes, in (0, 1)
     * @param rewindTo step of the dense training
     * @param weights with {@code KEPT} only the place in the training is set back: learning-rate
     *     rewinding (Renda et al. 2020, arXiv:2003.02389)
     * @param learningRate with {@code KEPT} the last rate of the dense training throughout
     */
    record Lottery(BigDecimal levels, Step rewindTo, AtRewind weights, AtRewind learningRate)
            implements ScheduleSettings {
        public static final String ID = "lottery";
        public static final String LEVEL_RATIO = "level-ratio";
        public static final String REWIND_TO = "rewind-to";
        public static final String WEIGHTS = "weights";
        public static final String LEARNING_RATE = "learning-rate";

        public Lottery {
            levels = checkedLevelRatio(levels);
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put(LEVEL_RATIO, Decimal.text(levels));
            settings.put(REWIND_TO, rewindTo.toString());
            settings.put(WEIGHTS, Text.word(weights));
            settings.put(LEARNING_RATE, Text.word(learningRate));
            return settings;
        }

        @Override
        public Optional<BigDecimal> levelRatio() {
            return Optional.of(levels);
        }

        @Override
        public boolean drawsTickets() {
            return true;
        }
    }

    /**
     * The ticket of another data set, put on the network of this one (Morcos et al. 2019,
     * arXiv:1906.02773).
     *
     * @param dataset on which the mask is found, as {@link Lottery} finds it
     * @param noise on that data set
     * @param levels as in {@link Lottery}
     * @param rewindTo step of the dense training, on both data sets
     */
    record MaskFrom(String dataset, BigDecimal noise, BigDecimal levels, Step rewindTo)
            implements ScheduleSettings {
        public static final String ID = "mask-from";
        public static final String DATASET = "dataset";
        public static final String NOISE = "noise";

        public MaskFrom {
            noise = Decimal.canonical(noise);
            levels = checkedLevelRatio(levels);
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put(DATASET, dataset);
            settings.put(NOISE, Decimal.text(noise));
            settings.put(Lottery.LEVEL_RATIO, Decimal.text(levels));
            settings.put(Lottery.REWIND_TO, rewindTo.toString());
            return settings;
        }

        @Override
        public Optional<BigDecimal> levelRatio() {
            return Optional.of(levels);
        }

        @Override
        public boolean drawsTickets() {
            return true;
        }

        @Override
        public Optional<String> maskDataset() {
            return Optional.of(dataset);
        }
    }

    /** Moments of one training, evenly spaced: {@code start, start + period, ...} up to end. */
    record Moments(Step start, Step end, Step period) implements Serializable {
        public static final String START = "start";
        public static final String END = "end";
        public static final String PERIOD = "period";

        Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put(START, start.toString());
            settings.put(END, end.toString());
            settings.put(PERIOD, period.toString());
            return settings;
        }
    }

    /**
     * Pruning during the dense training, at even moments, by the same number of weights at each:
     * the iterative pruning of Bartoldson et al. 2020 (arXiv:1906.03728).
     *
     * @param layers layers that have settings of their own, by name; empty mostly
     */
    record Ramp(Moments moments, Map<String, OfLayer> layers) implements ScheduleSettings {
        public static final String ID = "ramp";
        public static final String LAYERS = "layers";

        /**
         * Settings of one layer; null where they are those of all.
         *
         * @param ratio fraction of its weights to prune, in [0, 1)
         */
        public record OfLayer(BigDecimal ratio, Step start, Step end) implements Serializable {
            public static final String RATIO = "ratio";

            public OfLayer {
                ratio = ratio == null ? null : Decimal.canonical(ratio);
            }

            private String text() {
                List<String> parts = new ArrayList<>();
                if (ratio != null) {
                    parts.add(RATIO + ": " + Decimal.text(ratio));
                }
                if (start != null) {
                    parts.add(Moments.START + ": " + start);
                }
                if (end != null) {
                    parts.add(Moments.END + ": " + end);
                }
                return "{" + String.join(", ", parts) + "}";
            }
        }

        public Ramp {
            layers = Map.copyOf(layers);
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>(moments.settings());
            if (!layers.isEmpty()) {
                List<String> parts = new ArrayList<>();
                layers.keySet().stream()
                        .sorted()
                        .forEach(layer -> parts.add(layer + ": " + layers.get(layer).text()));
                settings.put(LAYERS, "{" + String.join(", ", parts) + "}");
            }
            return settings;
        }
    }

    /**
     * Gradual pruning during the dense training, many weights first and few at the end (Zhu and
     * Gupta 2017, arXiv:1710.01878).
     */
    record Gradual(Moments moments) implements ScheduleSettings {
        public static final String ID = "gradual";

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            return moments.settings();
        }
    }

    /**
     * Once, after an early step of the dense training, which then goes on to its end.
     *
     * @param step 0 for pruning at initialisation
     */
    record PruneAfter(Step step) implements ScheduleSettings {
        public static final String ID = "prune-after";
        public static final String AT_INITIALISATION = "at-initialisation";
        public static final String STEP = "step";

        @Override
        public String id() {
            return step.count() == 0 ? AT_INITIALISATION : ID;
        }

        @Override
        public Map<String, String> settings() {
            return step.count() == 0 ? Map.of() : Map.of(STEP, step.toString());
        }
    }

    /** Which weights a window of noise is laid over. */
    enum Targets {
        /** Those that this event chose. */
        NEW,
        /** All that were chosen so far. */
        CUMULATIVE
    }

    /** What follows a window of noise. */
    enum AfterNoise {
        /** Weights train on from where the noise left them. */
        KEEP,
        /** Weights and normalisation are put back to before the window. */
        RESTORE
    }

    /** What is done to weights instead of removing them. */
    enum NoiseKind {
        ZERO,
        GAUSS
    }

    /**
     * Noise instead of removal at the moments of a ramp (Bartoldson et al. 2020, arXiv:1906.03728,
     * their figure 5): the weights that it would prune get noise for some batches and train freely
     * after.
     *
     * @param batches length of the window, counted as the authors do: batches of evaluations count
     * @param testBatch samples of a batch of an evaluation, for that count
     */
    record Noise(
            Moments moments,
            NoiseKind kind,
            int batches,
            Targets targets,
            AfterNoise after,
            int testBatch)
            implements ScheduleSettings {
        public static final String ID = "noise";
        public static final String KIND = "kind";
        public static final String BATCHES = "batches";
        public static final String TARGETS = "targets";
        public static final String AFTER = "after";
        public static final String TEST_BATCH = "test-batch";

        public Noise {
            if (batches < 0 || testBatch < 1) {
                throw new IllegalArgumentException(
                        Text.of(
                                "expected no negative batches and a test batch of at least 1, got %d and %d",
                                batches, testBatch));
            }
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>(moments.settings());
            settings.put(KIND, Text.word(kind));
            settings.put(BATCHES, Integer.toString(batches));
            settings.put(TARGETS, Text.word(targets));
            settings.put(AFTER, Text.word(after));
            settings.put(TEST_BATCH, Integer.toString(testBatch));
            return settings;
        }
    }

    private static BigDecimal checkedLevelRatio(BigDecimal ratio) {
        if (ratio.signum() <= 0 || ratio.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("a level ratio is in (0, 1), got " + ratio);
        }
        return Decimal.canonical(ratio);
    }
}
