// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;

class ClassRecallsTest {

    /** R = 0.5, 1; A = 5 / 8 = 0.625; balances -0.2, 0.6. */
    @Test
    void weighsClassesByTheirSamples() {
        ClassRecalls recalls = new ClassRecalls(new long[] {3, 2}, new long[] {6, 2});

        assertThat(recalls.recall(0)).isEqualTo(0.5);
        assertThat(recalls.recall(1)).isEqualTo(1);
        assertThat(recalls.accuracy()).isEqualTo(0.625);
        assertThat(recalls.normalisedBalance()).containsExactly(-0.2, 0.6);
        assertThat(recalls.classes()).isEqualTo(2);
    }

    @Test
    void aClassWithoutSamplesHasNoRecall() {
        ClassRecalls recalls = new ClassRecalls(new long[] {3, 0}, new long[] {6, 0});

        assertThat(recalls.recall(1)).isNaN();
        assertThat(recalls.normalisedBalance()).containsExactly(0, Double.NaN);
    }

    @Test
    void sharesNothingWithItsMaker() {
        long[] correct = {1};
        long[] total = {2};
        ClassRecalls recalls = new ClassRecalls(correct, total);

        correct[0] = 2;
        total[0] = 9;
        recalls.correct()[0] = 5;
        recalls.total()[0] = 5;

        assertThat(recalls.correct()).containsExactly(1);
        assertThat(recalls.total()).containsExactly(2);
    }

    @Test
    void refusesCountsThatCannotBe() {
        assertThatThrownBy(() -> new ClassRecalls(new long[2], new long[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("correct has 2 classes, total has 3");
        assertThatThrownBy(() -> new ClassRecalls(new long[] {0, 3}, new long[] {1, 2}))
                .hasMessage("class 1: 3 correct of 2 samples");
        assertThatThrownBy(() -> new ClassRecalls(new long[] {-1}, new long[] {2}))
                .hasMessage("class 0: -1 correct of 2 samples");
        assertThatThrownBy(() -> new ClassRecalls(new long[2], new long[2]))
                .hasMessage("no class has a sample");
        CellRow.Measures regression =
                new CellRow.Measures(
                        5, 1, null, List.of(), List.of(), List.of(), null, List.of(), null, null);
        assertThatThrownBy(() -> ClassRecalls.of(regression)).hasMessage("no class has a sample");
        assertThat(new ClassRecalls(new long[] {2}, new long[] {2}).accuracy()).isEqualTo(1);
    }
}
