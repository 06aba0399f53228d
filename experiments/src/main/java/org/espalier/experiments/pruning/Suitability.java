// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.Optional;

/**
 * Whether a method can rank the weights of a kind of layer on an engine. The one table of it: plans
 * refuse by it and lists print it.
 *
 * @param allowed whether it can
 * @param why the reason where it cannot; where it can, what is different there, or nothing
 */
public record Suitability(boolean allowed, String why) {

    /** What an engine can show of a network. */
    public interface Source {
        /**
         * Why it cannot give what a method needs of a kind of layer, as a clause: {@code engine
         * vector cannot give activations}. Empty where it can.
         */
        Optional<String> lack(Need need, LayerKind on);
    }

    /** The entry of a method, with its settings, for a kind of layer and an engine. */
    public static Suitability of(PruningMethod method, LayerKind kind, Source engine) {
        for (Need need : method.needs()) {
            Optional<String> lack = engine.lack(need, kind);
            if (lack.isPresent()) {
                return new Suitability(false, lack.get());
            }
        }
        return new Suitability(true, method.remark(kind).orElse(""));
    }
}
