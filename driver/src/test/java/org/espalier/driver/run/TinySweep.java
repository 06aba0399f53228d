// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.TinyData;
import org.espalier.driver.plan.KnownNames;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;

/** Sweeps of a small network on a data set of a few images, and runs of them on local Spark. */
final class TinySweep {
    /** 2 trunks; 2 seeds x (the control + 2 ratios x 3 methods): 14 cells. */
    static final String SWEEP =
            """
            name: tiny
            grid:
              architecture: mlp-8
              dataset: tiny
              noise: 0.1
              pruning-ratio: [0, 0.5, 0.9]
              method: [magnitude, {undecayed: {weight-decay: 5e-4}}, elimination-compensation]
              seed: 1..2
            recipe:
              validation: 0.2
              dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 2}
              fine-tune: {epochs: 1}
            """;

    /** Every schedule, some of them in several ways; on 12 updates an epoch of {@code tiny}. */
    static final String SCHEDULES =
            """
            name: tiny-schedules
            grids:
              - architecture: mlp-8
                dataset: tiny
                schedule:
                  - {iterative: {level-ratio: 0.5}}
                  - {lottery: {level-ratio: 0.5, rewind-to: 3it}}
                levels: [0, 1, 2]
                method: magnitude
                seed: 1
              - architecture: mlp-8
                dataset: tiny
                schedule: {lottery: {level-ratio: 0.5, rewind-to: 3it}}
                levels: 2
                method: [random-mask, random-reinitialisation, one-shot-ticket]
                seed: 1
              - architecture: mlp-8
                dataset: tiny
                noise: 0.1
                schedule:
                  - {mask-from: {dataset: tiny, rewind-to: 2it, level-ratio: 0.6}}
                  - {ramp: {start: 2it, end: 3ep, period: 2it}}
                  - {gradual: {start: 0it, end: 3ep, period: 4it}}
                  - at-initialisation
                  - {prune-after: 5it}
                  - {noise: {start: 0, end: 2, period: 1, kind: gauss, batches: 2, test-batch: 64, after: restore}}
                pruning-ratio: 0.8
                method: [magnitude, gradient]
                seed: 1
            recipe:
              validation: 0.2
              dense: {optimizer: adam, learning-rate: 0.01, batch-size: 16, epochs: 4}
              fine-tune: {epochs: 1}
            """;

    final Path folder;

    TinySweep(Path folder) throws IOException {
        this.folder = folder;
        TinyData.write(data().resolve("tiny"));
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What a run said and came to. */
    record Ran(SweepRun.Result result, String said) {
        long trainings() {
            return said.lines().filter(line -> line.contains(" trained, ")).count();
        }
    }

    Options options(String out) {
        return new Options(out, "store-" + out, "local[2]", Map.of());
    }

    /** The options that tests vary. */
    record Options(String out, String store, String master, Map<String, String> settings) {
        Options store(String name) {
            return new Options(out, name, master, settings);
        }

        Options master(String url) {
            return new Options(out, store, url, settings);
        }

        Options settings(Map<String, String> changed) {
            return new Options(out, store, master, changed);
        }
    }

    Ran run(String sweep, Options options) throws Exception {
        return run(sweep, options, RunOptions.Changed.REFUSE, RunOptions.Failed.LEAVE);
    }

    Ran run(String text, Options options, RunOptions.Changed changed, RunOptions.Failed failed)
            throws Exception {
        Sweep sweep =
                SweepFile.read(
                        text.getBytes(StandardCharsets.UTF_8),
                        "sweep.yaml",
                        new KnownNames(new Datasets(Optional.of(data().toString()))));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            RunOptions all =
                    new RunOptions(
                            folder.resolve(options.out()).toString(),
                            Optional.of(data().toString()),
                            folder.resolve(options.store()).toString(),
                            options.master(),
                            options.settings(),
                            changed,
                            failed,
                            RunOptions.Failures.PAUSE,
                            3,
                            1);
            SweepRun.Result result = new SweepRun(sweep, all, out).run();
            return new Ran(result, said.toString(StandardCharsets.UTF_8));
        }
    }

    /** Rows by cell, times and provenance left aside. */
    Map<String, CellRow> rows(String out) throws IOException {
        Map<String, CellRow> rows = new TreeMap<>();
        for (FiledRow filed :
                ResultsFolder.read(
                        new org.apache.hadoop.fs.Path(folder.resolve(out).toUri()),
                        new Configuration())) {
            CellRow row = filed.row();
            if (rows.put(row.cellId(), CopiedRow.timeless(row)) != null) {
                throw new AssertionError("two rows of " + row.cellId());
            }
        }
        return rows;
    }
}
