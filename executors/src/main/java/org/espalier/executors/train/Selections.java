// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.Comparator;
import java.util.List;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Selection;

/**
 * Which epoch each rule of choosing takes. Best by accuracy where there is one, else by loss; of
 * equal epochs the earlier. Final, validation-selected and test-best are kept apart: the last is
 * chosen on the test set and is no estimate of generalisation.
 */
public final class Selections {
    private static final Comparator<Double> HIGHER = Comparator.reverseOrder();

    private Selections() {}

    /** The best epoch by validation; null where nothing was held out or trained. */
    public static CurvePoint bestByValidation(List<CurvePoint> phase) {
        return phase.stream()
                .filter(p -> p.validationLoss() != null)
                .min(
                        Comparator.comparing(
                                        CurvePoint::validationAccuracy,
                                        Comparator.nullsFirst(HIGHER))
                                .thenComparing(
                                        p ->
                                                p.validationAccuracy() == null
                                                        ? p.validationLoss()
                                                        : Double.valueOf(0)))
                .orElse(null);
    }

    /** The best epoch by test; null where nothing was trained. */
    public static CurvePoint bestByTest(List<CurvePoint> phase) {
        return phase.stream()
                .min(
                        Comparator.comparing(
                                        CurvePoint::testAccuracy, Comparator.nullsFirst(HIGHER))
                                .thenComparing(
                                        p ->
                                                p.testAccuracy() == null
                                                        ? p.testLoss()
                                                        : Double.valueOf(0)))
                .orElse(null);
    }

    /** All rules for one phase; null where no epoch was trained. */
    public static Selection of(List<CurvePoint> phase) {
        if (phase.isEmpty()) {
            return null;
        }
        CurvePoint last = phase.get(phase.size() - 1);
        CurvePoint validated = bestByValidation(phase);
        CurvePoint tested = bestByTest(phase);
        return new Selection(
                last.epoch(),
                last.testLoss(),
                last.testAccuracy(),
                validated == null ? null : validated.epoch(),
                validated == null ? null : validated.testLoss(),
                validated == null ? null : validated.testAccuracy(),
                tested.epoch(),
                tested.testLoss(),
                tested.testAccuracy());
    }
}
