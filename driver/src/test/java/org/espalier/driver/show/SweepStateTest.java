// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.RanCells;
import org.espalier.results.CellRow;
import org.junit.jupiter.api.Test;

class SweepStateTest {
    private static final String SWEEP =
            """
            name: state
            grid: {architecture: mlp-4, dataset: tiny, pruning-ratio: 0.5, method: magnitude, seed: 1..4}
            recipe:
              train-evaluation: off
              dense: {batch-size: 64, epochs: 1}
              fine-tune: {epochs: 0}
            """;
    private static final List<CellRow> ROWS = RanCells.of(SWEEP.replace("1..4", "1..3"));

    private static String state(List<CellRow> rows) {
        return SweepState.unfinished(SWEEP, Rows.filed(rows)).orElse("nothing");
    }

    private static CellRow failed(CellRow row) {
        return CopiedRow.with(
                row,
                "status",
                CellRow.Status.FAILED,
                "failure",
                new CellRow.Failure("DIVERGED", "train", "E", "m", "", "host", "cause"));
    }

    @Test
    void countsWhatIsToGoAndWhatFailedApart() {
        assertThat(state(List.of())).isEqualTo("0 of 4 cells completed, 0 failed; 4 to go");
        assertThat(state(List.of(ROWS.get(0), failed(ROWS.get(1)))))
                .isEqualTo("1 of 4 cells completed, 1 failed; 2 to go");
    }

    /** Also where all that is left failed: a failed cell has its row. */
    @Test
    void saysNothingOfAFinishedSweep() {
        List<CellRow> all = new ArrayList<>(ROWS);
        all.add(failed(CopiedRow.with(ROWS.get(0), "seed", 4L)));

        assertThat(state(all)).isEqualTo("nothing");
        assertThat(SweepState.unfinished("of: another version", List.of())).isEmpty();
    }

    @Test
    void rowsOfAnotherSweepOrOfReplacedDataAreNoneOfIts() {
        CellRow other = CopiedRow.with(ROWS.get(0), "condition.text", "of an earlier sweep");
        CellRow now =
                CopiedRow.with(
                        ROWS.get(2),
                        "condition.datasetFingerprint",
                        "new",
                        "timings.startedAtMillis",
                        Long.MAX_VALUE);

        assertThat(state(List.of(ROWS.get(0), ROWS.get(1), now)))
                .isEqualTo("1 of 4 cells completed, 0 failed; 3 to go");
        assertThat(state(List.of(other, ROWS.get(1))))
                .isEqualTo("1 of 4 cells completed, 0 failed; 3 to go");
    }
}
