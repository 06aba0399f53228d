// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.driver.run.SweepFolder;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.text.Text;

/** How far the sweep of a folder has come, by its frozen copy and its rows. */
public final class SweepState {
    private SweepState() {}

    /** A cell by what its user chose. */
    private record Chosen(String condition, long seed) {}

    /**
     * One line on a sweep that is not finished; empty where it is, or its frozen copy is of another
     * version. Cells that failed have a row and are told apart. Rows on files of a data set, or on
     * an arithmetic, that the folder's latest row no longer rests on count for nothing.
     */
    public static Optional<String> unfinished(String frozen, Collection<FiledRow> rows) {
        return SweepFolder.parsed(frozen).flatMap(sweep -> unfinished(sweep, rows));
    }

    private static Optional<String> unfinished(Sweep sweep, Collection<FiledRow> rows) {
        Set<Chosen> planned =
                sweep.cells().stream()
                        .map(cell -> new Chosen(Cells.condition(cell), cell.seed()))
                        .collect(Collectors.toSet());
        Map<String, FiledRow> latest = new HashMap<>();
        rows.forEach(row -> latest.merge(place(row.row()), row, SweepState::later));
        Set<Chosen> completed = new HashSet<>();
        Set<Chosen> failed = new HashSet<>();
        for (FiledRow filed : rows) {
            CellRow row = filed.row();
            Chosen chosen = new Chosen(row.condition().text(), row.seed());
            boolean current = bits(row).equals(bits(latest.get(place(row)).row()));
            if (current && planned.contains(chosen)) {
                (row.status() == CellRow.Status.COMPLETED ? completed : failed).add(chosen);
            }
        }
        failed.removeAll(completed);
        int left = planned.size() - completed.size() - failed.size();
        return left == 0
                ? Optional.empty()
                : Optional.of(
                        Text.of(
                                "%d of %s completed, %d failed; %d to go",
                                completed.size(),
                                Text.count(planned.size(), "cell"),
                                failed.size(),
                                left));
    }

    /** Rows of one place are of the same bits, or of versions that follow each other. */
    private static String place(CellRow row) {
        return row.condition().dataset() + " " + row.identity().engine();
    }

    private static String bits(CellRow row) {
        return row.condition().datasetFingerprint() + " " + row.identity().numerics();
    }

    private static FiledRow later(FiledRow one, FiledRow other) {
        return other.row().timings().startedAtMillis() > one.row().timings().startedAtMillis()
                ? other
                : one;
    }
}
