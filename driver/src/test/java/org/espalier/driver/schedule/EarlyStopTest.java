// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When failures are not those of cells, and when they are. */
class EarlyStopTest {
    private final EarlyStop early = new EarlyStop(true);

    private static Failure failure(String reason, String message, String host) {
        return new Failure(reason, "stage", "java.lang.Exception", message, "stack", host, "c");
    }

    private Optional<String> cell(String reason, String message, String host, long second) {
        return early.failed(failure(reason, message, host), false, 0, second * 1000);
    }

    private Optional<String> trunk(String message, long seed) {
        return early.failed(failure("BAD_DATA", message, null), true, seed, 0);
    }

    /** Every third second: the twentieth ends at 57 s. Every fourth: 15 fit into a minute. */
    @ParameterizedTest
    @CsvSource({"3, true", "4, false"})
    void twentyWithinAMinute(int seconds, boolean pauses) {
        for (int i = 0; i < 19; i++) {
            assertThat(cell("BUG", "row " + i + " is wrong", "a", (long) i * seconds)).isEmpty();
        }
        Optional<String> last = cell("BUG", "row 19 is wrong", "b", 19L * seconds);
        assertThat(last.isPresent()).isEqualTo(pauses);
        last.ifPresent(
                why ->
                        assertThat(why)
                                .isEqualTo(
                                        "20 tasks failed within a minute of one cause, BUG: row 19 is wrong (on a, b)"));
    }

    @Test
    void twentyOfSeveralCausesAreNotOfOne() {
        for (int i = 0; i < 38; i++) {
            assertThat(cell("BUG", i % 2 == 0 ? "this" : "that", "a", 0)).isEmpty();
        }
        assertThat(cell("BUG", "this", "a", 0)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"DIVERGED", "OUT_OF_MEMORY"})
    void neverForWhatIsTheCells(String reason) {
        for (int i = 0; i < 500; i++) {
            assertThat(cell(reason, "loss is NaN", "a", 0)).isEmpty();
            assertThat(early.failed(failure(reason, "loss is NaN", "a"), true, i, 0)).isEmpty();
        }
    }

    @Test
    void theFirstThreeTrunks() {
        assertThat(trunk("mnist is damaged", 1)).isEmpty();
        assertThat(trunk("mnist is damaged", 2)).isEmpty();
        assertThat(trunk("mnist is damaged", 3))
                .contains(
                        "the first 3 dense trainings failed of one cause, BAD_DATA: mnist is damaged");
    }

    /** Three networks of one seed may share what is wrong with that seed. */
    @Test
    void trunksOfOneSeedWaitForAnother() {
        for (int i = 0; i < 5; i++) {
            assertThat(trunk("mnist is damaged", 1)).isEmpty();
        }
        assertThat(trunk("mnist is damaged", 2)).isPresent();

        EarlyStop oneSeed = new EarlyStop(false);
        Failure f = failure("BAD_DATA", "damaged", null);
        assertThat(oneSeed.failed(f, true, 1, 0)).isEmpty();
        assertThat(oneSeed.failed(f, true, 1, 0)).isEmpty();
        assertThat(oneSeed.failed(f, true, 1, 0)).isPresent();
    }

    @Test
    void aTrunkThatWentWellEndsThatRule() {
        early.wentWell(true, null);
        for (long seed = 1; seed < 10; seed++) {
            assertThat(trunk("mnist is damaged", seed)).isEmpty();
        }
    }

    @Test
    void aHostOnWhichNothingGoesWell() {
        for (int i = 0; i < 8; i++) { // it may be every host's
            assertThat(cell("BAD_DATA", "no folder", "b", 100L * i)).isEmpty();
        }
        early.wentWell(false, "a");
        assertThat(cell("BAD_DATA", "no folder", "b", 900).orElseThrow())
                .contains("5 tasks failed on host b, on which none went well, while some did");
        early.wentWell(false, "b");
        assertThat(cell("BAD_DATA", "no folder", "b", 1000)).isEmpty();
    }

    @Test
    void causesDifferInNumbersAndNamesOfStagesAlone() {
        assertThat(EarlyStop.cause(failure("BUG", "layer 3 of 4f2a91 has 17", "a")))
                .isEqualTo(EarlyStop.cause(failure("BUG", "layer 5 of 00be77 has 2", "b")))
                .isNotEqualTo(EarlyStop.cause(failure("BUG", "layer 3 of 4f2a91 had 17", "a")));
        assertThat(EarlyStop.counts(failure("EXECUTOR_LOST", Text.of("lost"), "a"))).isTrue();
    }
}
