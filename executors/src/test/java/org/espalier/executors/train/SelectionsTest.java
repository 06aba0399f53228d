// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Selection;
import org.junit.jupiter.api.Test;

class SelectionsTest {

    /** By accuracy, where the losses say otherwise; of the equal epochs 2 and 3 the earlier. */
    @Test
    void keepsFinalValidatedAndTestBestApart() {
        List<CurvePoint> curve =
                List.of(
                        point(1, 0.1, 0.70, 0.9, 0.92),
                        point(2, 0.9, 0.80, 0.8, 0.90),
                        point(3, 0.5, 0.80, 0.7, 0.91),
                        point(4, 0.2, 0.75, 0.1, 0.89));

        assertThat(Selections.of(curve))
                .isEqualTo(new Selection(4, 0.1, 0.89, 2, 0.8, 0.90, 1, 0.9, 0.92));
    }

    @Test
    void takesTheLossWhereThereIsNoAccuracy() {
        List<CurvePoint> curve =
                List.of(
                        point(1, 0.3, null, 0.4, null),
                        point(2, 0.2, null, 0.6, null),
                        point(3, 0.2, null, 0.5, null));

        assertThat(Selections.of(curve))
                .isEqualTo(new Selection(3, 0.5, null, 2, 0.6, null, 1, 0.4, null));
    }

    @Test
    void choosesNothingByValidationWhereNothingIsHeldOut() {
        List<CurvePoint> curve =
                List.of(point(1, null, null, 0.4, 0.8), point(2, null, null, 0.3, 0.9));

        assertThat(Selections.bestByValidation(curve)).isNull();
        assertThat(Selections.of(curve))
                .isEqualTo(new Selection(2, 0.3, 0.9, null, null, null, 2, 0.3, 0.9));
    }

    @Test
    void choosesNothingOfNoEpochs() {
        assertThat(Selections.of(List.of())).isNull();
        assertThat(Selections.bestByTest(List.of())).isNull();
    }

    private static CurvePoint point(
            int epoch, Double validLoss, Double validAccuracy, double testLoss, Double accuracy) {
        return new CurvePoint(
                "dense", epoch, 0.1, 1, 0.5, validLoss, validAccuracy, testLoss, accuracy, 1);
    }
}
