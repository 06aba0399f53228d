// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.junit.jupiter.api.Test;

/** Churn, exemplars and the difference statistic, by hand and by going through all exchanges. */
class PredictionTablesTest {
    private static PredictedClasses of(int[] predicted, int[] labels) {
        byte[] p = new byte[predicted.length];
        byte[] l = new byte[labels.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = (byte) predicted[i];
            l[i] = (byte) labels[i];
        }
        return new PredictedClasses(p, l);
    }

    /**
     * Labels 0 0 1 1. Dense: 0 0 1 0, recalls 1 and 1/2, accuracy 3/4: balances 1/3 and -1/3.
     * Pruned: 0 1 1 1, recalls 1/2 and 1, accuracy 3/4: -1/3 and 1/3. D is -2/3 and 2/3.
     */
    @Test
    void differenceByHand() {
        int[] labels = {0, 0, 1, 1};
        BalanceExchange exchange = new BalanceExchange(2, 2);
        exchange.add(
                List.of(of(new int[] {0, 0, 1, 0}, labels), of(new int[] {0, 1, 1, 1}, labels)));

        double[][] d = exchange.statistic();

        assertThat(d[0]).containsExactly(new double[] {-2 / 3.0, 2 / 3.0}, within(1e-15));
    }

    /**
     * The same networks: samples 1 and 3 can be exchanged, each or neither, which is four ways.
     * Both as seen: D of class 0 is -2/3. Both exchanged: 2/3. Only sample 1: dense 0 1 1 0 has
     * recalls 1/2, 1/2 and balances 0, pruned 0 0 1 1 too: 0. Only sample 3: 0. Of -2/3 the share
     * at most is 1/4 and at least 1, so p is 1/2 but for what is drawn.
     */
    @Test
    void pOfAllExchanges() {
        int[] labels = {0, 0, 1, 1};
        BalanceExchange exchange = new BalanceExchange(2, 2);
        exchange.add(
                List.of(of(new int[] {0, 0, 1, 0}, labels), of(new int[] {0, 1, 1, 1}, labels)));
        int n = 40_000;

        double[][] p = exchange.p(n, 3);

        double error = 4 * 2 * Math.sqrt(0.25 * 0.75 / n); // four standard errors of twice a share
        assertThat(p[0][0]).isCloseTo(0.5, within(error));
        assertThat(p[0][1]).isCloseTo(0.5, within(error));
    }

    /**
     * Tables of sets and single draws exchange alike: 13 levels are past the table, and one sample
     * that a single level gets right makes it as likely at every level.
     */
    @Test
    void manyLevelsAreExchangedAlike() {
        int[] labels = {0, 1};
        List<PredictedClasses> networks = new ArrayList<>();
        for (int l = 0; l < 13; l++) {
            networks.add(of(new int[] {l == 4 ? 0 : 1, 1}, labels));
        }
        BalanceExchange exchange = new BalanceExchange(2, 13);
        exchange.add(networks);

        double[][] p = exchange.p(40_000, 5);

        // level 4: recalls 1 and 1 against 0 and 1, D of class 0 is 1; a draw gives that with
        // probability 1/13, so p is 2/13. The others: D is 0 or 1 less often: -1 with 1/13.
        assertThat(exchange.statistic()[3][0]).isEqualTo(1);
        assertThat(p[3][0]).isCloseTo(2 / 13.0, within(0.011));
        assertThat(p[5][0]).isEqualTo(1);
    }

    /** Levels that are drawn alike: rejected at most as often as said. */
    @Test
    void rejectsNoMoreOftenThanItSays() {
        int nulls = 1000;
        int rejected = 0;
        for (int i = 0; i < nulls; i++) {
            Random random = new Random(i);
            BalanceExchange exchange = new BalanceExchange(3, 3);
            for (int seed = 0; seed < 3; seed++) {
                int[] labels = random.ints(60, 0, 3).toArray();
                double[] easy = random.doubles(60, 0.3, 1).toArray(); // alike for all levels
                List<PredictedClasses> networks = new ArrayList<>();
                for (int l = 0; l < 3; l++) {
                    int[] predicted = new int[60];
                    for (int s = 0; s < 60; s++) {
                        predicted[s] =
                                random.nextDouble() < easy[s] ? labels[s] : (labels[s] + 1) % 3;
                    }
                    networks.add(of(predicted, labels));
                }
                exchange.add(networks);
            }
            rejected += exchange.p(199, i)[1][0] <= 0.05 ? 1 : 0;
        }
        int upper = new BinomialDistribution(nulls, 0.05).inverseCumulativeProbability(0.9995);
        assertThat(rejected).isLessThanOrEqualTo(upper).isGreaterThan(20); // and it can reject
    }

    /**
     * Labels 0 0 1 1, three seeds. Dense networks: all right but seed 3, which takes sample 3 for
     * 0. Pruned: sample 1 taken for 1 by seeds 1 and 2, else right. Churn by seed 1/4, 1/4, 1/4
     * (seed 3: sample 3); of dense seeds 0, 1/4, 1/4. Modes: dense 0 0 1 1, pruned 0 1 1 1, so
     * sample 1 is the exemplar: 1 of 3 pruned networks right, 3 of 3 dense. Others: 9 of 9, 8 of 9.
     */
    @Test
    void churnAndExemplarsByHand() {
        int[] labels = {0, 0, 1, 1};
        int[][] dense = {{0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 0}};
        int[][] pruned = {{0, 1, 1, 1}, {0, 1, 1, 1}, {0, 0, 1, 1}};
        Planted planted = new Planted();
        for (int seed = 0; seed < 3; seed++) {
            planted.add(
                    "magnitude",
                    "",
                    0.9,
                    seed,
                    network(of(dense[seed], labels)),
                    network(of(pruned[seed], labels)));
        }

        Answer answer = planted.ask(Question.RECALL);
        Table table = answer.table("recall_predictions");

        assertThat(table.value(0, "churn")).isEqualTo(0.25);
        assertThat((Double) table.value(0, "churn_seeds")).isCloseTo(0.5 / 3, within(1e-15));
        assertThat(table.value(0, "seed_pairs")).isEqualTo(3L);
        assertThat(table.value(0, "exemplars")).isEqualTo(0.25);
        assertThat((Double) table.value(0, "exemplar_accuracy")).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(table.value(0, "exemplar_accuracy_dense")).isEqualTo(1.0);
        assertThat(table.value(0, "other_accuracy")).isEqualTo(1.0);
        assertThat((Double) table.value(0, "other_accuracy_dense"))
                .isCloseTo(8 / 9.0, within(1e-15));
        assertThat(answer.table("recall_differences").lines()).hasSize(2);
        assertThat(answer.caveats())
                .noneMatch(
                        c ->
                                c.kind() == Caveat.Kind.NOT_MEASURED
                                        && c.sentence().contains("predictions"));
    }

    private static TestedNetwork network(PredictedClasses p) {
        long[] correct = new long[2];
        long[] total = new long[2];
        for (int s = 0; s < p.samples(); s++) {
            total[p.label(s)]++;
            correct[p.label(s)] += p.right(s) ? 1 : 0;
        }
        return Planted.network(correct, total, p);
    }
}
