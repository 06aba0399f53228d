// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.List;
import java.util.Optional;
import org.espalier.experiments.pruning.MethodDefinition;

/** The names that a sweep file may use, and what they mean. */
public interface Catalogue {

    /** Names of architectures to offer in messages; there may be more, such as families. */
    List<String> architectures();

    /**
     * Empty where the architecture exists; otherwise what is wrong with the name, to follow it in a
     * message: {@code not an architecture}, or {@code width 0 is not positive}.
     */
    Optional<String> problemWithArchitecture(String name);

    /** All pruning methods. */
    List<MethodDefinition> methods();

    /** Names of the data sets that can be named here and now. */
    List<String> datasets();

    /**
     * Whether a name may stand for a data set; whether it is one that can be read is the plan's to
     * say.
     */
    default boolean mayBeDataset(String name) {
        return datasets().contains(name);
    }

    /** What becomes of a data set that is not among {@link #datasets()}. */
    UnknownDatasets unknownDatasets();

    /** Engines that a recipe may choose; the first is the default. */
    List<String> engines();

    /** Whether the list of data sets is complete. */
    enum UnknownDatasets {
        /** It is complete: another name is a problem of the sweep file. */
        REFUSED,
        /** It may lie in a folder that is not known yet: any well-formed name is accepted. */
        ACCEPTED
    }
}
