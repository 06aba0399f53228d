// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.results.text.Text;

/**
 * What a treatment changes, seed by seed: the same seed starts from the same weights and sees the
 * same batches, so the differences {@code treated - control} vary less than the values do.
 *
 * @param difference mean of the differences over the seeds that both have, with its interval
 * @param below seeds with a negative difference
 * @param above seeds with a positive difference
 * @param unpaired seeds that only one of the two has, in rising order; they do not count
 */
public record PairedDifference(MeanInterval difference, int below, int above, List<Long> unpaired) {
    public PairedDifference {
        unpaired = List.copyOf(unpaired);
    }

    /**
     * The difference of two conditions.
     *
     * @param treated value by seed, finite
     * @param control value by seed, finite
     * @param level of the interval, in (0, 1)
     * @throws IllegalArgumentException if no seed is in both
     */
    public static PairedDifference of(
            SortedMap<Long, Double> treated, SortedMap<Long, Double> control, double level) {
        TreeMap<Long, Double> either = new TreeMap<>(treated);
        either.putAll(control);
        List<Long> paired =
                either.keySet().stream()
                        .filter(seed -> treated.containsKey(seed) && control.containsKey(seed))
                        .toList();
        if (paired.isEmpty()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "no seed in common: treated has %s, control has %s",
                            treated.keySet(), control.keySet()));
        }
        double[] differences =
                paired.stream().mapToDouble(s -> treated.get(s) - control.get(s)).toArray();
        int below = 0;
        int above = 0;
        for (double difference : differences) {
            below += difference < 0 ? 1 : 0;
            above += difference > 0 ? 1 : 0;
        }
        return new PairedDifference(
                MeanInterval.of(differences, level),
                below,
                above,
                either.keySet().stream().filter(seed -> !paired.contains(seed)).toList());
    }
}
