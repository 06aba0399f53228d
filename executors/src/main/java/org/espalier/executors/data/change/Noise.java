// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.change;

import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.random.Streams.Purpose;
import org.espalier.results.text.Text;

/**
 * Noise laid over the targets of a data set for one cell. Inputs are shared with the clean samples.
 *
 * <ul>
 *   <li>Classification, level p in [0, 1]: each training label by itself is, with probability p,
 *       replaced by one of the other K - 1 classes, all equally likely. Test labels stay.
 *   <li>Regression, level a: each value of the training targets and of the test targets gets its
 *       own U(-a, a) added. The clean test samples are the data set's own.
 * </ul>
 *
 * <p>At each sample the same number of draws is made whatever the level, so the labels that are
 * wrong at one level are wrong in the same way at every higher level, and errors of a regression
 * differ between levels only in scale.
 *
 * @param level rate of wrong labels, or amplitude in units of the target; 0 is none
 */
public record Noise(double level) {
    private static final int TRAINING = 0;
    private static final int TEST = 1;

    public Noise {
        if (!(level >= 0 && level < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "noise must be a finite number of at least 0, got " + level);
        }
    }

    /**
     * Training samples with noise: drawn from {@link Purpose#NOISE}, index 0.
     *
     * @throws IllegalArgumentException if the targets are classes and the level is above 1
     */
    public Samples onTraining(Samples clean, Streams streams) {
        if (level == 0) {
            return clean;
        }
        RandomStream random = streams.of(Purpose.NOISE, TRAINING);
        Targets noisy =
                clean.targets() instanceof Targets.Labels labels
                        ? flipped(labels, random)
                        : shifted((Targets.Values) clean.targets(), random);
        return new Samples(clean.features(), noisy);
    }

    /**
     * Test samples with noise: those of a regression, drawn from {@link Purpose#NOISE}, index 1;
     * those of a classification unchanged.
     */
    public Samples onTest(Samples clean, Streams streams) {
        if (level == 0 || !(clean.targets() instanceof Targets.Values values)) {
            return clean;
        }
        RandomStream random = streams.of(Purpose.NOISE, TEST);
        return new Samples(clean.features(), shifted(values, random));
    }

    private Targets flipped(Targets.Labels clean, RandomStream random) {
        int classes = clean.classes();
        if (!(level <= 1) || classes < 2) {
            throw new IllegalArgumentException(
                    Text.of(
                            "noise on labels is a rate in [0, 1] on at least 2 classes, got %s on %d",
                            level, classes));
        }
        int[] labels = clean.labels().clone();
        for (int i = 0; i < labels.length; i++) {
            boolean flip = random.nextDouble() < level;
            int other = random.nextInt(classes - 1);
            if (flip) {
                labels[i] = other < labels[i] ? other : other + 1;
            }
        }
        return new Targets.Labels(classes, labels);
    }

    private Targets shifted(Targets.Values clean, RandomStream random) {
        float[] values = clean.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + level * (2 * random.nextDouble() - 1));
        }
        return new Targets.Values(clean.outputs(), values);
    }
}
