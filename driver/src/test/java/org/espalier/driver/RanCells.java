// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileUtil;
import org.espalier.driver.plan.KnownNames;
import org.espalier.driver.plan.Plan;
import org.espalier.driver.plan.SweepPlanner;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.results.CellRow;

/** Rows of cells that are run one after the other in this JVM, without Spark. */
public final class RanCells {
    private RanCells() {}

    /** Rows of a sweep, whose data sets are {@link TinyData} and those that are made. */
    public static List<CellRow> of(String sweep) {
        try {
            Path folder = Files.createTempDirectory("espalier-cells");
            try {
                return of(sweep, folder);
            } finally {
                FileUtil.fullyDelete(folder.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CellRow> of(String sweep, Path folder) throws IOException {
        String data = folder.resolve("data").toString();
        TinyData.write(folder.resolve("data/tiny"));
        Datasets datasets = new Datasets(Optional.of(data));
        Plan plan =
                new SweepPlanner(datasets, Engines::resolve)
                        .plan(
                                SweepFile.read(
                                        sweep.getBytes(StandardCharsets.UTF_8),
                                        "sweep.yaml",
                                        new KnownNames(datasets)));
        RunContext context =
                new RunContext(
                        plan.sweep().name(),
                        data,
                        folder.resolve("store").toString(),
                        Map.of(),
                        "none",
                        "none",
                        "none");
        List<CellRow> rows = new ArrayList<>();
        for (Segment segment : plan.graph().segments()) {
            Set<String> kept = new HashSet<>();
            segment.needs().forEach(need -> kept.add(need.name()));
            if (segment.leavesSnapshot()) {
                kept.add(segment.name());
            }
            rows.addAll(
                    new StageTask(
                                    segment.last(),
                                    segment.cells(),
                                    segment.measures(),
                                    kept,
                                    context,
                                    1,
                                    false)
                            .run()
                            .rows());
        }
        return rows;
    }
}
