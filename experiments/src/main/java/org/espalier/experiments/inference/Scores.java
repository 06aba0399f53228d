// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.experiments.random.RandomStream;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * Scores of one method on several tasks (a data set at a ratio) with several runs (seeds) each, and
 * what Agarwal et al. 2021 (Deep Reinforcement Learning at the Edge of the Statistical Precipice,
 * arXiv:2108.13264) report of them.
 *
 * @param tasks scores of each task; every task has at least one run, and tasks may differ in number
 */
public record Scores(List<double[]> tasks) {
    /** Resamplings of an interval. */
    public static final int DRAWS = 2_000;

    public Scores {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("scores need at least one task");
        }
        tasks.forEach(runs -> Samples.require("scores of a task", 1, runs));
        tasks = tasks.stream().map(double[]::clone).toList();
    }

    /**
     * Interquartile mean of all runs of all tasks: the mean of what is left when floor(n / 4) of
     * the lowest and as many of the highest are taken away.
     */
    public double interquartileMean() {
        double[] all = all();
        Arrays.sort(all);
        int cut = all.length / 4;
        return Arrays.stream(all, cut, all.length - cut).average().orElseThrow();
    }

    /** Mean over tasks of the mean over runs. */
    public double mean() {
        return tasks.stream()
                .mapToDouble(runs -> Arrays.stream(runs).average().orElseThrow())
                .average()
                .orElseThrow();
    }

    /** Share of all runs with a score above a threshold: a point of the performance profile. */
    public double shareAbove(double threshold) {
        double[] all = all();
        return (double) Arrays.stream(all).filter(score -> score > threshold).count() / all.length;
    }

    /**
     * Probability of improvement over another method: the mean over tasks of P(X &gt; Y) + P(X = Y)
     * / 2 for runs X of this and Y of the other.
     *
     * @param other scores on the same tasks
     */
    public double probabilityOfImprovement(Scores other) {
        if (other.tasks.size() != tasks.size()) {
            throw new IllegalArgumentException(
                    "expected the same tasks, got " + tasks.size() + " and " + other.tasks.size());
        }
        double sum = 0;
        for (int t = 0; t < tasks.size(); t++) {
            double better = 0;
            for (double x : tasks.get(t)) {
                for (double y : other.tasks.get(t)) {
                    better += x > y ? 1 : x == y ? 0.5 : 0;
                }
            }
            sum += better / tasks.get(t).length / other.tasks.get(t).length;
        }
        return sum / tasks.size();
    }

    /**
     * Percentile interval by a stratified bootstrap: runs are drawn anew within each task.
     *
     * @param statistic of scores
     * @param seed of the draws
     */
    public Interval interval(ToDoubleFunction<Scores> statistic, double level, long seed) {
        Samples.requireLevel(level);
        RandomStream random = new RandomStream(seed);
        double[] estimates = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            estimates[draw] = statistic.applyAsDouble(resampled(random));
        }
        return Interval.percentile(estimates, level);
    }

    /** {@link #interval} of the interquartile mean. */
    public Interval interquartileInterval(double level, long seed) {
        Samples.requireLevel(level);
        RandomStream random = new RandomStream(seed);
        double[] sorted = Ranked.distinct(all());
        List<Ranked> ranked = tasks.stream().map(runs -> new Ranked(runs, sorted)).toList();
        double[] all = new double[all().length];
        int[] counts = new int[sorted.length];
        int cut = all.length / 4;
        double[] estimates = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(counts, 0);
            ranked.forEach(task -> task.add(random, counts));
            int at = 0;
            for (int r = 0; r < counts.length; r++) {
                Arrays.fill(all, at, at + counts[r], sorted[r]);
                at += counts[r];
            }
            estimates[draw] = Arrays.stream(all, cut, all.length - cut).average().orElseThrow();
        }
        return Interval.percentile(estimates, level);
    }

    /** As {@link #interval}, of two methods whose runs are drawn independently. */
    public Interval improvementInterval(Scores other, double level, long seed) {
        Samples.requireLevel(level);
        RandomStream random = new RandomStream(seed);
        double[] estimates = new double[DRAWS];
        List<Ranked> ours = new ArrayList<>();
        List<Ranked> theirs = new ArrayList<>();
        for (int t = 0; t < tasks.size(); t++) {
            double[] distinct = Ranked.distinct(tasks.get(t), other.tasks.get(t));
            ours.add(new Ranked(tasks.get(t), distinct));
            theirs.add(new Ranked(other.tasks.get(t), distinct));
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            ours.forEach(task -> task.draw(random));
            for (int t = 0; t < tasks.size(); t++) {
                int[] drawn = theirs.get(t).draw(random);
                sum += ours.get(t).above(drawn) / ours.get(t).size() / theirs.get(t).size();
            }
            estimates[draw] = sum / tasks.size();
        }
        return Interval.percentile(estimates, level);
    }

    private Scores resampled(RandomStream random) {
        return new Scores(
                tasks.stream()
                        .map(
                                runs -> {
                                    double[] drawn = new double[runs.length];
                                    Arrays.setAll(drawn, i -> runs[random.nextInt(runs.length)]);
                                    return drawn;
                                })
                        .toList());
    }

    private double[] all() {
        return tasks.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** Two ends. */
    public record Interval(double low, double high) {
        static Interval percentile(double[] estimates, double level) {
            Percentile quantiles =
                    new Percentile().withEstimationType(Percentile.EstimationType.R_7);
            quantiles.setData(estimates);
            return new Interval(
                    quantiles.evaluate(100 * (1 - level) / 2),
                    quantiles.evaluate(100 * (1 + level) / 2));
        }
    }
}
