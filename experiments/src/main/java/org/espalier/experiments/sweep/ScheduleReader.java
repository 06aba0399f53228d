// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.AfterNoise;
import org.espalier.experiments.recipe.ScheduleSettings.AtRewind;
import org.espalier.experiments.recipe.ScheduleSettings.Gradual;
import org.espalier.experiments.recipe.ScheduleSettings.Iterative;
import org.espalier.experiments.recipe.ScheduleSettings.Lottery;
import org.espalier.experiments.recipe.ScheduleSettings.MaskFrom;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.ScheduleSettings.Noise;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.OneShot;
import org.espalier.experiments.recipe.ScheduleSettings.PruneAfter;
import org.espalier.experiments.recipe.ScheduleSettings.Ramp;
import org.espalier.experiments.recipe.ScheduleSettings.Shape;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/** Reads schedules: a name, or one name with its settings. */
final class ScheduleReader {
    private static final String SHAPE =
            "a schedule, or one with its settings such as {lottery: {rewind-to: 500it}}";
    private static final String STEP = "epochs or iterations such as 2ep or 500it";
    private static final String MOMENT =
            "an epoch, counted from 0, at whose end it happens, or a step such as 4ep or 500it";
    private static final String PERIOD = "a number of epochs, or a step such as 4ep or 100it";
    private static final BigDecimal LEVEL_RATIO = new BigDecimal("0.2");
    private static final int TEST_BATCH = 128;
    private static final int MOST = 1_000_000_000;

    private static final List<String> IDS =
            List.of(
                    OneShot.ID,
                    Iterative.ID,
                    Lottery.ID,
                    MaskFrom.ID,
                    Ramp.ID,
                    Gradual.ID,
                    PruneAfter.AT_INITIALISATION,
                    PruneAfter.ID,
                    Noise.ID);

    private final Predicate<Value> isDataset;

    /**
     * @param isDataset whether a value names a data set; reports where it does not
     */
    ScheduleReader(Predicate<Value> isDataset) {
        this.isDataset = isDataset;
    }

    /** The schedule; empty where anything is wrong with it. */
    Optional<ScheduleSettings> read(Value value) {
        if (value.isString()) {
            return named(value, value.string().orElseThrow());
        }
        Optional<Fields> fields = Fields.named(value, SHAPE);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (fields.get().all().size() != 1) {
            value.expected(SHAPE);
            return Optional.empty();
        }
        Map.Entry<String, Value> entry = fields.get().all().entrySet().iterator().next();
        int before = value.problems().count();
        Optional<ScheduleSettings> read = withSettings(entry.getKey(), entry.getValue());
        return value.problems().count() > before ? Optional.empty() : read;
    }

    private static Optional<ScheduleSettings> named(Value value, String id) {
        switch (id) {
            case OneShot.ID:
                return Optional.of(new OneShot());
            case Lottery.ID:
                return Optional.of(
                        new Lottery(LEVEL_RATIO, Step.ZERO, AtRewind.REWOUND, AtRewind.REWOUND));
            case PruneAfter.AT_INITIALISATION:
                return Optional.of(new PruneAfter(Step.ZERO));
            default:
                unknown(value, id);
                return Optional.empty();
        }
    }

    private static void unknown(Value value, String id) {
        if (IDS.contains(id)) {
            value.problem(Text.of("expected settings of schedule %s, %s", id, example(id)));
        } else {
            value.problem(NearMatch.unknown(id, IDS));
        }
    }

    private static String example(String id) {
        return switch (id) {
            case Iterative.ID -> "as in {iterative: {rounds: 5, epochs: 3}}";
            case MaskFrom.ID -> "as in {mask-from: {dataset: mnist}}";
            case PruneAfter.ID -> "as in {prune-after: 10it}";
            case Noise.ID ->
                    "as in {noise: {start: 3, end: 27, period: 4, kind: zero, batches: 129}}";
            default -> Text.of("as in {%s: {start: 3, end: 27, period: 4}}", id);
        };
    }

    private Optional<ScheduleSettings> withSettings(String id, Value value) {
        return switch (id) {
            case Iterative.ID -> iterative(value);
            case Lottery.ID -> lottery(value);
            case MaskFrom.ID -> maskFrom(value);
            case Ramp.ID -> ramp(value);
            case Gradual.ID ->
                    fields(value, Moments.START, Moments.END, Moments.PERIOD)
                            .flatMap(ScheduleReader::moments)
                            .map(Gradual::new);
            case PruneAfter.ID -> step(value, STEP).map(PruneAfter::new);
            case Noise.ID -> noise(value);
            case OneShot.ID, PruneAfter.AT_INITIALISATION -> {
                value.problem(Text.of("expected no settings: write schedule: %s", id));
                yield Optional.empty();
            }
            default -> {
                unknown(value, id);
                yield Optional.empty();
            }
        };
    }

    private static Optional<ScheduleSettings> iterative(Value value) {
        Optional<Fields> found =
                fields(
                        value,
                        Iterative.ROUNDS,
                        Iterative.SHAPE,
                        Lottery.LEVEL_RATIO,
                        Iterative.EPOCHS);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        boolean rounds = fields.has(Iterative.ROUNDS);
        boolean levels = fields.has(Lottery.LEVEL_RATIO);
        if (rounds == levels || levels && fields.has(Iterative.SHAPE)) {
            value.expected(
                    "rounds (and shape), or level-ratio",
                    levels ? "level-ratio and rounds or shape" : "neither");
            return Optional.empty();
        }
        Optional<Integer> epochs =
                fields.find(Iterative.EPOCHS)
                        .flatMap(v -> v.integer("a whole number of epochs", 0, MOST))
                        .map(Long::intValue);
        if (levels) {
            return levelRatio(fields)
                    .map(ratio -> new Iterative(null, null, ratio, epochs.orElse(null)));
        }
        Shape shape = Choices.of(fields, Iterative.SHAPE, Shape.GEOMETRIC);
        return fields.find(Iterative.ROUNDS)
                .flatMap(v -> v.integer("a whole number of rounds", 1, 1000))
                .map(n -> new Iterative(n.intValue(), shape, null, epochs.orElse(null)));
    }

    private static Optional<ScheduleSettings> lottery(Value value) {
        return fields(
                        value,
                        Lottery.LEVEL_RATIO,
                        Lottery.REWIND_TO,
                        Lottery.WEIGHTS,
                        Lottery.LEARNING_RATE)
                .flatMap(
                        fields ->
                                both(
                                        levelRatio(fields),
                                        rewindTo(fields),
                                        (ratio, to) ->
                                                new Lottery(
                                                        ratio,
                                                        to,
                                                        Choices.of(
                                                                fields,
                                                                Lottery.WEIGHTS,
                                                                AtRewind.REWOUND),
                                                        Choices.of(
                                                                fields,
                                                                Lottery.LEARNING_RATE,
                                                                AtRewind.REWOUND))));
    }

    private Optional<ScheduleSettings> maskFrom(Value value) {
        Optional<Fields> found =
                fields(
                        value,
                        MaskFrom.DATASET,
                        MaskFrom.NOISE,
                        Lottery.LEVEL_RATIO,
                        Lottery.REWIND_TO);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        Optional<String> dataset =
                fields.require(MaskFrom.DATASET, "the name of a data set")
                        .filter(isDataset)
                        .flatMap(v -> v.name("a name"));
        Optional<BigDecimal> noise =
                fields.find(MaskFrom.NOISE)
                        .map(v -> v.decimal("a number of at least 0", n -> n.signum() >= 0))
                        .orElse(Optional.of(BigDecimal.ZERO));
        return both(
                levelRatio(fields),
                rewindTo(fields),
                (ratio, to) ->
                        dataset.isPresent() && noise.isPresent()
                                ? new MaskFrom(dataset.get(), noise.get(), ratio, to)
                                : null);
    }

    private static Optional<ScheduleSettings> ramp(Value value) {
        Optional<Fields> found =
                fields(value, Moments.START, Moments.END, Moments.PERIOD, Ramp.LAYERS);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Ramp.OfLayer> layers = new LinkedHashMap<>();
        found.get()
                .find(Ramp.LAYERS)
                .flatMap(v -> Fields.named(v, "a mapping of layers to their settings"))
                .ifPresent(
                        named ->
                                named.all()
                                        .forEach(
                                                (layer, own) ->
                                                        ofLayer(own)
                                                                .ifPresent(
                                                                        o ->
                                                                                layers.put(
                                                                                        layer,
                                                                                        o))));
        return moments(found.get()).map(moments -> new Ramp(moments, layers));
    }

    private static Optional<Ramp.OfLayer> ofLayer(Value value) {
        return fields(value, Ramp.OfLayer.RATIO, Moments.START, Moments.END)
                .map(
                        fields ->
                                new Ramp.OfLayer(
                                        fields.find(Ramp.OfLayer.RATIO)
                                                .flatMap(
                                                        v ->
                                                                v.decimal(
                                                                        "a fraction in [0, 1)",
                                                                        TrainingReader::isFraction))
                                                .orElse(null),
                                        fields.find(Moments.START)
                                                .flatMap(ScheduleReader::moment)
                                                .orElse(null),
                                        fields.find(Moments.END)
                                                .flatMap(ScheduleReader::moment)
                                                .orElse(null)));
    }

    private static Optional<ScheduleSettings> noise(Value value) {
        Optional<Fields> found =
                fields(
                        value,
                        Moments.START,
                        Moments.END,
                        Moments.PERIOD,
                        Noise.KIND,
                        Noise.BATCHES,
                        Noise.TARGETS,
                        Noise.AFTER,
                        Noise.TEST_BATCH);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        Optional<Long> batches =
                fields.require(Noise.BATCHES, "a number of batches, as in batches: 129")
                        .flatMap(v -> v.integer("a whole number of batches", 0, MOST));
        long test =
                fields.find(Noise.TEST_BATCH)
                        .flatMap(v -> v.integer("a whole number of samples", 1, MOST))
                        .orElse((long) TEST_BATCH);
        NoiseKind kind = Choices.of(fields, Noise.KIND, NoiseKind.ZERO);
        Targets targets = Choices.of(fields, Noise.TARGETS, Targets.NEW);
        AfterNoise after = Choices.of(fields, Noise.AFTER, AfterNoise.KEEP);
        return both(
                moments(fields),
                batches,
                (moments, n) -> new Noise(moments, kind, n.intValue(), targets, after, (int) test));
    }

    private static Optional<Moments> moments(Fields fields) {
        Optional<Step> start =
                fields.require(Moments.START, MOMENT).flatMap(ScheduleReader::moment);
        Optional<Step> end = fields.require(Moments.END, MOMENT).flatMap(ScheduleReader::moment);
        Optional<Step> period =
                fields.require(Moments.PERIOD, PERIOD)
                        .flatMap(
                                v ->
                                        v.isNumber()
                                                ? v.integer(PERIOD, 1, MOST).map(Step::epochs)
                                                : step(v, PERIOD));
        return start.isPresent() && end.isPresent() && period.isPresent()
                ? Optional.of(new Moments(start.get(), end.get(), period.get()))
                : Optional.empty();
    }

    /** Epoch e, counted from 0, stands for the moment at its end. */
    private static Optional<Step> moment(Value value) {
        return value.isNumber()
                ? value.integer(MOMENT, 0, MOST).map(epoch -> Step.epochs(epoch + 1))
                : step(value, MOMENT);
    }

    private static Optional<Step> rewindTo(Fields fields) {
        return fields.has(Lottery.REWIND_TO)
                ? fields.find(Lottery.REWIND_TO).flatMap(v -> step(v, STEP))
                : Optional.of(Step.ZERO);
    }

    private static Optional<Step> step(Value value, String expected) {
        Optional<String> text = value.string();
        if (text.isPresent()) {
            try {
                Step step = Step.parse(text.get());
                return Optional.of(step.count() == 0 ? Step.ZERO : step);
            } catch (IllegalArgumentException e) {
                value.expected(expected);
                return Optional.empty();
            }
        }
        value.expected(expected);
        return Optional.empty();
    }

    private static Optional<BigDecimal> levelRatio(Fields fields) {
        return fields.has(Lottery.LEVEL_RATIO)
                ? fields.find(Lottery.LEVEL_RATIO)
                        .flatMap(
                                v ->
                                        v.decimal(
                                                "a fraction in (0, 1)",
                                                n ->
                                                        n.signum() > 0
                                                                && n.compareTo(BigDecimal.ONE) < 0))
                : Optional.of(LEVEL_RATIO);
    }

    private static Optional<Fields> fields(Value value, String... known) {
        return Fields.of(
                value,
                "a mapping of settings: " + String.join(", ", known),
                new ArrayList<>(Arrays.asList(known)));
    }

    private interface Made<A, B> {
        ScheduleSettings of(A first, B second);
    }

    private static <A, B> Optional<ScheduleSettings> both(
            Optional<A> first, Optional<B> second, Made<A, B> made) {
        return first.isPresent() && second.isPresent()
                ? Optional.ofNullable(made.of(first.get(), second.get()))
                : Optional.empty();
    }
}
