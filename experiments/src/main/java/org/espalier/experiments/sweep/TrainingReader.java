// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.results.text.Text;

/**
 * Reads one phase of training. What the dense phase does not say is adam at 0.001 (beta1 0.9, beta2
 * 0.999, epsilon 1e-8), batches of 64, no decay; what fine-tuning does not say is as in the dense
 * phase, except that it has no learning rate steps. The settings of an optimizer are taken over
 * only by the same optimizer. Both phases say their number of epochs.
 */
final class TrainingReader {
    static final String OPTIMIZER = "optimizer";
    static final String RATE = "learning-rate";
    static final String STEPS = "learning-rate-steps";
    static final String FACTOR = "learning-rate-factor";
    static final String MOMENTUM = "momentum";
    static final String BETA1 = "beta1";
    static final String BETA2 = "beta2";
    static final String EPSILON = "epsilon";
    static final String DECAY = "weight-decay";
    static final String DECAY_KIND = "weight-decay-kind";
    static final String BATCH = "batch-size";
    static final String EPOCHS = "epochs";

    private static final List<String> KEYS =
            List.of(
                    OPTIMIZER,
                    RATE,
                    STEPS,
                    FACTOR,
                    MOMENTUM,
                    BETA1,
                    BETA2,
                    EPSILON,
                    DECAY,
                    DECAY_KIND,
                    BATCH,
                    EPOCHS);

    private static final List<String> ADAM_ALONE = List.of("adam");
    private static final Map<String, List<String>> OWNERS =
            Map.of(
                    MOMENTUM,
                    List.of("sgd", "nesterov"),
                    BETA1,
                    ADAM_ALONE,
                    BETA2,
                    ADAM_ALONE,
                    EPSILON,
                    ADAM_ALONE);

    private static final String FRACTION = "a fraction in [0, 1)";
    private static final Predicate<BigDecimal> POSITIVE = v -> v.signum() > 0;
    private static final BigDecimal FACTOR_BY_DEFAULT = new BigDecimal("0.1");
    private static final Optimizer.Sgd SGD = new Optimizer.Sgd();
    private static final Optimizer.Nesterov NESTEROV =
            new Optimizer.Nesterov(new BigDecimal("0.9"));
    private static final Optimizer.Adam ADAM =
            new Optimizer.Adam(
                    new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8"));
    private static final Training DEFAULTS =
            new Training(
                    ADAM, LearningRate.constant(new BigDecimal("0.001")), WeightDecay.NONE, 64, 0);

    private final Fields fields;
    private final Training base;

    private TrainingReader(Fields fields, Training base) {
        this.fields = fields;
        this.base = base;
    }

    static Optional<Training> dense(Value value) {
        return read(value, DEFAULTS);
    }

    /**
     * With the defaults of the dense phase; where that could not be read, only for its problems.
     */
    static Optional<Training> fineTune(Value value, Optional<Training> dense) {
        return read(value, dense.orElse(DEFAULTS));
    }

    static boolean isFraction(BigDecimal value) {
        return value.signum() >= 0 && value.compareTo(BigDecimal.ONE) < 0;
    }

    private static Optional<Training> read(Value value, Training base) {
        int before = value.problems().count();
        Optional<Training> training =
                Fields.of(value, "a mapping such as {epochs: 10}", KEYS)
                        .map(fields -> new TrainingReader(fields, base).training());
        return value.problems().count() > before ? Optional.empty() : training;
    }

    private Training training() {
        Optimizer optimizer = optimizer();
        LearningRate rate = learningRate();
        WeightDecay decay = weightDecay();
        int batch =
                fields.find(BATCH)
                        .flatMap(v -> v.integer("a number of samples", 1, Integer.MAX_VALUE))
                        .orElse((long) base.batchSize())
                        .intValue();
        int epochs =
                fields.require(EPOCHS, "a number of epochs")
                        .flatMap(v -> v.integer("a number of epochs", 0, Integer.MAX_VALUE))
                        .orElse(0L)
                        .intValue();
        return new Training(optimizer, rate, decay, batch, epochs);
    }

    private Optimizer optimizer() {
        Optional<Value> chosen = fields.find(OPTIMIZER);
        Optional<String> id =
                chosen.isEmpty()
                        ? Optional.of(base.optimizer().id())
                        : chosen.get().choice(List.of("sgd", "nesterov", "adam"));
        BigDecimal momentum = decimal(MOMENTUM, FRACTION, TrainingReader::isFraction, null);
        BigDecimal beta1 = decimal(BETA1, FRACTION, TrainingReader::isFraction, null);
        BigDecimal beta2 = decimal(BETA2, FRACTION, TrainingReader::isFraction, null);
        BigDecimal epsilon = decimal(EPSILON, "a number above 0", POSITIVE, null);
        if (id.isEmpty()) {
            return base.optimizer();
        }
        OWNERS.forEach((setting, owner) -> refuse(setting, owner, id.get()));
        switch (id.get()) {
            case "sgd":
                Optimizer.Sgd s = base.optimizer() instanceof Optimizer.Sgd same ? same : SGD;
                return new Optimizer.Sgd(or(momentum, s.momentum()));
            case "nesterov":
                Optimizer.Nesterov n =
                        base.optimizer() instanceof Optimizer.Nesterov same ? same : NESTEROV;
                return new Optimizer.Nesterov(or(momentum, n.momentum()));
            case "adam":
                Optimizer.Adam a = base.optimizer() instanceof Optimizer.Adam same ? same : ADAM;
                return new Optimizer.Adam(
                        or(beta1, a.beta1()), or(beta2, a.beta2()), or(epsilon, a.epsilon()));
            default:
                throw new AssertionError(id.get());
        }
    }

    private void refuse(String setting, List<String> owners, String chosen) {
        if (!owners.contains(chosen)) {
            fields.find(setting)
                    .ifPresent(
                            v ->
                                    v.expected(
                                            Text.of(
                                                    "no %s with optimizer %s (it belongs to %s)",
                                                    setting,
                                                    chosen,
                                                    String.join(" and ", owners))));
        }
    }

    private LearningRate learningRate() {
        BigDecimal initial =
                decimal(RATE, "a number above 0", POSITIVE, base.learningRate().initial());
        List<Integer> steps = fields.find(STEPS).map(TrainingReader::steps).orElse(List.of());
        BigDecimal byDefault =
                base.learningRate().steps().isEmpty()
                        ? FACTOR_BY_DEFAULT
                        : base.learningRate().factor();
        BigDecimal factor = decimal(FACTOR, "a number above 0", POSITIVE, byDefault);
        if (fields.has(FACTOR) && !hasElements(STEPS) && !fields.misspelled(STEPS)) {
            fields.find(FACTOR)
                    .orElseThrow()
                    .expected("learning-rate-steps beside a factor", "a factor alone");
        }
        return new LearningRate(initial, steps, factor);
    }

    private boolean hasElements(String key) {
        return fields.find(key).filter(v -> !v.elements().isEmpty()).isPresent();
    }

    private static List<Integer> steps(Value value) {
        String expected = "a list of increasing epochs, e.g. [80, 120]";
        if (!value.isList()) {
            value.expected(expected);
            return List.of();
        }
        List<Integer> steps = new ArrayList<>();
        for (Value element : value.elements()) {
            Optional<Long> step = element.integer("an epoch", 1, Integer.MAX_VALUE);
            if (step.isEmpty()) {
                return List.of();
            }
            if (!steps.isEmpty() && step.get() <= steps.get(steps.size() - 1)) {
                element.expected("an epoch after " + steps.get(steps.size() - 1), element.shown());
                return List.of();
            }
            steps.add(step.get().intValue());
        }
        return steps;
    }

    private WeightDecay weightDecay() {
        int before = fields.mapping().problems().count();
        BigDecimal coefficient =
                decimal(
                        DECAY,
                        "a number of at least 0",
                        v -> v.signum() >= 0,
                        base.weightDecay().coefficient());
        WeightDecay.Kind kind = base.weightDecay().kind();
        Optional<String> word =
                fields.find(DECAY_KIND).flatMap(v -> v.choice(List.of("coupled", "decoupled")));
        if (word.isPresent()) {
            kind =
                    word.get().equals("coupled")
                            ? WeightDecay.Kind.COUPLED
                            : WeightDecay.Kind.DECOUPLED;
            boolean known =
                    fields.mapping().problems().count() == before && !fields.misspelled(DECAY);
            if (known && coefficient.signum() == 0) {
                fields.find(DECAY_KIND)
                        .orElseThrow()
                        .expected("a weight-decay above 0 beside its kind", "no decay");
            }
        }
        return new WeightDecay(coefficient, kind);
    }

    private BigDecimal decimal(
            String key, String expected, Predicate<BigDecimal> test, BigDecimal byDefault) {
        return fields.find(key).flatMap(v -> v.decimal(expected, test)).orElse(byDefault);
    }

    private static BigDecimal or(BigDecimal value, BigDecimal byDefault) {
        return value == null ? byDefault : value;
    }
}
