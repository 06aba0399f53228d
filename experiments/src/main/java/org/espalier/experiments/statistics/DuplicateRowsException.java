// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import org.espalier.results.FiledRow;
import org.espalier.results.text.Text;

/**
 * Two rows that a statistic would have to take for one: the same condition and seed. Whichever it
 * took, the other would be lost unsaid.
 */
public final class DuplicateRowsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    DuplicateRowsException(FiledRow first, FiledRow second) {
        this(
                first.row().seed(),
                first.row().cellId(),
                first.file(),
                second.row().cellId(),
                second.file());
    }

    /** Of two cells by their names, and where each was read. */
    public DuplicateRowsException(
            long seed, String first, String firstFile, String second, String secondFile) {
        super(
                Text.of(
                        "two rows are of one condition and seed %d: cell %s in %s and cell %s in %s;"
                                + " keep one of them, or give the cells settings that tell them apart",
                        seed, first, firstFile, second, secondFile));
    }
}
