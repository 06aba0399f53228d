// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import org.espalier.results.text.Text;

/**
 * The learning rate of an epoch: {@code initial * factor^(steps passed)}. Constant where there are
 * no steps. It depends on no total of epochs, so a longer training starts with the same epochs.
 *
 * @param initial positive
 * @param steps epochs, counted from 0 in their phase, at which the rate is multiplied; strictly
 *     increasing
 * @param factor positive; 1 where there are no steps
 */
public record LearningRate(BigDecimal initial, List<Integer> steps, BigDecimal factor)
        implements Serializable {
    public LearningRate {
        if (initial.signum() <= 0 || factor.signum() <= 0) {
            throw new IllegalArgumentException(
                    Text.of("rate and factor must be positive, got %s and %s", initial, factor));
        }
        steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) < 1 || i > 0 && steps.get(i) <= steps.get(i - 1)) {
                throw new IllegalArgumentException(
                        "steps must be increasing epochs from 1 on, got " + steps);
            }
        }
        initial = Decimal.canonical(initial);
        factor = steps.isEmpty() ? BigDecimal.ONE : Decimal.canonical(factor);
    }

    /** A rate that never changes. */
    public static LearningRate constant(BigDecimal rate) {
        return new LearningRate(rate, List.of(), BigDecimal.ONE);
    }

    /** Rate of the last of so many epochs. */
    public BigDecimal last(int epochs) {
        int passed = (int) steps.stream().filter(step -> step <= Math.max(0, epochs - 1)).count();
        return initial.multiply(factor.pow(passed));
    }

    /** Rate of an epoch, counted from 0 in its phase. */
    public double at(int epoch) {
        int passed = (int) steps.stream().filter(step -> step <= epoch).count();
        return initial.multiply(factor.pow(passed)).doubleValue();
    }

    String canonicalText() {
        String text = "rate=" + Decimal.text(initial);
        return steps.isEmpty()
                ? text
                : text + " steps=" + steps + " factor=" + Decimal.text(factor);
    }
}
