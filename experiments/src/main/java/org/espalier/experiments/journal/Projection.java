// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.experiments.journal.Entry.Measured;
import org.espalier.experiments.journal.Entry.Note;
import org.espalier.experiments.journal.Entry.Perturbed;
import org.espalier.experiments.journal.Entry.Pruned;
import org.espalier.experiments.journal.Entry.Rewound;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.statistics.Instability;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Event;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Moment;
import org.espalier.results.CellRow.Round;
import org.espalier.results.CellRow.Scoring;
import org.espalier.results.CellRow.Selection;
import org.espalier.results.CellRow.Ticket;
import org.espalier.results.text.Text;

/**
 * A cell's journal as the columns of its row. The same for a cell that failed: what the journal
 * does not tell is null or empty. How trainings were cut, in this sweep or an earlier one, makes no
 * difference to it.
 */
public final class Projection {
    private static final String TRAINED = "trained";

    private final PlannedCell cell;
    private final Journal journal;

    /**
     * @param journal of the cell's last network, or as far as it came, with what was measured of
     *     the networks behind it
     */
    public Projection(PlannedCell cell, Journal journal) {
        this.cell = cell;
        this.journal = journal;
    }

    /** The network that pruning starts from; null where it is not known. */
    public Evaluation dense() {
        return journal.of(cell.programme().dense().name());
    }

    /** The network straight after its last pruning; for a control the same as {@link #dense}. */
    public Evaluation pruned() {
        return Evaluations.withoutLabels(journal.of(cell.programme().pruned().name()), dense());
    }

    /** The network at the end. */
    public Evaluation fineTuned() {
        return Evaluations.withoutLabels(journal.of(cell.leaf().name()), dense());
    }

    /** Epochs that ended, of all phases. */
    public List<CurvePoint> curve() {
        return journal.all(Trained.class).stream().flatMap(t -> t.curve().stream()).toList();
    }

    /** Of each phase by every rule; the last part of a phase knows all of it. */
    public List<Selection> selections() {
        Map<String, List<Selection>> phases = new LinkedHashMap<>();
        for (Trained trained : journal.all(Trained.class)) {
            if (!trained.selections().isEmpty()) {
                phases.put(trained.phase() + " " + trained.round(), trained.selections());
            }
        }
        return phases.values().stream().flatMap(List::stream).toList();
    }

    /** Prunings, each with the training up to the next one. */
    public List<Round> rounds() {
        List<Round> rounds = new ArrayList<>();
        List<Entry> entries = journal.entries();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Pruned pruned) {
                int epochs = 0;
                Evaluation end = null;
                for (int j = i + 1; j < entries.size(); j++) {
                    if (entries.get(j) instanceof Pruned) {
                        break;
                    }
                    if (entries.get(j) instanceof Trained trained) {
                        epochs += trained.curve().size();
                        end = trained.evaluation();
                    }
                }
                rounds.add(
                        new Round(
                                rounds.size() + 1,
                                sparsity(pruned.layers()),
                                epochs,
                                test(pruned.before()),
                                test(pruned.after()),
                                test(end)));
            }
        }
        return rounds;
    }

    /** Everything that was done to the network but training it. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        Trained last = null;
        double asked = 0;
        for (Entry entry : journal.entries()) {
            if (entry instanceof Trained trained) {
                last = trained;
            } else if (entry instanceof Pruned pruned) {
                asked = pruned.asked();
                events.add(
                        event(
                                pruned.source() == null ? "prune" : "borrow",
                                last,
                                pruned.at(),
                                asked,
                                pruned.touched(),
                                moment(pruned.before(), pruned.from()),
                                moment(pruned.after(), pruned.stage()),
                                pruned.scoring(),
                                pruned.compensationNorm(),
                                null));
            } else if (entry instanceof Perturbed perturbed) {
                events.add(
                        event(
                                perturbed.kind(),
                                last,
                                perturbed.at(),
                                null,
                                perturbed.touched(),
                                moment(perturbed.before(), perturbed.from()),
                                moment(perturbed.after(), perturbed.stage()),
                                perturbed.scoring(),
                                null,
                                noise(perturbed)));
            } else if (entry instanceof Rewound rewound) {
                events.add(
                        event(
                                rewound.kind(),
                                last,
                                rewound.at(),
                                null,
                                rewound.touched(),
                                null,
                                null,
                                null,
                                null,
                                null));
            }
        }
        return events;
    }

    /** For how long the noise was laid, by the plan. */
    private CellRow.Perturbation noise(Perturbed perturbed) {
        if (perturbed.kind().equals("restore")) {
            return new CellRow.Perturbation(null, 0, 0, true);
        }
        int training = 0;
        int tests = 1;
        for (Stage stage : cell.leaf().path()) {
            if (stage.name().equals(perturbed.stage())) {
                tests = ((Perturb) stage.operation()).draws();
            } else if (stage.operation() instanceof Train train
                    && train.noise() != null
                    && stage.network().orElseThrow().name().equals(perturbed.stage())) {
                training = Math.toIntExact(train.noise().trainingBatches(train.epoch()));
                tests = train.noise().batches() - training;
            }
        }
        return new CellRow.Perturbation(perturbed.sigma(), training, tests, false);
    }

    private Event event(
            String kind,
            Trained last,
            Place at,
            Double asked,
            List<LayerEvent> touched,
            Moment before,
            Moment after,
            Scoring scoring,
            Double compensation,
            CellRow.Perturbation noise) {
        return new Event(
                kind,
                scoring == null ? null : target(scoring),
                last == null ? Train.DENSE : last.phase(),
                at.epochs(),
                at.iterations(),
                last == null ? null : last.learningRate(),
                asked,
                touched.stream().mapToLong(LayerEvent::touched).sum(),
                touched.stream().mapToLong(LayerEvent::remaining).sum(),
                touched,
                before,
                after,
                instability(before, after),
                scoring,
                compensation,
                noise);
    }

    /**
     * Which scores were taken: as the cell's method takes them, or, where a schedule scored by
     * another, as that one does without settings.
     */
    private String target(Scoring scoring) {
        PruningMethod method = cell.cell().method();
        if (method != null && method.id().equals(scoring.method())) {
            return Text.word(method.target());
        }
        return Methods.find(scoring.method())
                .map(other -> Text.word(other.create().apply(Map.of()).target()))
                .orElse(Text.word(PruningMethod.Target.SMALL));
    }

    private static Double instability(Moment before, Moment after) {
        if (before == null
                || after == null
                || before.accuracy() == null
                || after.accuracy() == null) {
            return null;
        }
        var instability = Instability.of(before.accuracy(), after.accuracy());
        return instability.isPresent() ? instability.getAsDouble() : null;
    }

    private Moment moment(Evaluation evaluation, String stage) {
        if (evaluation == null || evaluation.test() == null) {
            return null;
        }
        Measures test = evaluation.test();
        Evaluation all = journal.of(stage);
        boolean train = all != null && all.train() != null;
        return new Moment(
                test.loss(),
                test.accuracy(),
                test.classCorrect(),
                train ? all.train().loss() : null);
    }

    /** How much is pruned, as far as that is known. */
    public CellRow.Sparsity sparsity() {
        Facts facts = cell.facts();
        List<Pruned> prunings = journal.all(Pruned.class);
        boolean noise = cell.programme().pruned().operation() instanceof Perturb;
        if (cell.cell().method() == null || noise) {
            return new CellRow.Sparsity(
                    noise ? facts.sparsityAsked() : 0.0,
                    0.0,
                    1.0,
                    facts.layers().stream()
                            .map(l -> new LayerSparsity(l.layer(), l.weights(), 0, 0))
                            .toList(),
                    0);
        }
        if (prunings.isEmpty()) {
            return new CellRow.Sparsity(facts.sparsityAsked(), null, null, List.of(), null);
        }
        Pruned last = prunings.get(prunings.size() - 1);
        return new CellRow.Sparsity(
                facts.sparsityAsked(),
                sparsity(last.layers()),
                last.compression(),
                last.layers(),
                (int) last.layers().stream().filter(l -> l.pruned() == l.weights()).count());
    }

    private static double sparsity(List<LayerSparsity> layers) {
        return (double) layers.stream().mapToLong(LayerSparsity::pruned).sum()
                / layers.stream().mapToLong(LayerSparsity::weights).sum();
    }

    /** The mask at the end; null where nothing was pruned. */
    public Ticket ticket() {
        List<Pruned> prunings = journal.all(Pruned.class);
        if (prunings.isEmpty()) {
            return null;
        }
        Pruned mask = prunings.get(prunings.size() - 1);
        Entry.Source source = mask.source();
        List<Rewound> rewound = journal.all(Rewound.class);
        Rewound last = rewound.isEmpty() ? null : rewound.get(rewound.size() - 1);
        return new Ticket(
                mask.mask(),
                source == null ? prunings.size() : source.level(),
                start(mask, last),
                last == null ? null : last.to(),
                source == null ? null : source.stage(),
                source == null ? null : source.dataset(),
                source == null ? null : source.overlap());
    }

    /** What the weights under the mask were trained from last. */
    private String start(Pruned mask, Rewound last) {
        if (last == null) {
            return mask.source() == null ? TRAINED : "early";
        }
        return last.kind().equals("rewind") ? "rewound" : "re-initialised";
    }

    /** What a reader must know, each once: what the method says of itself, then what came up. */
    public List<String> notes() {
        Stream<String> method =
                cell.cell().method() == null ? Stream.of() : cell.cell().method().notes().stream();
        return Stream.concat(method, journal.all(Note.class).stream().map(Note::text))
                .distinct()
                .toList();
    }

    /** Seconds of the dense training, as far as the trunk that other cells share. */
    public double trunkSeconds() {
        return trainSeconds(true);
    }

    /** Seconds of all other training. */
    public double fineTuneSeconds() {
        return trainSeconds(false);
    }

    private double trainSeconds(boolean ofTrunk) {
        double seconds = 0;
        boolean trunk = true;
        for (Trained trained : journal.all(Trained.class)) {
            trunk &= trained.round() == 0 && trained.phase().equals(Train.DENSE);
            seconds += trunk == ofTrunk ? trained.trainSeconds() : 0;
            trunk &= !trained.stage().equals(cell.programme().trunk().name());
        }
        return seconds;
    }

    /** Seconds of scoring. */
    public double scoreSeconds() {
        return events().stream()
                .filter(e -> e.scoring() != null)
                .mapToDouble(e -> e.scoring().seconds())
                .sum();
    }

    /** Seconds of measuring beside training. */
    public double evaluateSeconds() {
        double seconds = 0;
        for (Entry entry : journal.entries()) {
            if (entry instanceof Trained trained) {
                seconds += trained.evaluateSeconds();
            } else if (entry instanceof Pruned pruned) {
                seconds += pruned.evaluateSeconds();
            } else if (entry instanceof Perturbed perturbed) {
                seconds += perturbed.evaluateSeconds();
            } else if (entry instanceof Measured measured) {
                seconds += measured.seconds();
            }
        }
        return seconds;
    }

    private static Measures test(Evaluation evaluation) {
        return evaluation == null ? null : evaluation.test();
    }
}
