// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.WeightNoise;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many weights are left when: events, ramps, levels, windows of noise. */
class RampsTest {
    private static final EpochLength EPOCH = new EpochLength(391);

    /**
     * Every row of the settings that Bartoldson et al. 2020 used: events on a layer, and the rate
     * that labels it, last fraction over events, in percent. An epoch e counted from 0 is the
     * moment e + 1.
     */
    @ParameterizedTest
    @CsvSource({
        // VGG11, last layer: fraction 0.9, epochs 6 to 275 of 325
        "0.9, 6, 275, 4, 325, 68, 1.3",
        "0.9, 6, 275, 20, 325, 14, 6.4",
        "0.9, 6, 275, 40, 325, 7, 12.9",
        "0.9, 6, 275, 60, 325, 5, 18.0",
        "0.9, 6, 275, 100, 325, 3, 30.0",
        "0.9, 6, 275, 200, 325, 2, 45.0",
        "0.9, 6, 275, 300, 325, 1, 90.0",
        // its other layers
        "0.3, 3, 150, 4, 325, 37, 0.8",
        "0.3, 4, 150, 40, 325, 4, 7.5",
        "0.3, 5, 150, 40, 325, 4, 7.5",
        // ResNet18, last layer
        "0.95, 10, 275, 4, 325, 67, 1.4",
        "0.95, 10, 275, 40, 325, 7, 13.6",
        "0.95, 6, 275, 4, 325, 68, 1.4",
        // small networks with SGD, 165 epochs
        "0.1, 40, 100, 30, 165, 3, 3.3",
        "0.1, 40, 100, 60, 165, 2, 5.0",
        "0.1, 24, 100, 1, 165, 77, 0.1",
        // CIFAR-100
        "0.7, 2500, 3500, 750, 4000, 2, 35.0",
    })
    void countsTheEventsOfPaper2(
            BigDecimal fraction,
            long start,
            long end,
            long period,
            long epochs,
            int events,
            String rate) {
        List<Step> steps =
                DuringTraining.events(
                        new Moments(
                                Step.epochs(start + 1), Step.epochs(end + 1), Step.epochs(period)),
                        Step.epochs(epochs),
                        EPOCH,
                        0);

        assertThat(steps).hasSize(events).startsWith(Step.epochs(start + 1));
        assertThat(Text.of("%.1f", 100 * fraction.doubleValue() / events)).isEqualTo(rate);
        // 512 filters of VGG's last layers: range(s, e + 1, r) has them all, and no later one
        long last = start + period * (events - 1L);
        assertThat(steps.get(events - 1)).isEqualTo(Step.epochs(last + 1));
        assertThat(last).isLessThanOrEqualTo(end).isGreaterThan(end - period);
    }

    /** The counts by hand: n = 512, f = 0.9, so K = ceil(51.2) = 52 and 460 go in 7 events. */
    @Test
    void leavesWhatTheAuthorsLeave() {
        // 52 + 460 (7 - i) / 7: 446.29, 380.57, 314.86, 249.14, 183.43, 117.71, 52
        assertThat(Ramps.linear(512, 52, 7)).containsExactly(447, 381, 315, 250, 184, 118, 52);
        assertThat(new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.9")).keptUp(512, 512, 600))
                .isEqualTo(52);
        // 0.3 * 10 = 3 exactly, where 1 - 0.7 in binary is 0.30000000000000004 and would leave 4
        assertThat(new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.7")).keptUp(10, 10, 12))
                .isEqualTo(3);
    }

    /** Zhu and Gupta's cubic: n = 1000, K = 100, 3 events: 100 + 900 (8/27, 1/27, 0). */
    @Test
    void leavesFewerAndFewerByTheCube() {
        assertThat(Ramps.cubic(1000, 100, 3)).containsExactly(367, 134, 100);
    }

    /** 1000 to 100 in 2: sqrt(1000 * 100) = 316.2; to 1 in 3: 100, 10, 1 are exact. */
    @Test
    void leavesTheSameFactor() {
        assertThat(Ramps.geometric(1000, 100, 2)).containsExactly(317, 100);
        assertThat(Ramps.geometric(1000, 1, 3)).containsExactly(100, 10, 1);
    }

    @Test
    void everyRampFallsAndEndsWhereItIsTo() {
        Random random = new Random(4);
        for (int t = 0; t < 300; t++) {
            int n = 1 + random.nextInt(300_000);
            int kept = random.nextInt(n + 1);
            int events = 1 + random.nextInt(40);
            for (List<Integer> counts :
                    List.of(
                            Ramps.linear(n, kept, events),
                            Ramps.cubic(n, kept, events),
                            Ramps.geometric(n, kept, events))) {
                assertThat(counts).hasSize(events).endsWith(kept);
                int before = n;
                for (int count : counts) {
                    assertThat(count).isLessThanOrEqualTo(before).isGreaterThanOrEqualTo(kept);
                    before = count;
                }
            }
        }
    }

    /** k = ceil(0.2 remaining): 266200 - 53240, 212960 - 42592, 170368 - 34074 (34073.6). */
    @Test
    void countsLevels() {
        BigDecimal fifth = new BigDecimal("0.2");
        assertThat(Levels.counts(266_200, fifth, 3)).containsExactly(212_960, 170_368, 136_294);
        // whole levels and then one that hits 150,000
        assertThat(Levels.countsTo(266_200, fifth, 150_000))
                .containsExactly(212_960, 170_368, 150_000);
        // exactly at a level: no empty one after it
        assertThat(Levels.countsTo(266_200, fifth, 170_368)).containsExactly(212_960, 170_368);
        assertThat(Levels.countsTo(10, fifth, 10)).isEmpty();
        // 3 - ceil(0.6) = 2, 2 - ceil(0.4) = 1, 1 - ceil(0.2) = 0
        assertThatThrownBy(() -> Levels.counts(3, fifth, 3))
                .hasMessage("level 3 of 3 would prune the last 1 of 3 weights");
    }

    /**
     * The training batches of the windows of paper 2, with 391 batches an epoch, and 79 of a test
     * set in batches of 128, or 40 in batches of 256.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 79, 0",
        "1, 79, 0",
        "129, 79, 50",
        "1500, 79, 1105",
        "129, 40, 89",
        "750, 40, 630",
        "1500, 40, 1220",
        "3000, 40, 2480",
    })
    void countsBatchesOfNoiseAsTheAuthorsDo(int batches, int evaluation, long training) {
        WeightNoise noise = window(batches, evaluation);

        assertThat(noise.trainingBatches(EPOCH)).isEqualTo(training);
        assertThat(noise.end(EPOCH).iterations(EPOCH)).isEqualTo(47 * 391 + training);
    }

    /** All batches of a window are somewhere: at the event, in training, or at ends of epochs. */
    @Test
    void losesNoBatchOfAWindow() {
        Random random = new Random(5);
        for (int t = 0; t < 500; t++) {
            WeightNoise noise = window(1 + random.nextInt(4000), 1 + random.nextInt(100));
            long found = noise.atEvent() + noise.trainingBatches(EPOCH);
            for (int epoch = 48; epoch < 64; epoch++) {
                found += noise.atEndOfEpoch(Step.epochs(epoch), EPOCH);
            }
            assertThat(found).as("%s", noise).isEqualTo(noise.batches());
        }
    }

    private static WeightNoise window(int batches, int evaluation) {
        return new WeightNoise(
                NoiseKind.ZERO, OptionalSeed.NONE, batches, evaluation, Step.epochs(47));
    }
}
