// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.random;

import java.io.Serializable;

/**
 * Where each kind of chance in a cell starts. One seed sets all ({@link #all}); set apart they tell
 * the variance by source (Bouthillier et al. 2021, Accounting for Variance in Machine Learning
 * Benchmarks, arXiv:2103.03098). Streams of equal seeds but other purposes are independent all the
 * same: {@link Streams} mixes the purpose in.
 *
 * @param initialWeights of {@link Streams.Purpose#INITIAL_WEIGHTS}
 * @param denseOrder of {@link Streams.Purpose#DATA_ORDER} in the dense training
 * @param fineTuneOrder of {@link Streams.Purpose#DATA_ORDER} in every training after it
 * @param split of {@link Streams.Purpose#VALIDATION_SPLIT}
 * @param noise of {@link Streams.Purpose#NOISE}
 * @param dropout of {@link Streams.Purpose#DROPOUT}
 * @param mask of {@link Streams.Purpose#PRUNING}
 * @param scoring of {@link Streams.Purpose#SCORING}
 */
public record Seeds(
        long initialWeights,
        long denseOrder,
        long fineTuneOrder,
        long split,
        long noise,
        long dropout,
        long mask,
        long scoring)
        implements Serializable {

    /** One seed for everything. */
    public static Seeds all(long seed) {
        return new Seeds(seed, seed, seed, seed, seed, seed, seed, seed);
    }

    /**
     * A seed that no cell of a grid has, since theirs are at least 0: for what must differ from the
     * cell's own and be the same in every sweep.
     */
    public static long other(long seed) {
        return -1 - seed;
    }

    /** The same with another order of samples after the dense training. */
    public Seeds withFineTuneOrder(long seed) {
        return new Seeds(initialWeights, denseOrder, seed, split, noise, dropout, mask, scoring);
    }
}
