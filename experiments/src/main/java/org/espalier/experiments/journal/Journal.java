// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.experiments.journal.Entry.Pruned;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;

/**
 * What the stages behind a network have found out, in order. It only grows, travels with the
 * network in snapshots, and a row is a projection of it: {@link Projection}.
 */
public record Journal(List<Entry> entries) implements Serializable {
    /** Of a network that has just been made. */
    public static final Journal EMPTY = new Journal(List.of());

    public Journal {
        entries = List.copyOf(entries);
    }

    /** This one with more at its end. */
    public Journal plus(List<? extends Entry> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more);
        return new Journal(all);
    }

    /** Prunings so far: the round that the next training belongs to. */
    public int prunings() {
        return (int) all(Pruned.class).stream().count();
    }

    /**
     * Prunings and perturbations so far, restorations among them: the index of the next one's
     * streams.
     */
    public int events() {
        return (int)
                entries.stream()
                        .filter(e -> e instanceof Pruned || e instanceof Entry.Perturbed)
                        .count();
    }

    /** The latest training; empty where there was none. */
    public Optional<Trained> lastTraining() {
        List<Trained> trainings = all(Trained.class);
        return trainings.isEmpty()
                ? Optional.empty()
                : Optional.of(trainings.get(trainings.size() - 1));
    }

    /** Epochs of a phase that have ended, in all its parts. */
    public List<CurvePoint> curve(String phase, int round) {
        return all(Trained.class).stream()
                .filter(t -> t.phase().equals(phase) && t.round() == round)
                .flatMap(t -> t.curve().stream())
                .toList();
    }

    /** All that was measured of a stage's network; null where nothing was. */
    public Evaluation of(String stage) {
        Evaluation known = null;
        for (Entry entry : entries) {
            if (entry.stage().equals(stage)) {
                known = Evaluations.merged(known, evaluation(entry));
            } else if (entry instanceof Pruned pruned && pruned.from().equals(stage)) {
                known = Evaluations.merged(known, pruned.before());
            } else if (entry instanceof Entry.Perturbed noise && noise.from().equals(stage)) {
                known = Evaluations.merged(known, noise.before());
            }
        }
        return known;
    }

    private static Evaluation evaluation(Entry entry) {
        if (entry instanceof Trained trained) {
            return trained.evaluation();
        }
        if (entry instanceof Pruned pruned) {
            return pruned.after();
        }
        if (entry instanceof Entry.Perturbed perturbed) {
            return perturbed.after();
        }
        if (entry instanceof Entry.Measured measured) {
            return measured.evaluation();
        }
        return null;
    }

    /** Entries of one kind, in order. */
    public <E extends Entry> List<E> all(Class<E> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
