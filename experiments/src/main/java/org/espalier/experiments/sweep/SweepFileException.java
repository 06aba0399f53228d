// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.List;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;

/**
 * A sweep file that cannot be run: a mistake of its writer, told without a stack trace. The message
 * names the file, then every problem on a line of its own.
 */
public final class SweepFileException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 100;

    private final transient List<Problem> problems;

    SweepFileException(String file, List<Problem> problems) {
        super(message(file, problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String file, List<Problem> problems) {
        StringBuilder message =
                new StringBuilder(
                        Text.of(
                                "espalier: %s: %d %s, nothing was run",
                                printable(file),
                                problems.size(),
                                problems.size() == 1 ? "problem" : "problems"));
        for (Problem problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
            message.append("\n  ").append(problem.message());
        }
        if (problems.size() > SHOWN) {
            message.append(Text.of("\n  and %d more", problems.size() - SHOWN));
        }
        return message.toString();
    }

    private static String printable(String file) {
        String quoted = Quoted.of(file);
        return quoted.equals('"' + file + '"') ? file : quoted;
    }
}
