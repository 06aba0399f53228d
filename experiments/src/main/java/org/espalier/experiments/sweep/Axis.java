// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

/** The axes of a grid, outermost first: cells that share a trunk stand together. */
enum Axis {
    RECIPE("recipe"),
    ARCHITECTURE("architecture"),
    DATASET("dataset"),
    NOISE("noise"),
    SEED("seed"),
    /** In the place of the recipe's; mostly not there. */
    SCHEDULE("schedule"),
    /** Its key says in which way sizes are written: the key of a {@code Ratio.Kind}. */
    RATIO("pruning-ratio"),
    METHOD("method");

    private final String key;

    Axis(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
