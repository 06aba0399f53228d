// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pruning methods that a sweep file can name. A new method is one line here. */
public final class Methods {
    /** Size of the mini-batch of the gradient methods: the batch of Good et al.'s code. */
    private static final int BATCH = 128;

    /** Samples of elimination-compensation's means; the paper does not give its number. */
    private static final int SENSITIVITY_SAMPLES = 10_000;

    /** Methods that tickets can be drawn by. */
    private static final List<String> RANKING =
            List.of("random", "magnitude", "gradient", "undecayed", "elimination-compensation");

    private static final List<MethodDefinition> ALL =
            List.of(
                    new MethodDefinition(
                            "random",
                            "keeps weights by chance (the baseline)",
                            List.of(),
                            given -> new Uniform()),
                    Targeted.definition(
                            "magnitude",
                            "keeps the largest |w| (Han et al. 2015)",
                            List.of(),
                            given -> new Magnitude()),
                    Targeted.definition(
                            "gradient",
                            "keeps the largest |w g|, g the gradient of mini-batches",
                            List.of(Settings.samples(), Settings.batches()),
                            given -> new Gradient(samples(given, BATCH), batches(given))),
                    Targeted.definition(
                            "undecayed",
                            "keeps the largest |-w g + decay w^2|; decay is the recipe's unless set"
                                    + " (Good et al. 2022)",
                            List.of(
                                    Settings.decimal(Undecayed.WEIGHT_DECAY),
                                    Settings.samples(),
                                    Settings.batches()),
                            given ->
                                    new Undecayed(
                                            (BigDecimal) given.get(Undecayed.WEIGHT_DECAY),
                                            samples(given, BATCH),
                                            batches(given))),
                    Targeted.definition(
                            "elimination-compensation",
                            "keeps what a shift of the bias cannot make up for, and shifts the"
                                    + " biases (Ballini et al. 2026)",
                            List.of(
                                    Settings.choice(
                                            EliminationCompensation.COMPENSATION,
                                            List.of("on", "off")),
                                    Settings.samples(),
                                    Settings.choice(
                                            EliminationCompensation.OUTPUT,
                                            List.of("logits", "softmax"))),
                            Methods::eliminationCompensation),
                    control(
                            TicketControl.Kind.REINITIALISED,
                            "the ticket's mask on new initial weights"),
                    control(
                            TicketControl.Kind.RANDOM_MASK,
                            "a mask by chance with the ticket's density in each layer"),
                    control(
                            TicketControl.Kind.ONE_SHOT,
                            "the ticket's number of weights, pruned at once"));

    private Methods() {}

    /** All methods, in the order in which a list shows them. */
    public static List<MethodDefinition> all() {
        return ALL;
    }

    /** The method of this name. */
    public static Optional<MethodDefinition> find(String id) {
        return ALL.stream().filter(definition -> definition.id().equals(id)).findFirst();
    }

    /** A control of the tickets that a method draws, magnitude where none is named. */
    private static MethodDefinition control(TicketControl.Kind kind, String summary) {
        return new MethodDefinition(
                kind.id(),
                summary + " (schedules lottery, mask-from)",
                List.of(Settings.choice(TicketControl.OF, RANKING)),
                given ->
                        new TicketControl(
                                kind,
                                find((String) given.getOrDefault(TicketControl.OF, "magnitude"))
                                        .orElseThrow()
                                        .create()
                                        .apply(Map.of())));
    }

    private static int samples(Map<String, Object> given, int otherwise) {
        return (Integer) given.getOrDefault(Settings.SAMPLES, otherwise);
    }

    private static int batches(Map<String, Object> given) {
        return (Integer) given.getOrDefault(Settings.BATCHES, 1);
    }

    private static PruningMethod eliminationCompensation(Map<String, Object> given) {
        String compensation =
                (String) given.getOrDefault(EliminationCompensation.COMPENSATION, "on");
        String output = (String) given.getOrDefault(EliminationCompensation.OUTPUT, "logits");
        return new EliminationCompensation(
                EliminationCompensation.Compensation.valueOf(compensation.toUpperCase(Locale.ROOT)),
                samples(given, SENSITIVITY_SAMPLES),
                Evidence.Output.valueOf(output.toUpperCase(Locale.ROOT)),
                EliminationCompensation.Biases.ALL);
    }
}
