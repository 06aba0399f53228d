// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.run.DriverProcess;
import org.junit.jupiter.api.Test;

/** What a cluster sees of a driver: YARN takes every exit of a driver of its own for a failure. */
class MainTest {
    /** Calls the driver's main as YARN's application master does. */
    static final class Caller {
        private Caller() {}

        public static void main(String[] arguments) {
            Espalier.main(arguments);
            System.out.println("main returned");
        }
    }

    private static Process call(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(DriverProcess.of(List.of(), List.of()).command());
        command.set(command.size() - 1, Caller.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void returnsWhereAllIsWell() throws Exception {
        Process process = call("list");
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(out).endsWith("main returned\n");
    }

    @Test
    void exitsWithTheCodeOfAMistake() throws Exception {
        Process process = call("lits");
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(Espalier.USAGE);
        assertThat(out).doesNotContain("main returned");
    }
}
