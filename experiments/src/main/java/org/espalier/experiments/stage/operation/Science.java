// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.espalier.results.text.Text;

/**
 * Versions of what the engines share: streams, noise, initial weights, the order of batches,
 * scoring, counting. As an engine's numerics they change only when bits do; version 1 is not
 * written, so a change renames what it changes and nothing else. The golden cells fail when bits
 * change without it.
 */
public enum Science {
    /** Noise, split, and whatever else is done to a data set. */
    DATA(1),
    /** Initial weights, drawn at the start or anew. */
    INITIALISE(1),
    /** The training loop: order of samples, batches, dropout, learning rates. */
    TRAIN(1),
    /** Scores, masks, shifts. */
    PRUNE(1),
    /** Noise laid over weights. */
    PERTURB(1),
    /** Evaluation: losses, counts, calibration, predictions. */
    MEASURE(1);

    private final int version;

    Science(int version) {
        this.version = version;
    }

    /** Appended to the text of an operation that rests on it. */
    String in(String text) {
        return written(version, text);
    }

    static String written(int version, String text) {
        return version == 1 ? text : text + " science=" + version;
    }

    /** For a row: those that are not 1, {@code train=2 prune=3}. */
    public static String versions() {
        return Arrays.stream(values())
                .filter(part -> part.version != 1)
                .map(part -> Text.word(part) + "=" + part.version)
                .collect(Collectors.joining(" "));
    }
}
