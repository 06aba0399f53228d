// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import org.espalier.results.text.Text;

/**
 * How often the papers' tests reject where there is nothing: of 1,000 simulated nulls, at .05 and
 * .01. NullCalibrationTest computes these counts and holds them.
 */
final class MeasuredRates {
    /** Runs of each trunk in the simulation of shared trunks. */
    static final int RUNS = 8;

    /** Pooled Pearson over 5 trunks that differ by as much as their runs do. */
    static final int[] POOLED_5 = {220, 106};

    /** The same over 30 trunks. */
    static final int[] POOLED_30 = {206, 107};

    /** Alpha against 1, of 5 networks whose true recalls pruning leaves alone. */
    static final int[] ALPHA_5 = {568, 241};

    /** The same of 30 networks. */
    static final int[] ALPHA_30 = {1000, 999};

    private MeasuredRates() {}

    /** What a reader of pooled p-values must know. */
    static String pooled() {
        return Text.of(
                "measured: where stability and outcome have nothing to do with each other but trunks differ as much as their %d runs, the pooled test at .05 finds a correlation in %s of simulations with 5 trunks and %s with 30; exchanging trunks keeps its level",
                RUNS, share(POOLED_5[0]), share(POOLED_30[0]));
    }

    /** What a reader of labels against 1 must know. */
    static String alpha() {
        return Text.of(
                "measured: where pruning leaves all true recalls (.88 to .92) alone and 1,000 test samples a class add their noise, the paper's test of alpha = 1 at .01 rejects in %s of simulations with 5 seeds and %s with 30; the paired difference keeps its level",
                share(ALPHA_5[1]), share(ALPHA_30[1]));
    }

    private static String share(int of1000) {
        return Text.of("%.1f %%", of1000 / 10.0);
    }
}
