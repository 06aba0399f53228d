// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.experiments.inference.Bootstrap;
import org.espalier.experiments.inference.Correlation;
import org.espalier.experiments.inference.SignFlips;
import org.espalier.experiments.random.RandomStream;
import org.hipparchus.stat.ranking.NaNStrategy;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/**
 * A correlation over runs that share trunks. Runs of one trunk are not independent: what is
 * resampled or exchanged are whole trunks.
 *
 * @param runs points
 * @param trunks independent units
 * @param pooled the correlation of all points, with its p-value as if they were independent
 * @param low lower end of the interval from resampling trunks (BCa), for ranks with the ranks of
 *     all runs; NaN below four trunks, and for Kendall's
 * @param high upper end
 * @param p share of the exchanges of whole trunks, x of the one with y of the other, whose
 *     correlation is at least as far from the mean of all exchanges; over the conditions that every
 *     trunk has. NaN below four trunks, and for Kendall's. It asks whether trunks that are further
 *     in x than others are so in y, the conditions being as they are
 * @param within mean of the correlations inside each trunk; NaN where none has three points
 * @param withinP of no correlation inside trunks, by exchanging the signs of those correlations
 */
record TrunkCorrelation(
        int runs,
        int trunks,
        Correlation pooled,
        double low,
        double high,
        double p,
        double within,
        double withinP) {
    static final int FEWEST = 4;
    private static final int MOST_COUNTED = 7;
    private static final int DRAWS = 10_000;

    /** One run: its trunk, its condition, and two values. */
    record Point(Object trunk, Object condition, double x, double y) {}

    /**
     * @param points at least one
     */
    static TrunkCorrelation of(Correlation.Kind kind, List<Point> points, double level, long seed) {
        double[] x = points.stream().mapToDouble(Point::x).toArray();
        double[] y = points.stream().mapToDouble(Point::y).toArray();
        Correlation pooled = Correlation.of(kind, x, y, level);
        Map<Object, List<Integer>> byTrunk = new LinkedHashMap<>();
        for (int i = 0; i < x.length; i++) {
            byTrunk.computeIfAbsent(points.get(i).trunk(), t -> new ArrayList<>()).add(i);
        }
        double low = Double.NaN;
        double high = Double.NaN;
        double p = Double.NaN;
        boolean resampled = kind != Correlation.Kind.KENDALL && !Double.isNaN(pooled.value());
        if (resampled && byTrunk.size() >= FEWEST) {
            double[] u = centred(kind, x);
            double[] v = centred(kind, y);
            Bootstrap interval = resampled(List.copyOf(byTrunk.values()), u, v, level, seed);
            low = interval.low();
            high = interval.high();
            p = exchanged(kind, points, List.copyOf(byTrunk.values()), seed);
        }
        double[] inside =
                byTrunk.values().stream()
                        .filter(t -> t.size() > 2)
                        .mapToDouble(t -> Correlation.of(kind, at(x, t), at(y, t), level).value())
                        .filter(Double::isFinite)
                        .toArray();
        return new TrunkCorrelation(
                x.length,
                byTrunk.size(),
                pooled,
                low,
                high,
                p,
                Estimates.mean(inside),
                inside.length > 1 ? SignFlips.meanP(inside, seed) : Double.NaN);
    }

    private static double[] at(double[] values, List<Integer> which) {
        return which.stream().mapToDouble(i -> values[i]).toArray();
    }

    /** Values, or their ranks, less their mean. */
    private static double[] centred(Correlation.Kind kind, double[] values) {
        double[] of =
                kind == Correlation.Kind.SPEARMAN
                        ? new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).rank(values)
                        : values.clone();
        double mean = Estimates.mean(of);
        return Arrays.stream(of).map(v -> v - mean).toArray();
    }

    /** Sums that make up Pearson's r of some trunks together. */
    private static Bootstrap resampled(
            List<List<Integer>> trunks, double[] x, double[] y, double level, long seed) {
        double[][] sums = new double[trunks.size()][6];
        for (int t = 0; t < sums.length; t++) {
            for (int i : trunks.get(t)) {
                sums[t][0]++;
                sums[t][1] += x[i];
                sums[t][2] += y[i];
                sums[t][3] += x[i] * x[i];
                sums[t][4] += y[i] * y[i];
                sums[t][5] += x[i] * y[i];
            }
        }
        return Bootstrap.bca(
                sums.length,
                chosen -> {
                    double[] s = new double[6];
                    for (int t : chosen) {
                        for (int j = 0; j < s.length; j++) {
                            s[j] += sums[t][j];
                        }
                    }
                    double xx = s[3] - s[1] * s[1] / s[0];
                    double yy = s[4] - s[2] * s[2] / s[0];
                    return xx <= 1e-12 * s[3] || yy <= 1e-12 * s[4]
                            ? Double.NaN
                            : (s[5] - s[1] * s[2] / s[0]) / Math.sqrt(xx * yy);
                },
                level,
                seed);
    }

    /**
     * With x and y complete by trunk and condition, every exchange of trunks leaves means and
     * spreads alone: only sum x y changes.
     */
    private static double exchanged(
            Correlation.Kind kind, List<Point> points, List<List<Integer>> trunks, long seed) {
        List<Map<Object, Integer>> maps = new ArrayList<>();
        for (List<Integer> trunk : trunks) {
            Map<Object, Integer> map = new LinkedHashMap<>();
            trunk.forEach(i -> map.put(points.get(i).condition(), i));
            maps.add(map);
        }
        List<Object> shared =
                maps.get(0).keySet().stream()
                        .filter(c -> maps.stream().allMatch(m -> m.containsKey(c)))
                        .toList();
        int n = maps.size();
        int k = shared.size();
        if (n * k < 3) {
            return Double.NaN;
        }
        double[] x = new double[n * k];
        double[] y = new double[n * k];
        for (int t = 0; t < n; t++) {
            for (int c = 0; c < k; c++) {
                Point point = points.get(maps.get(t).get(shared.get(c)));
                x[t * k + c] = point.x();
                y[t * k + c] = point.y();
            }
        }
        double[] u = centred(kind, x);
        double[] v = centred(kind, y);
        double[][] products = new double[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                for (int c = 0; c < k; c++) {
                    products[a][b] += u[a * k + c] * v[b * k + c];
                }
            }
        }
        // The mean over all exchanges: what the conditions' own means correlate.
        double centre = Arrays.stream(products).flatMapToDouble(Arrays::stream).sum() / n;
        double scale =
                Arrays.stream(u).map(Math::abs).sum()
                        * Arrays.stream(v).map(Math::abs).max().orElse(0);
        int[] order = IntStream.range(0, n).toArray();
        double far = Math.abs(sum(products, order) - centre) - 1e-12 * scale;
        int[] counted = new int[2];
        Consumer<int[]> count =
                o -> {
                    counted[0]++;
                    if (Math.abs(sum(products, o) - centre) >= far) {
                        counted[1]++;
                    }
                };
        if (n <= MOST_COUNTED) {
            permutations(order, 0, count);
        } else {
            count.accept(order);
            RandomStream random = new RandomStream(seed);
            for (int draw = 1; draw < DRAWS; draw++) {
                for (int i = n - 1; i > 0; i--) {
                    swap(order, i, random.nextInt(i + 1));
                }
                count.accept(order);
            }
        }
        return (double) counted[1] / counted[0];
    }

    private static double sum(double[][] products, int[] order) {
        double sum = 0;
        for (int t = 0; t < order.length; t++) {
            sum += products[t][order[t]];
        }
        return sum;
    }

    private static void permutations(int[] order, int from, Consumer<int[]> each) {
        if (from == order.length) {
            each.accept(order);
            return;
        }
        for (int i = from; i < order.length; i++) {
            swap(order, from, i);
            permutations(order, from + 1, each);
            swap(order, from, i);
        }
    }

    private static void swap(int[] order, int i, int j) {
        int keep = order[i];
        order[i] = order[j];
        order[j] = keep;
    }
}
