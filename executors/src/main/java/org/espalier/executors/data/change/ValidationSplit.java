// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.change;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.random.Streams.Purpose;
import org.espalier.results.text.Text;

/**
 * Which training samples a cell trains on and which it holds out for validation: disjoint, and
 * together all of them.
 *
 * @param training rows, ascending; given away by its maker
 * @param validation rows, ascending, empty where nothing is held out; given away by its maker
 */
public record ValidationSplit(int[] training, int[] validation) {

    /**
     * Holds out {@code round(fraction * samples)} samples, drawn without replacement from {@link
     * Purpose#VALIDATION_SPLIT}.
     *
     * @param samples number of training samples, at least 1
     * @param fraction in [0, 1); 0 holds out nothing
     * @throws IllegalArgumentException if the fraction is out of range, leaves nothing to train on,
     *     or is above 0 and holds out nothing
     */
    public static ValidationSplit of(int samples, double fraction, Streams streams) {
        if (samples < 1 || !(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "validation must be a fraction in [0, 1) of at least 1 sample, got %s of %d",
                            fraction, samples));
        }
        if (fraction == 0) {
            return new ValidationSplit(IntStream.range(0, samples).toArray(), new int[0]);
        }
        int held = (int) Math.round(fraction * samples);
        if (held == 0 || held == samples) {
            throw new IllegalArgumentException(
                    Text.of(
                            "validation of %s holds out %d of %d samples; expected at least 1 on each side",
                            fraction, held, samples));
        }
        int[] order = streams.of(Purpose.VALIDATION_SPLIT).permutation(samples);
        int[] validation = Arrays.copyOfRange(order, 0, held);
        int[] training = Arrays.copyOfRange(order, held, samples);
        Arrays.sort(validation);
        Arrays.sort(training);
        return new ValidationSplit(training, validation);
    }
}
