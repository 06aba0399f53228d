// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.io.Serializable;

/**
 * The seed of something that an operation may not draw.
 *
 * @param seed null where nothing is drawn, so that the seed determines no bits and is in no name
 */
public record OptionalSeed(Long seed) implements Serializable {
    /** Nothing is drawn. */
    public static final OptionalSeed NONE = new OptionalSeed(null);

    /** Something is drawn, from this seed. */
    public static OptionalSeed of(long seed) {
        return new OptionalSeed(seed);
    }

    /** The seed, or 0 where nothing is drawn. */
    public long orZero() {
        return seed == null ? 0 : seed;
    }

    /** {@code prefix} and the seed, or nothing. */
    String in(String prefix) {
        return seed == null ? "" : prefix + seed;
    }
}
