// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.espalier.experiments.inference.Correlation;
import org.espalier.experiments.inference.FamilyOfTests;
import org.espalier.experiments.inference.Friedman;
import org.espalier.experiments.inference.MeanTest;
import org.espalier.experiments.inference.SignFlips;
import org.espalier.experiments.metrics.ClassRecalls;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How often tests reject where there is nothing, over 1,000 seeded nulls of 5 and of 30 units.
 * Exact tests reject at the level that they can attain, the others not more often than they say;
 * bounds are the ends of the 99.9 % interval of the binomial distribution.
 */
class NullCalibrationTest {
    private static final int NULLS = 1000;
    private static final double[] LEVELS = {0.05, 0.01};

    private static double[] normal(Random random, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    private static int[] rejections(ToDoubleFunction<Random> p) {
        int[] count = new int[LEVELS.length];
        for (int i = 0; i < NULLS; i++) {
            double value = p.applyAsDouble(new Random(i));
            for (int l = 0; l < LEVELS.length; l++) {
                count[l] += value <= LEVELS[l] * (1 + 1e-9) ? 1 : 0;
            }
        }
        return count;
    }

    private static void assertNotAbove(String test, int[] count) {
        for (int l = 0; l < LEVELS.length; l++) {
            assertThat(count[l])
                    .as("%s at %s", test, LEVELS[l])
                    .isLessThanOrEqualTo(upper(LEVELS[l]));
        }
    }

    private static int upper(double level) {
        return new BinomialDistribution(NULLS, level).inverseCumulativeProbability(0.9995);
    }

    private static void assertExact(String test, int[] count, double... attainable) {
        for (int l = 0; l < LEVELS.length; l++) {
            int low =
                    attainable[l] == 0
                            ? 0
                            : new BinomialDistribution(NULLS, attainable[l])
                                    .inverseCumulativeProbability(0.0005);
            assertThat(count[l])
                    .as("%s at %s", test, LEVELS[l])
                    .isBetween(low, attainable[l] == 0 ? 0 : upper(attainable[l]));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 30})
    void testsOfMeans(int n) {
        assertExact(
                "t of one sample",
                rejections(r -> MeanTest.one(normal(r, n), 0, 0.99).p()),
                LEVELS);
        assertExact(
                "paired t",
                rejections(r -> MeanTest.paired(normal(r, n), normal(r, n), 0.99).p()),
                LEVELS);
        assertExact(
                "Student's t",
                rejections(r -> MeanTest.student(normal(r, n), normal(r, n), 0.99).p()),
                LEVELS);
        assertNotAbove(
                "Welch's t", rejections(r -> MeanTest.welch(normal(r, n), normal(r, n), 0.99).p()));
        assertNotAbove(
                "equivalence, the true difference at the margin",
                rejections(
                        r -> {
                            double[] d = normal(r, n);
                            Arrays.setAll(d, i -> d[i] + 1);
                            return MeanTest.one(d, 0, 0.99).equivalenceP(1);
                        }));
    }

    @Test
    void testsBySigns() {
        // of 2^5 choices of signs 2 are as far as any: p is 1/16 at least, which no level here
        // attains
        assertExact("5 signs", rejections(r -> SignFlips.meanP(normal(r, 5), 1)), 0, 0);
        assertExact("5 signed ranks", rejections(r -> SignFlips.signedRankP(normal(r, 5))), 0, 0);
        assertExact("30 signs", rejections(r -> SignFlips.meanP(normal(r, 30), 1)), LEVELS);
        // not normal, and not alike: signs ask for symmetry alone
        assertExact(
                "30 signs of Cauchy's",
                rejections(
                        r -> {
                            double[] d = new double[30];
                            Arrays.setAll(d, i -> r.nextGaussian() / r.nextGaussian());
                            return SignFlips.meanP(d, 1);
                        }),
                LEVELS);
        assertExact(
                "30 signed ranks", rejections(r -> SignFlips.signedRankP(normal(r, 30))), LEVELS);
    }

    @Test
    void correlations() {
        for (int n : new int[] {5, 30}) {
            assertExact(
                    "Pearson of " + n,
                    rejections(r -> Correlation.pearson(normal(r, n), normal(r, n), 0.99).p()),
                    LEVELS);
        }
        // of 5! = 120 orders 2 have |tau| = 1 and p = 1/60, the next have p = 1/12
        assertExact(
                "Kendall of 5",
                rejections(r -> Correlation.kendall(normal(r, 5), normal(r, 5), 0.99).p()),
                1 / 60.0,
                0);
        assertExact(
                "Kendall of 30",
                rejections(r -> Correlation.kendall(normal(r, 30), normal(r, 30), 0.99).p()),
                LEVELS);
        assertNotAbove(
                "Spearman of 30",
                rejections(r -> Correlation.spearman(normal(r, 30), normal(r, 30), 0.99).p()));
        assertNotAbove(
                "Spearman of as few as get a p-value",
                rejections(
                        r ->
                                Correlation.spearman(
                                                normal(r, StabilityQuestion.FEWEST_FOR_SPEARMAN),
                                                normal(r, StabilityQuestion.FEWEST_FOR_SPEARMAN),
                                                0.99)
                                        .p()));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 30})
    void familiesOfTests(int n) {
        assertNotAbove("Holm", rejections(r -> least(FamilyOfTests.holm(ps(r, n)))));
        assertNotAbove(
                "Benjamini and Hochberg",
                rejections(r -> least(FamilyOfTests.benjaminiHochberg(ps(r, n)))));
        assertNotAbove(
                "Friedman",
                rejections(
                        r -> {
                            double[][] blocks = new double[n][];
                            Arrays.setAll(blocks, i -> normal(r, 4));
                            return Friedman.of(blocks, Friedman.Better.HIGHER).p();
                        }));
    }

    private static double[] ps(Random random, int n) {
        double[] p = new double[6];
        Arrays.setAll(p, i -> MeanTest.one(normal(random, n), 0, 0.99).p());
        return p;
    }

    private static double least(double[] p) {
        return Arrays.stream(p).min().orElseThrow();
    }

    /** Runs of a null whose trunks differ on both sides: eight conditions each. */
    private static TrunkCorrelation trunks(Random random, int n) {
        List<TrunkCorrelation.Point> points = new ArrayList<>();
        for (int t = 0; t < n; t++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            for (int c = 0; c < MeasuredRates.RUNS; c++) {
                points.add(
                        new TrunkCorrelation.Point(
                                t, c, x + random.nextGaussian(), y + random.nextGaussian()));
            }
        }
        return TrunkCorrelation.of(Correlation.Kind.PEARSON, points, 0.99, 1);
    }

    @Test
    void runsThatShareTrunks() {
        List<int[]> pooled = new ArrayList<>();
        for (int n : new int[] {5, 30}) {
            List<TrunkCorrelation> nulls = new ArrayList<>();
            for (int i = 0; i < NULLS; i++) {
                nulls.add(trunks(new Random(i), n));
            }
            assertExact("trunks exchanged, " + n, rejections(nulls, TrunkCorrelation::p), LEVELS);
            int[] within = rejections(nulls, TrunkCorrelation::withinP);
            assertExact("inside trunks, " + n, within, n == 5 ? new double[] {0, 0} : LEVELS);
            pooled.add(rejections(nulls, t -> t.pooled().p()));
        }
        assertThat(pooled.get(0)).containsExactly(MeasuredRates.POOLED_5);
        assertThat(pooled.get(1)).containsExactly(MeasuredRates.POOLED_30);
    }

    private static int[] rejections(
            List<TrunkCorrelation> nulls, ToDoubleFunction<TrunkCorrelation> p) {
        int[] count = new int[LEVELS.length];
        for (TrunkCorrelation t : nulls) {
            for (int l = 0; l < LEVELS.length; l++) {
                count[l] += p.applyAsDouble(t) <= LEVELS[l] * (1 + 1e-9) ? 1 : 0;
            }
        }
        return count;
    }

    /** A network's counts: 1,000 samples of each class, of true recalls. */
    private static TestedNetwork tested(Random random, double[] truth) {
        long[] correct = new long[truth.length];
        long[] total = new long[truth.length];
        for (int c = 0; c < truth.length; c++) {
            total[c] = 1000;
            for (int i = 0; i < total[c]; i++) {
                correct[c] += random.nextDouble() < truth[c] ? 1 : 0;
            }
        }
        ClassRecalls recalls = new ClassRecalls(correct, total);
        return new TestedNetwork(
                0.1, recalls.accuracy(), recalls, false, 0, 0.1, recalls.accuracy());
    }

    /** Networks whose true recalls pruning leaves alone, each test set its own: alpha against 1. */
    @Test
    void alphaOfNetworksThatPruningLeavesAlone() {
        double[] truth = new double[10];
        Arrays.setAll(truth, c -> 0.88 + 0.04 * c / 9);
        List<int[]> against1 = new ArrayList<>();
        for (int n : new int[] {5, 30}) {
            int[] one = new int[LEVELS.length];
            int[] difference = new int[LEVELS.length];
            for (int i = 0; i < NULLS; i++) {
                Random random = new Random(i);
                double[] pruned = new double[n];
                double[] control = new double[n];
                for (int s = 0; s < n; s++) {
                    TestedNetwork dense = tested(random, truth);
                    pruned[s] = alpha(dense, tested(random, truth));
                    control[s] = alpha(dense, tested(random, truth));
                }
                double p1 = MeanTest.one(pruned, 1, 0.99).p();
                double p2 = MeanTest.paired(pruned, control, 0.99).p();
                for (int l = 0; l < LEVELS.length; l++) {
                    one[l] += p1 <= LEVELS[l] ? 1 : 0;
                    difference[l] += p2 <= LEVELS[l] ? 1 : 0;
                }
            }
            assertNotAbove("the paired difference, " + n, difference);
            against1.add(one);
        }
        assertThat(against1.get(0)).containsExactly(MeasuredRates.ALPHA_5);
        assertThat(against1.get(1)).containsExactly(MeasuredRates.ALPHA_30);
    }

    private static double alpha(TestedNetwork dense, TestedNetwork end) {
        return org.espalier.experiments.statistics.RecallDistortion.between(
                        dense.recalls(), end.recalls())
                .alphaOrigin();
    }
}
