// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

/**
 * One thing that is wrong with a sweep file.
 *
 * @param line counted from 1; 0 for the file as a whole
 * @param column counted from 1; 0 for the file as a whole
 * @param key as the user wrote it, {@code grid.pruning-ratio[2]}; empty for the file as a whole
 * @param text what was expected and what came
 */
public record Problem(int line, int column, String key, String text) {

    /** {@code line 6: grid.pruning-ratio[2]: expected ..., got ...}. */
    public String message() {
        String where =
                line == 0 ? "" : "line " + line + (key.isEmpty() ? ", column " + column : "");
        String separated = where.isEmpty() ? "" : where + ": ";
        return separated + (key.isEmpty() ? "" : key + ": ") + text;
    }
}
