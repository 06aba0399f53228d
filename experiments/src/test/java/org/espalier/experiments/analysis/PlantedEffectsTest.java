// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The analysis finds what was planted, and nothing where nothing was. */
class PlantedEffectsTest {
    private static final String CONTROL = "fine-tuned";

    /**
     * Ten seeds: the control has slope 0.8, "harsh" 1.4, "idle" 0.8 again, all with a little noise.
     */
    private static Planted recalls(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Planted planted = new Planted();
        for (long s = 1; s <= 10; s++) {
            double[] x = Planted.balances(random, 0.1);
            TestedNetwork dense = Planted.network(Planted.recalls(0.9, 1, x));
            planted.add("control", CONTROL, 0, s, dense, end(random, x, 0.8));
            planted.add("harsh", "", 0.9, s, dense, end(random, x, 1.4), 0.1);
            planted.add("idle", "", 0.9, s, dense, end(random, x, 0.8), 0.1);
        }
        return planted;
    }

    private static TestedNetwork end(SplittableRandom random, double[] x, double slope) {
        return Planted.network(Planted.recalls(0.9, slope + 0.05 * (random.nextDouble() - 0.5), x));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsThePlantedSlopeAndNotTheAbsentOne(long seed) {
        Answer answer = recalls(seed).ask(Question.RECALL);
        Table recall = answer.table("recall");
        int harsh = Planted.line(recall, "method", "harsh");
        int idle = Planted.line(recall, "method", "idle");

        assertThat(Planted.number(recall, harsh, "alpha")).isCloseTo(1.4, within(0.03));
        assertThat(Planted.number(recall, harsh, "difference")).isCloseTo(0.6, within(0.05));
        assertThat(recall.value(harsh, "verdict")).isEqualTo("intensified");
        // the paper's test calls it softened, since an unpruned network shows no 1 either
        assertThat(recall.value(idle, "label")).isEqualTo("<");
        assertThat(recall.value(idle, "verdict")).isEqualTo("within 0.100");
        assertThat(answer.readings())
                .anyMatch(r -> r.startsWith("harsh at 0.9") && r.contains("intensified"))
                .noneMatch(r -> r.startsWith("idle") && r.contains("softened"));
        Table methods = answer.table("recall_methods");
        assertThat(Planted.number(methods, 0, "difference")).isCloseTo(0.6, within(0.05));
        assertThat(answer.families())
                .containsEntry("recall: differences of alpha to the unpruned control", 2);
    }

    @Test
    void detailsAgreeWithTheirDefinitions() {
        // one network: x = (0.05, -0.05, 0, ...), pruned slope 2 at accuracy 0.8
        double[] x = new double[Planted.CLASSES];
        x[0] = 0.05;
        x[1] = -0.05;
        Planted planted = new Planted();
        TestedNetwork dense = Planted.network(Planted.recalls(0.9, 1, x));
        planted.add("control", CONTROL, 0, 1, dense, dense);
        planted.add("m", "", 0.5, 1, dense, Planted.network(Planted.recalls(0.8, 2, x)), 0.25);
        Answer answer = planted.ask(Question.RECALL);

        Table details = answer.table("recall_details");
        int m = Planted.line(details, "method", "m");
        // (1 - .8) / (1 - .9) * (.9 / .8) = 2.25; 2 / 2.25 = .889
        assertThat(Planted.number(details, m, "proportional")).isCloseTo(2.25, within(1e-9));
        assertThat(Planted.number(details, m, "to_proportional")).isCloseTo(2 / 2.25, within(1e-9));
        // the control is the dense network, so slope, spreads and correlation are 2, 2, 1
        assertThat(Planted.number(details, m, "control_x")).isCloseTo(2, within(1e-9));
        assertThat(Planted.number(details, m, "spreads")).isCloseTo(2, within(1e-9));
        assertThat(Planted.number(details, m, "correlation")).isCloseTo(1, within(1e-9));
        Table harm = answer.table("harm");
        int h = Planted.line(harm, "method", "m");
        // worst class: .8 (1 - .1) = .72; its gap (.855 - .72) - (.9 - .8) = .035
        assertThat(Planted.number(harm, h, "worst_recall")).isCloseTo(0.72, within(1e-9));
        assertThat(Planted.number(harm, h, "largest_gap")).isCloseTo(0.035, within(1e-9));
        assertThat(answer.caveats())
                .extracting(Caveat::kind)
                .contains(Caveat.Kind.ONE_SEED)
                .doesNotContain(Caveat.Kind.UNEQUAL_CLASSES);
        assertThat(answer.table("recall").value(m, "verdict")).isNull();
    }

    @Test
    void correctsAlphaForTestSampling() {
        // Two classes of 100: R = .9 and .8, A = .85. By the delta method the variance of R_0 / A
        // is
        // (1/.85 - .9 * .5 / .7225)^2 v0 + (.9 * .5 / .7225)^2 v1 with v = R (1 - R) / 99, and
        // alike for 1.
        var dense =
                new org.espalier.experiments.metrics.ClassRecalls(
                        new long[] {90, 80}, new long[] {100, 100});
        double v0 = 0.09 / 99;
        double v1 = 0.16 / 99;
        double own0 = 1 / 0.85 - 0.9 * 0.5 / 0.7225;
        double own1 = 1 / 0.85 - 0.8 * 0.5 / 0.7225;
        double other0 = 0.9 * 0.5 / 0.7225;
        double other1 = 0.8 * 0.5 / 0.7225;
        double noise =
                own0 * own0 * v0 + other0 * other0 * v1 + own1 * own1 * v1 + other1 * other1 * v0;
        double xx = 2 * (0.05 / 0.85) * (0.05 / 0.85);
        assertThat(RecallQuestion.corrected(dense, dense))
                .isCloseTo(xx / (xx - noise), within(1e-12));
        // recalls of 55 and 54 of 100 differ by less than chance gives: there is no correction
        var noisy =
                new org.espalier.experiments.metrics.ClassRecalls(
                        new long[] {55, 54}, new long[] {100, 100});
        assertThat(RecallQuestion.corrected(noisy, noisy)).isNaN();
    }

    @Test
    void constantPredictorsHaveNoAlphaAndAreCounted() {
        Planted planted = recalls(1);
        double[] one = new double[Planted.CLASSES];
        one[3] = 1;
        TestedNetwork dense = planted.cells.get(0).dense();
        for (long s = 1; s <= 10; s++) {
            planted.add("broken", "", 0.9, s, dense, Planted.network(one), 0.9);
        }
        Answer answer = planted.ask(Question.RECALL);
        Table recall = answer.table("recall");
        int broken = Planted.line(recall, "method", "broken");
        assertThat(recall.value(broken, "alpha")).isNull();
        assertThat(recall.value(broken, "left_out")).isEqualTo(10L);
        assertThat(answer.caveats())
                .anyMatch(
                        c ->
                                c.kind() == Caveat.Kind.CONSTANT_PREDICTORS
                                        && c.sentence().contains("broken at 0.9")
                                        && c.sentence().contains("(10 of 10)"));
    }

    /**
     * Twelve trunks; stability costs accuracy: r of about -0.9 inside every trunk, trunks alike.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsThePlantedCorrelation(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Planted planted = new Planted();
        for (long s = 1; s <= 12; s++) {
            TestedNetwork dense =
                    Planted.network(Planted.recalls(0.9, 1, Planted.balances(random, 0.1)));
            for (int c = 1; c <= 8; c++) {
                double instability = 0.5 * random.nextDouble();
                double accuracy = 0.8 + 0.1 * instability + 0.01 * (random.nextDouble() - 0.5);
                planted.add(
                        "m",
                        "",
                        c / 10.0,
                        s,
                        dense,
                        Planted.network(
                                Planted.recalls(accuracy, 1, Planted.balances(random, 0.1))),
                        instability);
            }
        }
        Answer answer = planted.ask(Question.STABILITY);
        Table r = answer.table("stability_correlations");
        int all = Planted.line(r, "scope", "all", "outcome", "final", "kind", "Pearson");
        assertThat(Planted.number(r, all, "r")).isBetween(-1.0, -0.9);
        assertThat(r.value(all, "trunks")).isEqualTo(12L);
        assertThat(Planted.number(r, all, "trunk_high")).isLessThan(-0.9);
        assertThat(Planted.number(r, all, "p_trunks")).isLessThan(0.001);
        assertThat(Planted.number(r, all, "within_trunk_p")).isLessThan(0.001);
        assertThat(answer.readings())
                .anyMatch(t -> t.contains("disturbed more have more of the final test accuracy"));
        assertThat(answer.caveats())
                .extracting(Caveat::kind)
                .contains(
                        Caveat.Kind.SHARED_TRUNKS,
                        Caveat.Kind.CHOSEN_BY_TEST,
                        Caveat.Kind.MEASURED_RATE);
    }

    /** Within each method more stable runs do better; the stable method is the worse one. */
    @Test
    void showsSimpsonsParadox() {
        Planted planted = new Planted();
        SplittableRandom random = new SplittableRandom(5);
        for (long s = 1; s <= 6; s++) {
            TestedNetwork dense =
                    Planted.network(Planted.recalls(0.9, 1, Planted.balances(random, 0.1)));
            for (int c = 1; c <= 4; c++) {
                double within = 0.02 * random.nextDouble();
                planted.add("calm", "", c / 10.0, s, dense, flat(0.7 - within), 0.1 + within);
                planted.add("wild", "", c / 10.0, s, dense, flat(0.8 - within), 0.5 + within);
            }
        }
        Answer answer = planted.ask(Question.STABILITY);
        assertThat(answer.caveats())
                .anyMatch(
                        c ->
                                c.kind() == Caveat.Kind.SIMPSON
                                        && c.sentence().contains("calm 1.000")
                                        && c.sentence().contains("wild 1.000"));
    }

    private static TestedNetwork flat(double accuracy) {
        return Planted.network(Planted.recalls(accuracy, 0, new double[Planted.CLASSES]));
    }

    @Test
    void failedCellsAreSaidWithTheirBound() {
        Planted planted = recalls(1);
        planted.fail("idle", 0.9, 11);
        planted.fail("idle", 0.9, 12);
        Answer answer = planted.ask(Question.STABILITY);
        Table runs = answer.table("stability");
        int idle = Planted.line(runs, "method", "idle");
        assertThat(runs.value(idle, "failed")).isEqualTo(2L);
        // .9 over ten runs, and two at 0: .9 * 10 / 12 = .75
        assertThat(Planted.number(runs, idle, "final_if_failed_worst"))
                .isCloseTo(0.75, within(1e-3));
        assertThat(answer.caveats())
                .anyMatch(
                        c ->
                                c.kind() == Caveat.Kind.FAILED_CELLS
                                        && c.sentence()
                                                .contains(
                                                        "(2 of 12, mean accuracy 0.900, 0.750 had they ended at 0)"));
    }

    @Test
    void averagingIsSaid() {
        Planted planted = recalls(1);
        Answer answer =
                planted.ask(
                        Question.RECALL,
                        AnalysisOptions.DEFAULT.withBy(EnumSet.of(Axis.ARCHITECTURE, Axis.RATIO)));
        Table recall = answer.table("recall");
        assertThat(recall.lines()).hasSize(2); // controls are no method that one averages over
        assertThat(recall.value(1, "n")).isEqualTo(20L);
        assertThat(answer.caveats())
                .anyMatch(
                        c ->
                                c.kind() == Caveat.Kind.AVERAGED_OVER
                                        && c.sentence()
                                                .contains("2 values of method: harsh, idle"));
    }

    @Test
    void unpairedSeedsAreSaid() {
        Planted planted = recalls(1);
        planted.cells.removeIf(c -> c.condition().isControl() && c.seed() > 8);
        Answer answer = planted.ask(Question.RECALL);
        Table recall = answer.table("recall");
        assertThat(recall.value(Planted.line(recall, "method", "harsh"), "pairs")).isEqualTo(8L);
        assertThat(answer.caveats())
                .anyMatch(
                        c ->
                                c.kind() == Caveat.Kind.MISSING_PAIRS
                                        && c.sentence()
                                                .contains("harsh at 0.9, mlp-8 on strokes (2)"));
    }

    /**
     * Ranks by hand: at .5 a has losses .1 .2 .1, b .2 .1 .3: ranks of a 1, 2, 1; it wins two of
     * three.
     */
    @Test
    void ranksAndPotentialByHand() {
        Planted planted = new Planted();
        double[][] losses = {{0.1, 0.2}, {0.2, 0.1}, {0.1, 0.3}};
        for (int s = 0; s < 3; s++) {
            TestedNetwork dense = flat(0.9);
            planted.add("a", "", 0.5, s, dense, flat(1 - losses[s][0]), 0.1);
            planted.add("b", "", 0.5, s, dense, flat(1 - losses[s][1]), 0.1);
            planted.add("a", "", 0.9, s, dense, flat(0.5), 0.1);
        }
        Answer answer = planted.ask(Question.COMPENSATION);
        Table ranks = answer.table("compensation_ranks");
        int a = Planted.line(ranks, "method", "a");
        assertThat(Planted.number(ranks, a, "rank_fine_tuned")).isCloseTo(4 / 3.0, within(1e-12));
        assertThat(Planted.number(ranks, a, "wins_fine_tuned")).isCloseTo(2 / 3.0, within(1e-12));
        // within .005 of .9: seeds 0 and 2 of a at .5, none at .9: potentials .5, 0, .5
        Table potential = answer.table("prune_potential");
        int p = Planted.line(potential, "method", "a");
        assertThat(Planted.number(potential, p, "mean")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(Planted.number(potential, p, "least")).isZero();
        assertThat(potential.value(p, "at_end")).isEqualTo(0L);
    }

    @Test
    void ticketsAreWorseFromTheLevelThatWasPlanted() {
        Planted planted = new Planted();
        SplittableRandom random = new SplittableRandom(3);
        double[] cost = {0, 0, 0.05, 0.1};
        for (long s = 1; s <= 10; s++) {
            double own = 0.9 + 0.01 * random.nextDouble();
            TestedNetwork dense = flat(own);
            planted.add("mlp-8", "lottery", "control", CONTROL, 0, s, dense, dense);
            for (int level = 1; level <= 4; level++) {
                double accuracy = own - cost[level - 1] + 0.002 * (random.nextDouble() - 0.5);
                planted.add(
                        "mlp-8",
                        "lottery",
                        "magnitude",
                        "",
                        level / 5.0,
                        s,
                        dense,
                        flat(accuracy),
                        0.1);
            }
        }
        Answer answer = planted.ask(Question.TICKETS);
        assertThat(answer.readings())
                .anyMatch(
                        r ->
                                r.contains(
                                        "first shown to be worse than the network that is not pruned at 0.6"));
    }

    @Test
    void tellsHowManySeedsAreLacking() {
        Planted planted = new Planted();
        SplittableRandom random = new SplittableRandom(4);
        for (long s = 1; s <= 5; s++) {
            TestedNetwork dense = flat(0.9);
            planted.add("a", "", 0.5, s, dense, flat(0.85 + 0.04 * random.nextDouble()), 0.1);
            planted.add("b", "", 0.5, s, dense, flat(0.83 + 0.04 * random.nextDouble()), 0.1);
        }
        Population population = planted.population();
        Answer methods = planted.ask(Question.METHODS);
        Table power = methods.table("power");
        long needed = (Long) power.value(0, "needed");
        double d = Planted.number(power, 0, "d");
        assertThat(org.espalier.experiments.inference.Power.paired((int) needed, d, 0.01))
                .isGreaterThanOrEqualTo(0.8);
        assertThat(org.espalier.experiments.inference.Power.paired((int) needed - 1, d, 0.01))
                .isLessThan(0.8);
        ExtraSeeds seeds = ExtraSeeds.of(population, methods);
        assertThat(seeds.seedLine()).contains("seed: 6.." + needed);
    }

    @Test
    void aCellOfTwoFoldersCountsOnce() {
        Planted planted = recalls(1);
        List<CellResult> twice = new java.util.ArrayList<>(planted.cells);
        twice.addAll(planted.cells);
        Population population = Population.of(twice);
        assertThat(population.cells()).hasSize(30);
        assertThat(population.repeated()).isEqualTo(30);
    }

    /** Trainings of one seed begin alike, so runs of five seeds are five units, not twenty. */
    @Test
    void runsOfOneSeedAreOneUnitWhateverTheirTrunk() {
        Planted planted = new Planted();
        SplittableRandom random = new SplittableRandom(3);
        double[] x = Planted.balances(random, 0.1);
        for (long seed = 1; seed <= 5; seed++) {
            for (double ratio : new double[] {0.5, 0.6, 0.7, 0.8}) {
                double lost = 0.2 * random.nextDouble();
                planted.add(
                        "magnitude",
                        "",
                        ratio,
                        seed,
                        Planted.network(Planted.recalls(0.9, 1, x)),
                        Planted.network(Planted.recalls(0.9 - lost, 1, x)),
                        lost);
            }
        }
        planted.onTrunksOfTheirOwn();

        Table table = planted.ask(Question.STABILITY).table("stability_correlations");

        assertThat(table.lines()).isNotEmpty();
        for (int line = 0; line < table.lines().size(); line++) {
            assertThat(table.value(line, "trunks")).isEqualTo(5L);
        }
    }
}
