// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.Optional;
import org.espalier.results.text.Text;

/**
 * How many seeds a sweep lacks: as many as give the power of {@link MethodsQuestion} to every pair
 * of methods whose difference is as large as the margin that matters. A difference that was
 * estimated from few seeds is itself uncertain, and so is this number.
 *
 * @param seedLine for a sweep file, {@code seed: 11..17}; empty where no seed is lacking, or none
 *     can be told
 * @param sentence what it is for
 */
public record ExtraSeeds(Optional<String> seedLine, String sentence) {

    /** The seeds that the power table asks for. */
    public static ExtraSeeds of(Population population, Answer methods) {
        Table power = methods.table("power");
        long more = 0;
        int decided = 0;
        int lacking = 0;
        int small = 0;
        int beyond = 0;
        for (int i = 0; i < power.lines().size(); i++) {
            Long needed = (Long) power.value(i, "needed");
            if (!"yes".equals(power.value(i, "matters"))) {
                small++;
            } else if (needed == null) {
                beyond++;
            } else {
                long extra = (Long) power.value(i, "more");
                more = Math.max(more, extra);
                if (extra == 0) {
                    decided++;
                } else {
                    lacking++;
                }
            }
        }
        if (power.lines().isEmpty()) {
            return new ExtraSeeds(
                    Optional.empty(),
                    "no two methods share two seeds at one ratio, so nothing is known of their differences");
        }
        long last = population.cells().stream().mapToLong(CellResult::seed).max().orElse(0);
        String sentence =
                Text.of(
                        "of %d pairs of methods %d have seeds enough, %d lack some, %d differ by less than matters%s",
                        power.lines().size(),
                        decided,
                        lacking,
                        small,
                        beyond == 0 ? "" : Text.of(", %d need more than 10000", beyond));
        return new ExtraSeeds(
                more == 0
                        ? Optional.empty()
                        : Optional.of(
                                more == 1
                                        ? Text.of("seed: %d", last + 1)
                                        : Text.of("seed: %d..%d", last + 1, last + more)),
                sentence);
    }
}
