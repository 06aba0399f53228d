// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.espalier.experiments.random.RandomStream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * Intervals by resampling, from a named seed: the same rows, the same interval. What is resampled
 * are the units that are independent: seeds, with everything that was branched from them.
 *
 * @param estimate of the units as they are
 * @param level of the interval
 * @param low lower end
 * @param high upper end
 * @param draws resamplings that gave a number
 * @param undefined resamplings that gave none, which are left out
 */
public record Bootstrap(
        double estimate, double level, double low, double high, int draws, int undefined) {

    /** Resamplings that are drawn. */
    public static final int DRAWS = 10_000;

    /** Fewest units that are resampled: of three there are ten resamples. */
    public static final int FEWEST = 4;

    /**
     * Bias-corrected and accelerated interval (Efron 1987, Better bootstrap confidence intervals,
     * JASA 82): of the sorted estimates of the resamples the quantiles at
     *
     * <pre>
     *   Phi(z0 + (z0 + z) / (1 - a (z0 + z))),   z = Phi^-1((1 -+ level) / 2)
     *   z0 = Phi^-1(share of estimates below that of the sample, ties half)
     *   a  = sum d^3 / (6 (sum d^2)^1.5),        d = mean of the jackknife - each of it
     * </pre>
     *
     * Everything where all resamples are equal.
     *
     * @param units number of units, at least {@link #FEWEST}
     * @param statistic of a choice of units, by their indices; NaN where it has no value
     * @param seed of the draws
     * @throws IllegalArgumentException if there are too few units, or they have no value themselves
     */
    public static Bootstrap bca(
            int units, ToDoubleFunction<int[]> statistic, double level, long seed) {
        Samples.requireLevel(level);
        if (units < FEWEST) {
            throw new IllegalArgumentException(
                    "a bootstrap needs at least " + FEWEST + " units, got " + units);
        }
        int[] chosen = new int[units];
        Arrays.setAll(chosen, i -> i);
        double estimate = statistic.applyAsDouble(chosen);
        if (Double.isNaN(estimate)) {
            throw new IllegalArgumentException("the statistic of the sample has no value");
        }
        double[] jackknife = new double[units];
        int[] rest = new int[units - 1];
        for (int left = 0; left < units; left++) {
            for (int i = 0; i < rest.length; i++) {
                rest[i] = i < left ? i : i + 1;
            }
            jackknife[left] = statistic.applyAsDouble(rest);
        }
        RandomStream random = new RandomStream(seed);
        double[] estimates = new double[DRAWS];
        int drawn = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            for (int i = 0; i < units; i++) {
                chosen[i] = random.nextInt(units);
            }
            double value = statistic.applyAsDouble(chosen);
            if (!Double.isNaN(value)) {
                estimates[drawn++] = value;
            }
        }
        double[] made = Arrays.copyOf(estimates, drawn);
        double[] ends =
                drawn == 0
                        ? new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}
                        : ends(made, estimate, jackknife, level);
        return new Bootstrap(estimate, level, ends[0], ends[1], drawn, DRAWS - drawn);
    }

    /** The interval of a mean. */
    public static Bootstrap ofMean(double[] values, double level, long seed) {
        Samples.require("values", FEWEST, values);
        return bca(values.length, chosen -> mean(values, chosen), level, seed);
    }

    private static double mean(double[] values, int... chosen) {
        double sum = 0;
        for (int i : chosen) {
            sum += values[i];
        }
        return sum / chosen.length;
    }

    /** Both ends of the interval, of the estimates of resamples in any order. */
    static double[] ends(double[] estimates, double estimate, double[] jackknife, double level) {
        NormalDistribution normal = new NormalDistribution();
        double below = 0;
        for (double value : estimates) {
            below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
        }
        double z0 = normal.inverseCumulativeProbability(below / estimates.length);
        double a = acceleration(jackknife);
        Percentile quantiles = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        quantiles.setData(estimates);
        double[] ends = new double[2];
        for (int end = 0; end < 2; end++) {
            double z =
                    normal.inverseCumulativeProbability(
                            end == 0 ? (1 - level) / 2 : (1 + level) / 2);
            double moved = z0 + (z0 + z) / (1 - a * (z0 + z));
            double share = normal.cumulativeProbability(Double.isNaN(moved) ? z0 : moved);
            ends[end] = share <= 0 ? min(estimates) : quantiles.evaluate(100 * share);
        }
        return ends;
    }

    private static double min(double... values) {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    private static double acceleration(double... jackknife) {
        double[] known = Arrays.stream(jackknife).filter(v -> !Double.isNaN(v)).toArray();
        double mean = Arrays.stream(known).average().orElse(0);
        double squares = 0;
        double cubes = 0;
        for (double value : known) {
            double d = mean - value;
            squares += d * d;
            cubes += d * d * d;
        }
        return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
    }
}
