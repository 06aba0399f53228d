// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.driver.UsageException;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.operation.Science;
import org.espalier.results.RowOrigin;
import org.espalier.results.text.Text;

/**
 * Rows of a folder that rest on other bits than the cells that are to run: on a data set of the
 * same name with another fingerprint, on another arithmetic of the same engine, or on other
 * versions of what engines share. One mean over both would be a mean of nothing.
 */
final class OtherVersions {
    private final String folder;
    private final Set<RowOrigin> rows;

    /**
     * @param folder as the user calls it
     * @param rows what the rows of the folder rest on
     */
    OtherVersions(String folder, Collection<RowOrigin> rows) {
        this.folder = folder;
        this.rows = new LinkedHashSet<>(rows);
    }

    /**
     * Refuses cells whose rows would stand beside such rows.
     *
     * @throws UsageException on the first difference, with both values
     */
    void refuse(List<PlannedCell> cells) {
        Map<String, String> fingerprints = new HashMap<>();
        Map<String, String> numerics = new HashMap<>();
        for (PlannedCell cell : cells) {
            fingerprints.put(cell.cell().dataset(), cell.data().fingerprint());
            numerics.put(cell.arithmetic().engine(), cell.arithmetic().numerics());
        }
        for (RowOrigin row : rows) {
            refuse(
                    "data set " + row.dataset(),
                    "fingerprint",
                    row.fingerprint(),
                    fingerprints.get(row.dataset()),
                    "put the files back as they were");
            refuse(
                    "engine " + row.engine(),
                    "arithmetic",
                    row.numerics(),
                    numerics.get(row.engine()),
                    "run it where the rows were made");
            refuse(
                    "Espalier",
                    "science",
                    science(row.science()),
                    cells.isEmpty() ? null : science(Science.versions()),
                    "run it with the Espalier that made the rows");
        }
    }

    private void refuse(String what, String kind, String there, String now, String back) {
        if (now != null && !there.equals(now)) {
            throw new UsageException(
                    Text.of(
                            "%s holds rows of %s with %s %s, and it is %s now, so one mean over old and"
                                    + " new rows would mix the two: %s, choose another folder with"
                                    + " --out, or add the cells with --extend, and `espalier show` keeps"
                                    + " them apart",
                            folder, what, kind, there, now, back));
        }
    }

    private static String science(String versions) {
        return versions.isEmpty() ? "1" : versions;
    }
}
