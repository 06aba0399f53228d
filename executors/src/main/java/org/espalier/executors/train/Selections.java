// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Selection;
import org.espalier.results.text.Text;

/**
 * Which epoch of a phase each rule of choosing takes, fed epoch by epoch; of equal epochs the
 * earlier. Final, validation-selected and test-best are kept apart: what is chosen on the test set
 * is no estimate of generalisation.
 */
public final class Selections {

    /** A rule of choosing; {@code Text.word} is its name in rows. */
    public enum Rule {
        LAST(p -> (double) p.epoch()),
        VALIDATION_ACCURACY(CurvePoint::validationAccuracy),
        VALIDATION_LOSS(p -> negated(p.validationLoss())),
        TEST_ACCURACY(CurvePoint::testAccuracy),
        TEST_LOSS(p -> negated(p.testLoss()));

        /** What it takes the highest of; null where the epoch has no such value. */
        private final Function<CurvePoint, Double> value;

        Rule(Function<CurvePoint, Double> value) {
            this.value = value;
        }

        private static Double negated(Double value) {
            return value == null ? null : -value;
        }
    }

    /** An epoch that is the best so far. */
    private record Best(CurvePoint point, Measures test) {}

    private final Map<Rule, Best> best = new EnumMap<>(Rule.class);

    /** Of a phase that starts. */
    public Selections() {}

    /**
     * Of a phase that goes on.
     *
     * @param curve its epochs so far
     * @param selections its selections so far
     */
    public Selections(List<CurvePoint> curve, List<Selection> selections) {
        for (Selection selection : selections) {
            CurvePoint point =
                    curve.stream()
                            .filter(p -> p.epoch() == selection.epoch())
                            .findFirst()
                            .orElseThrow();
            for (Rule rule : Rule.values()) {
                if (Text.word(rule).equals(selection.rule())) {
                    best.put(rule, new Best(point, selection.test()));
                }
            }
        }
    }

    /**
     * Adds the next epoch.
     *
     * @param test measured after it
     */
    public void add(CurvePoint point, Measures test) {
        for (Rule rule : Rule.values()) {
            Double value = rule.value.apply(point);
            Best before = best.get(rule);
            if (value != null && (before == null || value > rule.value.apply(before.point))) {
                best.put(rule, new Best(point, test));
            }
        }
    }

    /**
     * Whether an epoch is the best by validation so far: by accuracy where there are classes, else
     * by loss.
     */
    public boolean isBestByValidation(CurvePoint point) {
        Best chosen = best.getOrDefault(Rule.VALIDATION_ACCURACY, best.get(Rule.VALIDATION_LOSS));
        return chosen != null && chosen.point == point;
    }

    /**
     * What every rule takes that applies; none before the first epoch.
     *
     * @param round prunings before the phase
     */
    public List<Selection> list(int round) {
        List<Selection> list = new ArrayList<>();
        best.forEach(
                (rule, chosen) ->
                        list.add(
                                new Selection(
                                        chosen.point.phase(),
                                        round,
                                        Text.word(rule),
                                        chosen.point.epoch(),
                                        chosen.test)));
        return list;
    }
}
