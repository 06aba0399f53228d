// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;

/** The command line for tests of other packages. */
public final class Commands {
    private Commands() {}

    /** Runs a command in this JVM; its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return Espalier.commandLine().setOut(out).setErr(err).execute(arguments);
    }
}
