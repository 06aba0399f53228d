// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.util.concurrent.Callable;
import org.espalier.driver.run.RunOptions;
import org.espalier.driver.run.SweepRun;
import org.espalier.experiments.sweep.Sweep;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier run}: a sweep into a folder. */
@Command(
        name = "run",
        description = {
            "Run a sweep: one row of Parquet for each cell in DIR/results.",
            "",
            "Stopped at any moment, the same command goes on where it was; on a finished folder it"
                    + " does nothing."
        },
        footer = {
            "",
            "Example:",
            "  espalier run experiments/sweeps/mnist-lenet.yaml --data data --out results/mnist"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The sweep file, in YAML.")
    private String file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder of the results; made if it is not there. A path or a Hadoop URI.")
    private String out;

    @Option(
            names = "--extend",
            description = "Where DIR holds another sweep, add this one's cells to its results.")
    private boolean extend;

    @Option(names = "--retry-failed", description = "Run cells that failed before once more.")
    private boolean retryFailed;

    @Mixin private SweepOptions.Data data;
    @Mixin private SweepOptions.Run run;
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Sweep sweep =
                SweepFiles.read(file, data.datasets(run.configuration()), run.configuration());
        RunOptions options =
                run.with(
                        out,
                        data.folder(),
                        extend ? RunOptions.Changed.EXTEND : RunOptions.Changed.REFUSE,
                        retryFailed ? RunOptions.Failed.RETRY : RunOptions.Failed.LEAVE);
        SweepRun.Result result = run.run(sweep, options, (Espalier) spec.root().userObject());
        return result.failed() == 0 ? Espalier.DONE : Espalier.FAILED_CELLS;
    }
}
