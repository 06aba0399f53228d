// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.io.Serializable;

/**
 * One operation, with all settings resolved. Its canonical text is what a stage's name is made of:
 * everything that determines bits, nothing else. A setting introduced later must leave the text as
 * it was at the value that means the old behaviour, so that old results keep their names.
 *
 * <p>What a stage takes as inputs is said by each: mostly the network it works on first, then the
 * data it sees or the networks it borrows from.
 */
public sealed interface Operation extends Serializable
        permits Data,
                Initialise,
                Train,
                Prune,
                Borrow,
                Rewind,
                Reinitialise,
                Perturb,
                Restore,
                Measure {

    /** Equal operations, equal text, on every machine. */
    String canonicalText();

    /** A word for messages: {@code train}, {@code prune}. */
    String verb();
}
