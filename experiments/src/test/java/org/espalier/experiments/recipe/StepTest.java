// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepTest {
    private static final EpochLength TEN = new EpochLength(10);

    @ParameterizedTest
    @CsvSource({
        "160ep, EPOCH, 160, 160ep",
        "500it, ITERATION, 500, 500it",
        "0ep, EPOCH, 0, 0ep",
        "0it, ITERATION, 0, 0it",
        "007ep, EPOCH, 7, 7ep",
        "999999999999999999it, ITERATION, 999999999999999999, 999999999999999999it"
    })
    void readsAndWritesEpochsAndUpdates(String text, Step.Unit unit, long count, String spelling) {
        Step step = Step.parse(text);

        assertThat(step).isEqualTo(new Step(unit, count));
        assertThat(step).hasToString(spelling);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "160",
                "ep",
                "it",
                "-1ep",
                "+1ep",
                "1.5ep",
                "1EP",
                " 1ep",
                "1ep ",
                "1 ep",
                "1ep\n",
                "1epoch",
                "1ep1it",
                "1000000000000000000ep",
                "\u0661ep" // an Arabic one
            })
    void refusesWhatIsNoStep(String text) {
        assertThatThrownBy(() -> Step.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected epochs or iterations such as 160ep or 500it, got " + text);
    }

    @Test
    void isNotNegative() {
        assertThatThrownBy(() -> Step.epochs(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a step is not negative, got -1");
        assertThatThrownBy(() -> Step.iterations(Long.MIN_VALUE))
                .hasMessage("a step is not negative, got -9223372036854775808");
        assertThat(Step.ZERO).isEqualTo(Step.epochs(0)).isNotEqualTo(Step.iterations(0));
    }

    /** Two epochs are 14 updates where an epoch is 7, 16 where it is 8. */
    @Test
    void whichComesFirstDependsOnTheLengthOfAnEpoch() {
        Step epochs = Step.epochs(2);
        Step updates = Step.iterations(15);

        assertThat(epochs.compare(updates, new EpochLength(7))).isNegative();
        assertThat(updates.compare(epochs, new EpochLength(7))).isPositive();
        assertThat(epochs.compare(updates, new EpochLength(8))).isPositive();
        assertThat(epochs.compare(Step.iterations(16), new EpochLength(8))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0ep, 0, 0, 0ep",
        "0it, 0, 0, 0ep",
        "3ep, 30, 3, 3ep",
        "9it, 9, 0, 9it",
        "10it, 10, 1, 1ep",
        "29it, 29, 2, 29it",
        "30it, 30, 3, 3ep"
    })
    void countsUpdatesAndWholeEpochs(
            String text, long iterations, long wholeEpochs, String simplest) {
        Step step = Step.parse(text);

        assertThat(step.iterations(TEN)).isEqualTo(iterations);
        assertThat(step.wholeEpochs(TEN)).isEqualTo(wholeEpochs);
        assertThat(step.simplest(TEN)).hasToString(simplest);
    }

    /** The largest long is 9223372036854775807. */
    @Test
    void doesNotCountBeyondALong() {
        Step most = Step.epochs(922337203685477580L);
        Step more = Step.epochs(922337203685477581L);
        Step updates = Step.iterations(Long.MAX_VALUE);

        assertThat(most.iterations(TEN)).isEqualTo(9223372036854775800L);
        assertThat(most.compare(updates, TEN)).isNegative();
        assertThat(updates.wholeEpochs(TEN)).isEqualTo(922337203685477580L);
        assertThat(updates.simplest(TEN)).isEqualTo(updates);
        assertThatThrownBy(() -> more.iterations(TEN)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> more.compare(Step.ZERO, TEN))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Step.ZERO.compare(more, TEN))
                .isInstanceOf(ArithmeticException.class);
    }

    /** One moment has one simplest spelling, which is the moment that it spells. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSimplestSpellingIsTheMoment(long seed) {
        RandomStream random = new RandomStream(seed);
        int same = 0;
        for (int i = 0; i < 1000; i++) {
            EpochLength epoch = new EpochLength(1 + random.nextInt(5));
            Step one = some(random);
            Step other = some(random);
            Step simplest = one.simplest(epoch);
            boolean equal = one.iterations(epoch) == other.iterations(epoch);

            assertThat(simplest.compare(one, epoch)).isZero();
            assertThat(simplest.simplest(epoch)).isEqualTo(simplest);
            assertThat(simplest.equals(other.simplest(epoch))).isEqualTo(equal);
            assertThat(one.compare(other, epoch) == 0).isEqualTo(equal);
            assertThat(one.compare(other, epoch)).isEqualTo(-other.compare(one, epoch));
            assertThat(Step.parse(one.toString())).isEqualTo(one);
            same += equal ? 1 : 0;
        }
        assertThat(same).isBetween(1, 999);
    }

    private static Step some(RandomStream random) {
        return random.nextInt(2) == 0
                ? Step.epochs(random.nextInt(6))
                : Step.iterations(random.nextInt(20));
    }

    /** The last batch may be shorter; an epoch of as many samples as an int counts has no limit. */
    @ParameterizedTest
    @CsvSource({
        "640, 64, 10",
        "641, 64, 11",
        "639, 64, 10",
        "1, 64, 1",
        "2147483647, 1, 2147483647",
        "2147483647, 2, 1073741824",
        "2147483647, 2147483647, 1"
    })
    void anEpochIsAsManyUpdatesAsBatches(int samples, int batch, int iterations) {
        assertThat(EpochLength.of(samples, batch)).isEqualTo(new EpochLength(iterations));
    }

    @Test
    void anEpochIsNotEmpty() {
        assertThatThrownBy(() -> new EpochLength(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an epoch has at least 1 iteration, got 0");
        assertThatThrownBy(() -> EpochLength.of(0, 64))
                .hasMessage("an epoch has at least 1 iteration, got 0");
    }
}
