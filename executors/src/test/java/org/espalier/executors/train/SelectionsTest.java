// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Selection;
import org.junit.jupiter.api.Test;

class SelectionsTest {
    private static final List<CurvePoint> CLASSES =
            List.of(
                    point(1, 0.1, 0.70, 0.9, 0.92),
                    point(2, 0.9, 0.80, 0.8, 0.90),
                    point(3, 0.5, 0.80, 0.7, 0.91),
                    point(4, 0.2, 0.75, 0.1, 0.89));

    /** Equal accuracies of epochs 2 and 3: the earlier. The test set of that epoch beside it. */
    @Test
    void keepsEveryRuleApart() {
        assertThat(of(CLASSES).list(3))
                .extracting(Selection::rule, Selection::epoch, s -> s.test().loss())
                .containsExactly(
                        tuple("last", 4, 0.1),
                        tuple("validation-accuracy", 2, 0.8),
                        tuple("validation-loss", 1, 0.9),
                        tuple("test-accuracy", 1, 0.9),
                        tuple("test-loss", 4, 0.1));
        assertThat(of(CLASSES).list(3)).allMatch(s -> s.round() == 3 && s.phase().equals("dense"));
    }

    @Test
    void aRegressionHasLossesAlone() {
        List<CurvePoint> curve =
                List.of(
                        point(1, 0.3, null, 0.4, null),
                        point(2, 0.2, null, 0.6, null),
                        point(3, 0.2, null, 0.5, null));

        assertThat(of(curve).list(0))
                .extracting(Selection::rule, Selection::epoch)
                .containsExactly(
                        tuple("last", 3), tuple("validation-loss", 2), tuple("test-loss", 1));
    }

    @Test
    void choosesNothingByValidationWhereNothingIsHeldOut() {
        List<CurvePoint> curve =
                List.of(point(1, null, null, 0.4, 0.8), point(2, null, null, 0.3, 0.9));
        Selections selections = new Selections();

        for (CurvePoint point : curve) {
            selections.add(point, test(point));
            assertThat(selections.isBestByValidation(point)).isFalse();
        }
        assertThat(selections.list(0))
                .extracting(Selection::rule)
                .containsExactly("last", "test-accuracy", "test-loss");
    }

    /** The network that pruning may start from: by accuracy where there is one, else by loss. */
    @Test
    void theBestByValidationIsByAccuracyWhereThereIsOne() {
        Selections classes = new Selections();
        Selections values = new Selections();
        for (CurvePoint point : CLASSES) {
            classes.add(point, test(point));
            assertThat(classes.isBestByValidation(point)).isEqualTo(point.epoch() <= 2);
            CurvePoint loss = point(point.epoch(), point.validationLoss(), null, 0.5, null);
            values.add(loss, test(loss));
            assertThat(values.isBestByValidation(loss)).isEqualTo(point.epoch() == 1);
        }
    }

    /** As a training that goes on finds it: whatever stood before is still to be beaten. */
    @Test
    void goesOnFromWhatWasSelected() {
        for (int cut = 0; cut <= CLASSES.size(); cut++) {
            List<CurvePoint> first = CLASSES.subList(0, cut);
            Selections later = new Selections(first, of(first).list(0));

            CLASSES.subList(cut, CLASSES.size()).forEach(p -> later.add(p, test(p)));

            assertThat(later.list(0)).as("cut %d", cut).isEqualTo(of(CLASSES).list(0));
        }
    }

    @Test
    void choosesNothingOfNoEpochs() {
        assertThat(new Selections().list(0)).isEmpty();
    }

    private static Selections of(List<CurvePoint> curve) {
        Selections selections = new Selections();
        curve.forEach(point -> selections.add(point, test(point)));
        return selections;
    }

    private static Measures test(CurvePoint point) {
        return new Measures(
                10,
                point.testLoss(),
                point.testAccuracy(),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                null,
                null);
    }

    private static CurvePoint point(
            int epoch, Double validLoss, Double validAccuracy, double testLoss, Double accuracy) {
        return new CurvePoint(
                "dense", 0, epoch, 0.1, 1, 0.5, validLoss, validAccuracy, testLoss, accuracy, 1);
    }
}
