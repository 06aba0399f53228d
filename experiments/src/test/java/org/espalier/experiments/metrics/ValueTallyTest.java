// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;

class ValueTallyTest {

    /** Two samples of two outputs: (1 + 9) / 2 and (0 + 4) / 2; mean 3.5. */
    @Test
    void isTheMeanSquaredErrorOverSamplesAndOutputs() {
        ValueTally tally = new ValueTally(2);

        tally.add(new float[] {1, 2, 3, 4}, new float[] {0, 5, 3, 2}, 2);

        assertThat(tally.lossSum()).isEqualTo(7);
        assertThat(tally.loss()).isEqualTo(3.5);
        assertThat(tally.samples()).isEqualTo(2);
    }

    /** A mean of batch means would be (4 + 1) / 2. */
    @Test
    void aShortLastBatchCountsByItsSamples() {
        ValueTally tally = new ValueTally(1);

        tally.add(new float[] {2, 2, 2}, new float[3], 3);
        tally.add(new float[] {1, 99, 99}, new float[3], 1);

        assertThat(tally.loss()).isEqualTo((3 * 4 + 1) / 4.0);
    }

    @Test
    void differencesAreTakenInDouble() {
        ValueTally tally = new ValueTally(1);

        tally.add(new float[] {3e38f}, new float[] {-3e38f}, 1);

        assertThat(tally.loss()).isEqualTo(Math.pow(2 * (double) 3e38f, 2));
    }

    @Test
    void aRowOfARegressionHasNoClasses() {
        ValueTally tally = new ValueTally(1);
        tally.add(new float[] {2}, new float[] {1}, 1);

        assertThat(tally.measures())
                .isEqualTo(
                        new CellRow.Measures(
                                1, 1, null, List.of(), List.of(), List.of(), null, List.of(),
                                null));
    }

    @Test
    void saysWhereTheOutputsDiverged() {
        ValueTally tally = new ValueTally(2);

        tally.add(new float[] {1, 1, 1, Float.NaN}, new float[4], 2);
        tally.add(new float[] {1, 1}, new float[2], 1);

        assertThat(tally.divergence()).hasValue("output 1 of sample 1 is NaN");
        assertThat(tally.loss()).isNaN();
        assertThat(tally.samples()).isEqualTo(3);
    }

    @Test
    void refusesWhatDoesNotFit() {
        ValueTally tally = new ValueTally(2);

        assertThatThrownBy(() -> tally.add(new float[4], new float[3], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 samples need 4 outputs and 4 targets, got 4 and 3");
        assertThatThrownBy(tally::measures)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no sample was counted");
        assertThat(tally.divergence()).isEmpty();
    }
}
