// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import org.espalier.executors.machine.UserName;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command {@code espalier}. */
@Command(
        name = "espalier",
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
                    + " with failed cells, 4 stopped by a store or a machine that cannot be used."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuickstartCommand.class,
            PlanCommand.class,
            RunCommand.class,
            ShowCommand.class,
            AnalyzeCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            ListCommand.class,
            DataCommand.class,
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

    /** Stopped by the environment, a store or a machine; nothing that is done is lost. */
    static final int ENVIRONMENT = 4;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print versions and exit.")
    private boolean version;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error.")
    private boolean debug;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    private String log = "";

    /** Where the run that ends now has logged. */
    void logged(String file) {
        log = file;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "expected a command, got none");
    }

    /**
     * Runs the command line. Returns where all is well, since YARN takes an exit of a driver that
     * it runs itself for a failure, whatever the code, and runs it once more; exits otherwise.
     */
    public static void main(String[] arguments) {
        Optional<String> unreadable =
                Arguments.beyond(
                        System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()),
                        arguments);
        if (unreadable.isPresent()) {
            System.err.println("espalier: " + unreadable.get());
            System.exit(USAGE);
        }
        int code =
                commandLine()
                        .execute(Arguments.expanded(System.getProperty("user.home"), arguments));
        if (code != DONE) {
            System.exit(code);
        }
    }

    /** The command line, ready to execute. */
    static CommandLine commandLine() {
        Espalier root = new Espalier();
        CommandLine line = new CommandLine(root);
        completeHelp(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionStrategy(Espalier::carryOut);
        line.setExecutionExceptionHandler(root.new Errors());
        line.setParameterExceptionHandler(new WrongCommand());
        return line;
    }

    /** Errors take the way of exceptions: what a disk or a library says may be either. */
    private static int carryOut(ParseResult parsed) {
        CommandLine line = parsed.commandSpec().commandLine();
        try {
            UserName.supply();
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            throw new CommandLine.ExecutionException(line, Text.firstLine(e), e);
        }
    }

    /** Help as an option of every command, laid out in paragraphs; `help` brings its own option. */
    private static void completeHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(
                            CommandLine.Model.OptionSpec.builder("-h", "--help")
                                    .usageHelp(true)
                                    .description("Show this help and exit.")
                                    .build());
        }
        line.getCommandSpec()
                .usageMessage()
                .parameterListHeading("%n")
                .optionListHeading("%n")
                .commandListHeading("%nCommands:%n");
        line.getSubcommands().values().forEach(Espalier::completeHelp);
    }

    /** One message for a user's mistake, one line and a way to more for ours. */
    private final class Errors implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
            PrintWriter err = line.getErr();
            Throwable cause = Mistakes.unwrapped(e);
            if (cause instanceof InterruptedException) {
                return OUR_FAULT; // stopped from outside, which was told there
            }
            Optional<String> mistake = Mistakes.message(e);
            Optional<String> environment =
                    mistake.isPresent() ? Optional.empty() : Mistakes.environment(e);
            if (environment.isPresent()) {
                err.println("espalier: " + environment.get());
            } else if (mistake.isPresent()) {
                err.println(
                        mistake.get().startsWith("espalier: ")
                                ? mistake.get()
                                : "espalier: " + mistake.get());
            } else {
                err.printf(
                        Locale.ROOT,
                        "espalier: %s: %s%n",
                        cause.getClass().getSimpleName(),
                        cause.getMessage());
                if (!debug) {
                    err.println(
                            Text.of(
                                    "This should not happen; %s, and rows written so far are safe.",
                                    log.isEmpty() ? "--debug prints where" : log + " says where"));
                }
            }
            if (debug) {
                cause.printStackTrace(err);
            }
            if (environment.isPresent()) {
                return ENVIRONMENT;
            }
            return mistake.isPresent() ? USAGE : OUR_FAULT;
        }
    }
}
