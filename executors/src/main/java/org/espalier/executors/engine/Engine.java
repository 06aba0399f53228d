// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.Optional;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.pruning.LayerKind;
import org.espalier.experiments.pruning.Need;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.results.text.Text;

/** Something that can run networks. Stateless; networks of one engine may run side by side. */
public interface Engine extends Suitability.Source {

    /** Name in recipes and rows. */
    String id();

    /** Why it cannot run in this JVM, and what would help; empty where it can. */
    default Optional<String> hindrance() {
        return Optional.empty();
    }

    /**
     * What determines bits beside the recipe: engine, version of its arithmetic, and the native
     * code under it where that matters. Part of every cell's name; changes only when bits change.
     */
    String numerics();

    /** What {@link Network} gives: all that a method can need but activations and their norms. */
    @Override
    default Optional<String> lack(Need need, LayerKind on) {
        return need instanceof Need.Activations || need instanceof Need.InputNorms
                ? Optional.of(Text.of("engine %s cannot give %s", id(), need.text()))
                : Optional.empty();
    }

    /** Library, BLAS and instruction set, for a row's provenance. */
    String backend();

    /**
     * A network of this architecture with all parameters zero and nothing masked.
     *
     * @param batchSize most samples of one {@link Network#step}
     */
    Network compile(Architecture architecture, int batchSize);
}
