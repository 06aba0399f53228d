// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

/** Something that a reader of a result must know, and that held of these rows. */
public record Caveat(Kind kind, String sentence) {

    /** Which. */
    public enum Kind {
        /** Cells failed, and are in no mean. */
        FAILED_CELLS,
        /** One seed: no interval, no test. */
        ONE_SEED,
        /** Two seeds, or so few that a test cannot reach its level. */
        FEW_SEEDS,
        /** Conditions that are compared have different numbers of seeds. */
        UNEQUAL_SEEDS,
        /** Equal values where a test ranks. */
        TIES,
        /** All values of a sample are equal. */
        ZERO_VARIANCE,
        /** Test classes differ in their number of samples. */
        UNEQUAL_CLASSES,
        /** Seeds that only one of two compared conditions has. */
        MISSING_PAIRS,
        /** There is no control to compare with. */
        NO_CONTROL,
        /** Networks that take every sample for one class. */
        CONSTANT_PREDICTORS,
        /** Values that do not exist, as a ratio by zero. */
        UNDEFINED,
        /** Regressions, of which a question about classes says nothing. */
        REGRESSIONS,
        /** Something that is told apart elsewhere was averaged over, since it was asked for. */
        AVERAGED_OVER,
        /** Runs that share a trunk are not independent. */
        SHARED_TRUNKS,
        /** A correlation within methods has another sign than the pooled one. */
        SIMPSON,
        /** A number that was chosen by the test set. */
        CHOSEN_BY_TEST,
        /** How often a test of a paper rejects where there is nothing. */
        MEASURED_RATE,
        /** What could not be computed from these rows. */
        NOT_MEASURED
    }
}
