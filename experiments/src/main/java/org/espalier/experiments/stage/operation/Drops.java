// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import org.espalier.experiments.random.Seeds;

/** Whether a network has layers that drop units in training. */
public enum Drops {
    SOME,
    NOTHING;

    /** The seed of dropout masks, where any are drawn. */
    public OptionalSeed seed(Seeds seeds) {
        return this == SOME ? OptionalSeed.of(seeds.dropout()) : OptionalSeed.NONE;
    }
}
