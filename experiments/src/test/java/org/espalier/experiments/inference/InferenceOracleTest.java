// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Every function against R or SciPy, to 1e-10 unless a line says otherwise. The files were made by
 * {@code scripts/oracles/inference.R} and {@code scripts/oracles/inference.py}.
 */
class InferenceOracleTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-10);

    @Test
    void pearson() {
        for (Oracle o : Oracle.of("r.tsv", "pearson")) {
            Correlation made = Correlation.pearson(o.x(), o.y(), 0.99);
            near(o, 0, made.value());
            near(o, 1, made.p());
            if (o.expected().length > 2) {
                near(o, 2, made.low());
                near(o, 3, made.high());
            }
        }
    }

    @Test
    void spearman() {
        for (Oracle o : Oracle.ofBoth("spearman")) {
            Correlation made = Correlation.spearman(o.x(), o.y(), 0.95);
            near(o, 0, made.value());
            if (o.expected().length > 1) {
                near(o, 1, made.p());
            }
        }
    }

    @Test
    void kendall() {
        for (Oracle o : Oracle.ofBoth("kendall")) {
            Correlation made = Correlation.kendall(o.x(), o.y(), 0.95);
            near(o, 0, made.value());
            near(o, 1, made.p());
        }
    }

    @Test
    void studentOfOneSample() {
        for (Oracle o : Oracle.of("r.tsv", "t")) {
            MeanTest made = MeanTest.one(o.x(), 0.25, 0.99);
            near(o, 0, made.p());
            near(o, 1, made.low());
            near(o, 2, made.high());
            near(o, 3, made.standardError());
        }
    }

    @Test
    void studentOfPairs() {
        for (Oracle o : Oracle.of("r.tsv", "paired")) {
            MeanTest made = MeanTest.paired(o.x(), o.y(), 0.99);
            near(o, 0, made.estimate());
            near(o, 1, made.p());
            near(o, 2, made.low());
            near(o, 3, made.high());
        }
    }

    @Test
    void studentOfTwoSamples() {
        for (Oracle o : Oracle.of("r.tsv", "student")) {
            MeanTest made = MeanTest.student(o.x(), o.y(), 0.95);
            near(o, 0, made.p());
            near(o, 1, made.low());
            near(o, 2, made.high());
        }
    }

    @Test
    void welch() {
        for (Oracle o : Oracle.of("r.tsv", "welch")) {
            MeanTest made = MeanTest.welch(o.x(), o.y(), 0.95);
            near(o, 0, made.p());
            near(o, 1, made.low());
            near(o, 2, made.high());
            near(o, 3, made.degrees());
        }
    }

    @Test
    void equivalence() {
        for (Oracle o : Oracle.of("r.tsv", "equivalence")) {
            near(o, 0, MeanTest.paired(o.x(), o.y(), 0.95).equivalenceP(0.5));
        }
    }

    /** g = d times the correction; of 0, ..., m the mean is m / 2. */
    @Test
    void hedges() {
        for (Oracle o : Oracle.of("scipy.tsv", "hedges")) {
            int m = (int) o.number(0);
            double[] values = IntStream.rangeClosed(0, m).asDoubleStream().toArray();
            double d = m / 2.0 / Samples.moments(values).getStandardDeviation();
            near(o, 0, MeanTest.one(values, 0, 0.95).effect() / d);
        }
    }

    @Test
    void holm() {
        for (Oracle o : Oracle.of("r.tsv", "holm")) {
            assertThat(FamilyOfTests.holm(o.x())).containsExactly(o.expected(), EXACT);
        }
    }

    @Test
    void benjaminiHochberg() {
        for (Oracle o : Oracle.of("r.tsv", "bh")) {
            assertThat(FamilyOfTests.benjaminiHochberg(o.x())).containsExactly(o.expected(), EXACT);
        }
    }

    @Test
    void signFlips() {
        for (Oracle o : Oracle.of("scipy.tsv", "sign-flip")) {
            near(o, 0, SignFlips.meanP(o.x(), 1));
        }
    }

    @Test
    void signedRank() {
        for (Oracle o : Oracle.ofBoth("signed-rank")) {
            near(o, 0, SignFlips.signedRankP(o.x()));
        }
    }

    @Test
    void bca() {
        for (Oracle o : Oracle.of("scipy.tsv", "bca")) {
            double[] made = Bootstrap.ends(o.x(), o.number(1), o.arguments().get(2), o.number(3));
            near(o, 0, made[0]);
            near(o, 1, made[1]);
        }
    }

    @Test
    void interquartileMean() {
        for (Oracle o : Oracle.of("scipy.tsv", "iqm")) {
            near(o, 0, new Scores(List.of(o.x())).interquartileMean());
        }
    }

    @Test
    void probabilityOfImprovement() {
        for (Oracle o : Oracle.of("scipy.tsv", "improvement")) {
            near(
                    o,
                    0,
                    new Scores(List.of(o.x()))
                            .probabilityOfImprovement(new Scores(List.of(o.y()))));
        }
    }

    @Test
    void violationOfStochasticOrder() {
        for (Oracle o : Oracle.of("scipy.tsv", "violation")) {
            near(o, 0, AlmostStochasticOrder.violation(o.x(), o.y()));
        }
    }

    /** Both are shares of random draws, 100,000 there and 20,000 here: five deviations at most. */
    @Test
    void bayesianSignedRank() {
        for (Oracle o : Oracle.of("scipy.tsv", "bayesian")) {
            BayesianSignedRank made = BayesianSignedRank.of(o.x(), o.number(1), 3);
            Offset<Double> five = Offset.offset(5 * 0.5 * Math.sqrt(1 / 20_000.0 + 1 / 100_000.0));
            assertThat(made.left()).as(o.toString()).isCloseTo(o.expected()[0], five);
            assertThat(made.rope()).as(o.toString()).isCloseTo(o.expected()[1], five);
            assertThat(made.right()).as(o.toString()).isCloseTo(o.expected()[2], five);
        }
    }

    @Test
    void friedman() {
        for (Oracle o : Oracle.of("r.tsv", "friedman")) {
            Friedman made =
                    Friedman.of(o.arguments().toArray(double[][]::new), Friedman.Better.LOWER);
            near(o, 0, made.chiSquared());
            near(o, 1, made.p());
            for (int m = 0; m < made.meanRanks().size(); m++) {
                near(o, 2 + m, made.meanRanks().get(m));
            }
        }
        for (Oracle o : Oracle.of("scipy.tsv", "iman-davenport")) {
            Friedman made =
                    Friedman.of(o.arguments().toArray(double[][]::new), Friedman.Better.HIGHER);
            near(o, 0, made.f());
            near(o, 1, made.fP());
        }
    }

    @Test
    void studentisedRange() {
        for (Oracle o : Oracle.of("scipy.tsv", "range")) {
            near(o, 0, Friedman.studentisedRange(o.number(0), (int) o.number(1)));
        }
        for (Oracle o : Oracle.of("r.tsv", "range")) { // whose ptukey has seven digits
            assertThat(Friedman.studentisedRange(o.number(0), (int) o.number(1)))
                    .as(o.toString())
                    .isCloseTo(o.expected()[0], Offset.offset(1e-7));
        }
    }

    /**
     * Mean ranks of n blocks differ critically by q sqrt(k (k + 1) / (12 n)); R's q has 8 digits.
     */
    @Test
    void criticalDifference() {
        for (Oracle o : Oracle.of("r.tsv", "range-quantile")) {
            int k = (int) o.number(0);
            double[][] blocks = new double[7][k];
            for (double[] block : blocks) {
                Arrays.setAll(block, i -> i);
            }
            double made =
                    Friedman.of(blocks, Friedman.Better.LOWER).criticalDifference(o.number(1));
            assertThat(made / Math.sqrt(k * (k + 1) / (12.0 * 7)))
                    .isCloseTo(o.expected()[0], Offset.offset(1e-4));
        }
    }

    @Test
    void nonCentralT() {
        for (Oracle o : Oracle.of("r.tsv", "non-central")) {
            near(o, 0, Power.nonCentral(o.number(0), o.number(1), o.number(2)));
        }
    }

    @Test
    void power() {
        for (Oracle o : Oracle.of("r.tsv", "power")) {
            near(o, 0, Power.paired((int) o.number(0), o.number(1), o.number(2)));
        }
    }

    private static void near(Oracle oracle, int result, double made) {
        assertThat(made)
                .as("result %s of %s", result, oracle)
                .isCloseTo(oracle.expected()[result], EXACT);
    }
}
