// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.experiments.recipe.Recipe;

/**
 * What a lottery ticket is compared with: the ticket that a method draws, with one thing of it left
 * to chance or left out. Only schedules that draw tickets know what to do with it.
 *
 * @param of method that draws the ticket
 */
public record TicketControl(Kind kind, PruningMethod of) implements PruningMethod {
    static final String OF = "of";

    /** What is not the ticket's. */
    public enum Kind {
        /** The ticket's mask on new initial weights (Frankle and Carbin 2019, arXiv:1803.03635). */
        REINITIALISED("random-reinitialisation"),
        /** In each layer as many weights as the ticket has, by chance. */
        RANDOM_MASK("random-mask"),
        /** As many weights as the ticket has, pruned at once after the first training. */
        ONE_SHOT("one-shot-ticket");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    @Override
    public String id() {
        return kind.id;
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of(OF, of.id()));
    }

    /** As the method that draws the ticket ranks. */
    @Override
    public Ranking rank(Evidence evidence) {
        return of.rank(evidence);
    }

    @Override
    public Set<Draw> draws() {
        return of.draws();
    }

    @Override
    public PruningMethod resolve(Recipe recipe) {
        return new TicketControl(kind, of.resolve(recipe));
    }

    @Override
    public PruningMethod on(String structure) {
        return new TicketControl(kind, of.on(structure));
    }

    @Override
    public Target target() {
        return of.target();
    }

    @Override
    public List<Need> needs() {
        return of.needs();
    }

    @Override
    public Optional<String> remark(LayerKind layer) {
        return of.remark(layer);
    }

    @Override
    public String besideSettings() {
        return of.besideSettings();
    }

    @Override
    public List<String> notes() {
        return of.notes();
    }
}
