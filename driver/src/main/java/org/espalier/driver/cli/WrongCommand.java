// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import java.util.List;
import org.espalier.experiments.text.NearMatch;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** What is said of a command line that cannot be taken: what is wrong, and what there is. */
final class WrongCommand implements IParameterExceptionHandler {
    private static final String OPTION = "-";

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        List<String> unmatched = line.getUnmatchedArguments();
        err.println(
                "espalier: " + (unmatched.isEmpty() ? plain(e) : unknown(line, unmatched.get(0))));
        boolean commandWanted =
                !line.getSubcommands().isEmpty()
                        && (unmatched.isEmpty() || !unmatched.get(0).startsWith(OPTION));
        if (commandWanted) {
            err.println("Commands:");
            err.print(line.getHelp().commandList());
        }
        err.println(
                Text.of(
                        "Try `%s --help`%s.",
                        line.getCommandSpec().qualifiedName(),
                        commandWanted
                                ? Text.of(
                                        ", or `%s COMMAND --help`",
                                        line.getCommandSpec().qualifiedName())
                                : ""));
        return Espalier.USAGE;
    }

    /** The first line: the parser adds more, which says the same. */
    private static String plain(ParameterException e) {
        return e.getMessage().lines().findFirst().orElse("");
    }

    /** What stands where nothing of the kind is expected. */
    private static String unknown(CommandLine line, String argument) {
        if (argument.startsWith(OPTION)) {
            String option = argument.replaceFirst("=.*", "");
            return Text.of("unknown option %s", meant(option, options(line)));
        }
        if (line.getSubcommands().isEmpty()) {
            return Text.of("expected no more arguments, got %s", Quoted.of(argument));
        }
        return Text.of(
                "unknown command %s", meant(argument, List.copyOf(line.getSubcommands().keySet())));
    }

    private static String meant(String written, List<String> known) {
        return Quoted.of(written)
                + NearMatch.of(written, known)
                        .map(near -> Text.of("; did you mean \"%s\"?", near))
                        .orElse("");
    }

    private static List<String> options(CommandLine line) {
        return line.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(CommandLine.Model.OptionSpec::longestName)
                .toList();
    }
}
