// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.Test;

/** What the Javadoc says of few, equal and odd values, and of what is drawn at random. */
class InferenceEdgesTest {

    @Test
    void aConstantSideHasNoCorrelation() {
        double[] constant = {2, 2, 2, 2, 2};
        double[] rising = {1, 2, 3, 4, 5};
        for (Correlation made :
                List.of(
                        Correlation.pearson(constant, rising, 0.95),
                        Correlation.spearman(constant, rising, 0.95),
                        Correlation.kendall(constant, rising, 0.95))) {
            assertThat(made.value()).isNaN();
            assertThat(made.p()).isNaN();
        }
    }

    /** Of two pairs r is 1 or -1 and says nothing. */
    @Test
    void tooFewPairsHaveNoIntervalAndNoP() {
        Correlation two = Correlation.pearson(new double[] {1, 2}, new double[] {5, 3}, 0.95);

        assertThat(two.value()).isEqualTo(-1);
        assertThat(two.p()).isNaN();
        assertThat(two.low()).isEqualTo(-1);
        assertThat(two.high()).isEqualTo(1);
    }

    /** Rankings would put -0 below 0. */
    @Test
    void aNegativeZeroIsZero() {
        double[] signed = {-0.0, 0.0, 1, 2};
        double[] plain = {0.0, 0.0, 1, 2};
        double[] other = {3, 1, 2, 4};

        assertThat(Correlation.kendall(signed, other, 0.95))
                .isEqualTo(Correlation.kendall(plain, other, 0.95));
        assertThat(Correlation.spearman(signed, other, 0.95))
                .isEqualTo(Correlation.spearman(plain, other, 0.95));
        assertThat(Friedman.of(new double[][] {signed, other}, Friedman.Better.LOWER))
                .isEqualTo(Friedman.of(new double[][] {plain, other}, Friedman.Better.LOWER));
    }

    @Test
    void whereNothingVariesThereIsNoEffect() {
        double[] same = {0.5, 0.5, 0.5};

        assertThat(MeanTest.one(same, 0.5, 0.99).p()).isNaN();
        assertThat(MeanTest.one(same, 0, 0.99).p()).isZero();
        assertThat(MeanTest.one(same, 0, 0.99).effect()).isNaN();
        assertThat(MeanTest.one(same, 0, 0.99).equivalenceP(0.1)).isNaN();
    }

    @Test
    void testsWithoutAPAreNoMembersOfAFamily() {
        assertThat(FamilyOfTests.holm(0.01, Double.NaN, 0.02))
                .containsExactly(0.02, Double.NaN, 0.02);
        assertThat(FamilyOfTests.benjaminiHochberg(0.01, Double.NaN, 0.02))
                .containsExactly(0.02, Double.NaN, 0.02);
        assertThatThrownBy(() -> FamilyOfTests.holm(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a p-value is in [0, 1], got 1.5");
    }

    /** Of n differences of one sign p is 2^(1 - n), the least there is. */
    @Test
    void signFlipsAttainTheirLeast() {
        double[] rising = {1, 2, 3, 4, 5};
        assertThat(SignFlips.meanP(rising, 1)).isEqualTo(1 / 16.0);
        assertThat(SignFlips.signedRankP(rising)).isEqualTo(1 / 16.0);
        assertThat(SignFlips.signedRankP(0, 0)).isNaN();
        assertThat(SignFlips.meanP(new double[] {0, 0}, 1)).isEqualTo(1);
    }

    /** Counted by halves or one by one, with many equal sums. */
    @Test
    void everyChoiceOfSignsIsCountedOnce() {
        for (int n = 1; n <= 12; n++) {
            RandomStream random = new RandomStream(n);
            double[] whole = new double[n];
            Arrays.setAll(whole, i -> random.nextInt(7) - 2); // sums without rounding
            double observed = Math.abs(Arrays.stream(whole).sum());
            int far = 0;
            for (int choice = 0; choice < 1 << n; choice++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += (choice >>> i & 1) == 0 ? whole[i] : -whole[i];
                }
                far += Math.abs(sum) >= observed ? 1 : 0;
            }
            assertThat(SignFlips.meanP(whole, 1)).as("n %d", n).isEqualTo(far / (double) (1 << n));
        }
    }

    /** Drawn choices of signs come near those that are counted: five deviations of 100,000. */
    @Test
    void manySignsAreDrawn() {
        RandomStream random = new RandomStream(7);
        double[] few = new double[SignFlips.MOST_COUNTED];
        Arrays.setAll(few, i -> random.nextGaussian() + 0.3);
        double[] more = Arrays.copyOf(few, few.length + 1); // one difference of 0 changes nothing

        double counted = SignFlips.meanP(few, 1);
        assertThat(Math.abs(SignFlips.meanP(more, 1) - counted))
                .isLessThan(5 * Math.sqrt(counted * (1 - counted) / 100_000));
    }

    /** What is drawn by ranks is, to the last bit, what is drawn and sorted. */
    @Test
    void drawingByRanksIsDrawingValues() {
        RandomStream values = new RandomStream(11);
        List<double[]> xs = new ArrayList<>();
        List<double[]> ys = new ArrayList<>();
        for (int task = 0; task < 3; task++) {
            double[] x = new double[5 + task];
            double[] y = new double[4];
            Arrays.setAll(x, i -> values.nextInt(6) / 7.0); // with ties, also between the two
            Arrays.setAll(y, i -> values.nextInt(6) / 7.0);
            xs.add(x);
            ys.add(y);
        }
        Scores x = new Scores(xs);
        Scores y = new Scores(ys);
        assertThat(x.interquartileInterval(0.9, 5))
                .isEqualTo(x.interval(Scores::interquartileMean, 0.9, 5));

        RandomStream random = new RandomStream(5);
        double[] estimates = new double[Scores.DRAWS];
        for (int draw = 0; draw < estimates.length; draw++) {
            Scores drawnX = drawn(xs, random);
            estimates[draw] = drawnX.probabilityOfImprovement(drawn(ys, random));
        }
        assertThat(x.improvementInterval(y, 0.9, 5))
                .isEqualTo(Scores.Interval.percentile(estimates, 0.9));
    }

    private static Scores drawn(List<double[]> tasks, RandomStream random) {
        return new Scores(
                tasks.stream()
                        .map(
                                runs ->
                                        IntStream.range(0, runs.length)
                                                .mapToDouble(i -> runs[random.nextInt(runs.length)])
                                                .toArray())
                        .toList());
    }

    /** n pairs have the power, n - 1 have not. */
    @Test
    void fewestPairsAreTheFewest() {
        for (double d : new double[] {0.2, 0.5, 1, 3}) {
            int n = Power.pairs(d, 0.05, 0.8, 10_000).orElseThrow();
            assertThat(Power.paired(n, d, 0.05)).isGreaterThanOrEqualTo(0.8);
            assertThat(n == 2 || Power.paired(n - 1, d, 0.05) < 0.8).isTrue();
        }
        assertThat(Power.pairs(0, 0.05, 0.8, 1000)).isEmpty();
        assertThat(Power.pairs(0.01, 0.05, 0.8, 100)).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] values = {0.1, 0.9, 0.4, 0.2, 0.7, 0.3};

        Bootstrap made = Bootstrap.ofMean(values, 0.95, 1);

        assertThat(made).isEqualTo(Bootstrap.ofMean(values, 0.95, 1));
        assertThat(made.estimate()).isBetween(made.low(), made.high());
        assertThat(made.low()).isGreaterThanOrEqualTo(0.1);
        assertThat(made.high()).isLessThanOrEqualTo(0.9);
        assertThat(Bootstrap.ofMean(new double[] {2, 2, 2, 2}, 0.95, 1).high()).isEqualTo(2);
        assertThatThrownBy(() -> Bootstrap.bca(3, chosen -> 0, 0.95, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a bootstrap needs at least 4 units, got 3");
    }

    /** A statistic that some resamples lack is made of the others, whose number is told. */
    @Test
    void resamplesWithoutAValueAreCounted() {
        Bootstrap made =
                Bootstrap.bca(
                        5,
                        chosen -> Arrays.stream(chosen).distinct().count() < 3 ? Double.NaN : 1,
                        0.95,
                        1);

        assertThat(made.undefined()).isPositive();
        assertThat(made.draws() + made.undefined()).isEqualTo(Bootstrap.DRAWS);
    }

    @Test
    void ordersOfEqualAndOfSeparateSamples() {
        double[] low = {1, 2, 3};
        double[] high = {4, 5, 6};
        assertThat(AlmostStochasticOrder.of(high, low, 0.95, 1).violation()).isZero();
        assertThat(AlmostStochasticOrder.of(high, low, 0.95, 1).upper()).isZero();
        assertThat(AlmostStochasticOrder.of(low, high, 0.95, 1).violation()).isEqualTo(1);
        assertThat(AlmostStochasticOrder.of(low, low, 0.95, 1).violation()).isEqualTo(0.5);
    }

    @Test
    void scoresOfTasksOfUnequalRuns() {
        Scores better = new Scores(List.of(new double[] {3, 4}, new double[] {5, 6, 7}));
        Scores worse = new Scores(List.of(new double[] {1}, new double[] {2, 2}));

        assertThat(better.probabilityOfImprovement(worse)).isEqualTo(1);
        assertThat(better.mean()).isEqualTo((3.5 + 6) / 2);
        assertThat(better.shareAbove(4)).isEqualTo(3 / 5.0);
        Scores.Interval interval = better.interval(Scores::mean, 0.95, 1);
        assertThat(interval.low()).isBetween(4.0, better.mean());
        assertThat(interval.high()).isBetween(better.mean(), 5.5);
        assertThat(better.improvementInterval(worse, 0.95, 1)).isEqualTo(new Scores.Interval(1, 1));
    }
}
