// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.experiments.sweep.SweepFileException;
import org.espalier.results.ResultsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command {@code espalier}. */
@Command(
        name = "espalier",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        header = "Runs grids of neural-network pruning experiments.",
        description = {
            "",
            "A sweep file names architectures, data sets, methods, ratios and seeds. Every dense"
                    + " network is trained once, pruned and fine-tuned by every method, and each cell"
                    + " of the grid becomes one row of Parquet.",
            ""
        },
        footer = {
            "",
            "Start with `espalier quickstart`, then `espalier list` and `espalier plan FILE`.",
            "Exit codes: 0 all done, 1 our fault, 2 a mistake in the command or its files, 3 finished"
                    + " with failed cells."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuickstartCommand.class,
            PlanCommand.class,
            RunCommand.class,
            ShowCommand.class,
            ListCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Espalier implements Runnable {
    /** All cells are done. */
    static final int DONE = 0;

    /** Our fault. */
    static final int OUR_FAULT = 1;

    /** A mistake in the command or in its files. */
    static final int USAGE = 2;

    /** Finished, but cells failed. */
    static final int FAILED_CELLS = 3;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description = "Print the stack trace of an error.")
    private boolean debug;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "expected a command, got none");
    }

    /** Runs the command line and exits. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, ready to execute. */
    static CommandLine commandLine() {
        Espalier root = new Espalier();
        CommandLine line = new CommandLine(root);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler(root.new Errors());
        line.setParameterExceptionHandler(Espalier::wrongCommand);
        return line;
    }

    private static int wrongCommand(CommandLine.ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("espalier: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.printf("Try `%s --help`.%n", line.getCommandSpec().qualifiedName());
        return USAGE;
    }

    /** One message for a user's mistake, one line and a way to more for ours. */
    private final class Errors implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
            PrintWriter err = line.getErr();
            Throwable cause = e instanceof java.io.UncheckedIOException ? e.getCause() : e;
            boolean usage =
                    cause instanceof UsageException
                            || cause instanceof SweepFileException
                            || cause instanceof BadDataException
                            || cause instanceof ResultsException;
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof InterruptedException) {
                return OUR_FAULT;
            }
            if (usage) {
                err.println(message.startsWith("espalier: ") ? message : "espalier: " + message);
            } else {
                err.printf("espalier: %s: %s%n", cause.getClass().getSimpleName(), message);
                if (!debug) {
                    err.println(
                            "This should not happen; --debug prints where, and rows written so far are safe.");
                }
            }
            if (debug) {
                cause.printStackTrace(err);
            }
            return usage ? USAGE : OUR_FAULT;
        }
    }
}
