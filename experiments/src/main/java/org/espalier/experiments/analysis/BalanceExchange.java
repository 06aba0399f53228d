// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.random.RandomStream;

/**
 * The difference statistic that came before alpha, with its permutation test (code of Good et al.
 * 2022, arXiv:2206.02976): {@code D_t^c} is the normalised recall balance {@code (R_t^c - A_t) /
 * A_t} of class c at level t less that of the dense network, here its mean over seeds. Under the
 * null a test sample's predictions are exchangeable over all levels, the dense network among them:
 * they are exchanged within each sample and each seed. The two-sided p is twice the smaller of the
 * shares of exchanges, with the one that was seen, whose statistic is at most or at least as large.
 *
 * <p>Differs from the authors' file, which does not run as it is: the one that was seen is counted,
 * without which p can be 0 and the test rejects too often. The networks are given, so it speaks of
 * these networks on other test samples, not of other seeds.
 */
final class BalanceExchange {
    private static final int MOST_TABLED = 12;

    private final int classes;
    private final int levels;
    private final List<Seed> seeds = new ArrayList<>();

    /** What one seed's networks get right. */
    private static final class Seed {
        /** Right answers by level and class of samples that all levels answer alike. */
        private final long[][] base;

        private final long[] support;
        private final int[] labels;
        private final int[] right;

        Seed(long[][] base, long[] support, int[] labels, int[] right) {
            this.base = base;
            this.support = support;
            this.labels = labels;
            this.right = right;
        }
    }

    /**
     * @param classes of the task
     * @param levels with the dense network, which is the first; at most 31
     */
    BalanceExchange(int classes, int levels) {
        if (levels < 2 || levels > 31) {
            throw new IllegalArgumentException("2 to 31 levels can be exchanged, got " + levels);
        }
        this.classes = classes;
        this.levels = levels;
    }

    /**
     * Adds a seed.
     *
     * @param networks one a level, all of the same samples
     */
    void add(List<PredictedClasses> networks) {
        if (networks.size() != levels) {
            throw new IllegalArgumentException(
                    "expected " + levels + " levels, got " + networks.size());
        }
        int samples = networks.get(0).samples();
        long[][] base = new long[levels][classes];
        long[] support = new long[classes];
        int[] labels = new int[samples];
        int[] right = new int[samples];
        int varying = 0;
        for (int s = 0; s < samples; s++) {
            int label = networks.get(0).label(s);
            support[label]++;
            int bits = 0;
            for (int l = 0; l < levels; l++) {
                bits |= networks.get(l).right(s) ? 1 << l : 0;
            }
            if (bits == (1 << levels) - 1) {
                for (int l = 0; l < levels; l++) {
                    base[l][label]++;
                }
            } else if (bits != 0) {
                labels[varying] = label;
                right[varying++] = bits;
            }
        }
        seeds.add(
                new Seed(
                        base,
                        support,
                        java.util.Arrays.copyOf(labels, varying),
                        java.util.Arrays.copyOf(right, varying)));
    }

    /** Mean D by level, without the dense one, and class; NaN where a class has no samples. */
    double[][] statistic() {
        return statistic(null, null);
    }

    /**
     * Two-sided p by level, without the dense one, and class.
     *
     * @param exchanges drawn; the smallest p is 2 / (exchanges + 1)
     */
    double[][] p(int exchanges, long seed) {
        RandomStream random = new RandomStream(seed);
        double[][] seen = statistic();
        int[][] atMost = new int[levels - 1][classes];
        int[][] atLeast = new int[levels - 1][classes];
        int[][] table = levels <= MOST_TABLED ? masksByCount() : null;
        for (int e = 0; e < exchanges; e++) {
            double[][] drawn = statistic(random, table);
            for (int l = 0; l < levels - 1; l++) {
                for (int c = 0; c < classes; c++) {
                    // sums of the same counts in another order may differ in the last digits
                    double slack = 1e-12 * Math.abs(seen[l][c]);
                    atMost[l][c] += drawn[l][c] <= seen[l][c] + slack ? 1 : 0;
                    atLeast[l][c] += drawn[l][c] >= seen[l][c] - slack ? 1 : 0;
                }
            }
        }
        double[][] p = new double[levels - 1][classes];
        for (int l = 0; l < levels - 1; l++) {
            for (int c = 0; c < classes; c++) {
                int fewer = Math.min(atMost[l][c], atLeast[l][c]);
                p[l][c] =
                        Double.isNaN(seen[l][c])
                                ? Double.NaN
                                : Math.min(1, 2 * (fewer + 1.0) / (exchanges + 1.0));
            }
        }
        return p;
    }

    private double[][] statistic(RandomStream random, int[][] table) {
        double[][] sums = new double[levels - 1][classes];
        long[][] correct = new long[levels][classes];
        for (Seed seed : seeds) {
            for (int l = 0; l < levels; l++) {
                System.arraycopy(seed.base[l], 0, correct[l], 0, classes);
            }
            for (int s = 0; s < seed.right.length; s++) {
                int bits = seed.right[s];
                if (random != null) {
                    bits = exchanged(bits, random, table);
                }
                for (int left = bits; left != 0; left &= left - 1) {
                    correct[Integer.numberOfTrailingZeros(left)][seed.labels[s]]++;
                }
            }
            double[] dense = ratios(correct[0], seed.support);
            for (int l = 1; l < levels; l++) {
                double[] ratios = ratios(correct[l], seed.support);
                for (int c = 0; c < classes; c++) {
                    sums[l - 1][c] += (ratios[c] - dense[c]) / seeds.size();
                }
            }
        }
        return sums;
    }

    /** Recall over accuracy, which is the normalised balance and 1. */
    private static double[] ratios(long[] correct, long[] support) {
        double all = 0;
        double samples = 0;
        for (int c = 0; c < support.length; c++) {
            all += correct[c];
            samples += support[c];
        }
        double[] ratios = new double[support.length];
        for (int c = 0; c < support.length; c++) {
            ratios[c] = (double) correct[c] / support[c] / (all / samples);
        }
        return ratios;
    }

    private int exchanged(int bits, RandomStream random, int[][] table) {
        int count = Integer.bitCount(bits);
        if (table != null) {
            return table[count][random.nextInt(table[count].length)];
        }
        int mask = 0;
        int left = count;
        for (int l = 0; l < levels; l++) { // each set of that many levels is as likely as any
            if (random.nextInt(levels - l) < left) {
                mask |= 1 << l;
                left--;
            }
        }
        return mask;
    }

    /** All sets of levels, by how many there are in them. */
    private int[][] masksByCount() {
        List<List<Integer>> lists = new ArrayList<>();
        for (int count = 0; count <= levels; count++) {
            lists.add(new ArrayList<>());
        }
        for (int mask = 0; mask < 1 << levels; mask++) {
            lists.get(Integer.bitCount(mask)).add(mask);
        }
        return lists.stream()
                .map(list -> list.stream().mapToInt(i -> i).toArray())
                .toArray(int[][]::new);
    }
}
