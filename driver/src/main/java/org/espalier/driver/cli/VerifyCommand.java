// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.run.SweepFolder;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.ResultsFolder;
import org.espalier.results.ResultsFolder.Named;
import org.espalier.results.ResultsFolder.Verified;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espalier verify}: whether results are whole. */
@Command(
        name = "verify",
        description = {
            "Read every row of a sweep's results with every checksum, and compare their names with"
                    + " each other and with the sweep. Changes nothing.",
            "",
            "Exit code 0 where all is well, 2 where something is not."
        },
        footer = {"", "Example:", "  espalier verify results/mnist"})
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_NAMED = 5;

    @Parameters(paramLabel = "DIR", description = "Folder of a sweep, as given to run --out.")
    private String folder;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    /** What a cell is, whatever its name. */
    private record Place(String condition, long seed, String versions) {}

    @Override
    public Integer call() throws IOException {
        Configuration configuration = HadoopSettings.configuration(Map.of());
        var path = Mistakes.folder("DIR", folder, configuration);
        List<Verified> files = ResultsFolder.verify(path, configuration);
        List<String> problems = new ArrayList<>();
        Map<String, Named> byId = new HashMap<>();
        Map<Place, String> ids = new HashMap<>();
        for (Verified file : files) {
            if (file.problem() != null) {
                problems.add(
                        Text.of(
                                "%s; move it out of the folder, and run does its cells again",
                                file.problem()));
            }
            Set<String> here = new HashSet<>();
            for (Named row : file.rows()) {
                boolean twice = !here.add(row.cellId());
                Named before = byId.put(row.cellId(), row);
                if (twice || before != null && !file.replaces()) {
                    problems.add(
                            Text.of("%s has a second row of cell %s", file.file(), row.cellId()));
                } else if (before != null && !before.equals(row)) {
                    problems.add(
                            Text.of(
                                    "%s has cell %s with other settings than its earlier row",
                                    file.file(), row.cellId()));
                }
                String other =
                        ids.put(
                                new Place(row.condition(), row.seed(), row.versions()),
                                row.cellId());
                if (other != null && !other.equals(row.cellId())) {
                    problems.add(
                            Text.of(
                                    "cells %s and %s have the same settings and seed, %d: %s",
                                    other, row.cellId(), row.seed(), row.condition()));
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                Text.of(
                        "%s of %s in %s read, every checksum fits",
                        Text.count(byId.size(), "row"),
                        Text.count(
                                (int) files.stream().filter(f -> f.problem() == null).count(),
                                "file"),
                        folder));
        new SweepFolder(path.toString(), configuration)
                .frozen()
                .flatMap(SweepFolder::parsed)
                .ifPresent(sweep -> compare(sweep, byId, out));
        problems.forEach(problem -> out.println("wrong: " + problem));
        out.flush();
        return problems.isEmpty() ? Espalier.DONE : Espalier.USAGE;
    }

    private static void compare(Sweep sweep, Map<String, Named> rows, PrintWriter out) {
        record Chosen(String condition, long seed) {}
        Set<Chosen> planned =
                sweep.cells().stream()
                        .map(cell -> new Chosen(Cells.condition(cell), cell.seed()))
                        .collect(Collectors.toSet());
        Set<Chosen> there =
                rows.values().stream()
                        .map(row -> new Chosen(row.condition(), row.seed()))
                        .collect(Collectors.toSet());
        long missing = planned.stream().filter(cell -> !there.contains(cell)).count();
        List<String> foreign =
                rows.values().stream()
                        .filter(row -> !planned.contains(new Chosen(row.condition(), row.seed())))
                        .map(Named::cellId)
                        .sorted()
                        .toList();
        out.println(
                missing == 0
                        ? "every cell of the sweep has a row"
                        : Text.of(
                                "%d of %s of the sweep have no row yet",
                                missing, Text.count(planned.size(), "cell")));
        if (!foreign.isEmpty()) {
            out.println(
                    Text.of(
                            "%s of no cell of the sweep as it is now: %s%s",
                            Text.count(foreign.size(), "row"),
                            foreign.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                            foreign.size() > MOST_NAMED ? ", ..." : ""));
        }
    }
}
