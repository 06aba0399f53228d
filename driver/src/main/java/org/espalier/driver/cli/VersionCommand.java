// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.util.concurrent.Callable;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.executors.stage.BuildInfo;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code espalier version}: what is running. */
@Command(name = "version", description = "Print the versions of Espalier and of what it runs on.")
final class VersionCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : Provider.lines()) {
            spec.commandLine().getOut().println(line);
        }
        return Espalier.DONE;
    }

    /** The same for {@code --version}. */
    static final class Provider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return lines();
        }

        private static String[] lines() {
            return VersionCommand.lines(BuildInfo.current());
        }
    }

    /** Version and commit, {@code 0.1.0 (1a2b3c4d5e6f)}. */
    static String current() {
        BuildInfo build = BuildInfo.current();
        return Text.of("%s (%s)", build.version(), commit(build));
    }

    private static String commit(BuildInfo build) {
        return build.commit() == null
                ? "outside git"
                : build.commit().substring(0, 12)
                        + (Boolean.TRUE.equals(build.dirty()) ? " with changes" : "");
    }

    private static String[] lines(BuildInfo build) {
        return new String[] {
            Text.of("espalier %s (%s)", build.version(), commit(build)),
            Text.of("java %s, %s", Runtime.version(), System.getProperty("java.vm.name")),
            Text.of("spark %s, %s", SparkCluster.sparkVersion(), build.libraries())
        };
    }
}
