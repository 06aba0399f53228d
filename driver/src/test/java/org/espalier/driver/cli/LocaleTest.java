// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.TinyData;
import org.espalier.driver.run.DriverProcess;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans and runs under a locale with digits of its own. The launchers hand on what {@code
 * ESPALIER_JAVA_OPTS} says, as this test does.
 */
@Timeout(120)
class LocaleTest {
    private static final List<String> EGYPT =
            List.of("-Duser.language=ar", "-Duser.country=EG", "-XX:TieredStopAtLevel=1");
    private static final List<String> NOWHERE =
            List.of("-Duser.language=en", "-Duser.country=US", "-XX:TieredStopAtLevel=1");

    /** Whole numbers and fractions in all that a name is made of. */
    private static final String SWEEP =
            """
            name: abroad
            grid:
              architecture: mlp-8
              dataset: tiny
              noise: [0, 0.125]
              pruning-ratio: [0, 0.5, 0.95]
              method: [magnitude, {undecayed: {weight-decay: 5e-4, samples: 20}}]
              seed: [12, 34]
            recipe:
              validation: 0.2
              start-from: best-validation
              dense: {optimizer: adam, learning-rate: 0.0125, learning-rate-steps: [1], learning-rate-factor: 0.25, batch-size: 16, epochs: 2}
              fine-tune: {optimizer: nesterov, momentum: 0.875, epochs: 1}
            """;

    @TempDir private Path folder;
    private String file;
    private String data;

    @BeforeEach
    void write() throws IOException {
        TinyData.write(folder.resolve("data/tiny"));
        data = folder.resolve("data").toString();
        file = Files.writeString(folder.resolve("sweep.yaml"), SWEEP).toString();
    }

    @Test
    void plansHaveTheIdsOfEverywhereElse() throws Exception {
        String abroad = plan(EGYPT);

        assertThat(ids(abroad)).hasSize(20).isEqualTo(ids(here()));
        assertThat(abroad).isEqualTo(plan(NOWHERE));
    }

    @Test
    void rowsAreThoseOfEverywhereElse() throws Exception {
        Map<String, CellRow> abroad = run(EGYPT, "abroad");
        Map<String, CellRow> home = run(NOWHERE, "home");

        assertThat(abroad.keySet()).hasSize(20).containsExactlyInAnyOrderElementsOf(ids(here()));
        assertThat(abroad).isEqualTo(home);
        assertThat(Files.readString(folder.resolve("abroad/sweep.yaml")))
                .isEqualTo(Files.readString(folder.resolve("home/sweep.yaml")));
    }

    /** The plan in this JVM, whose locale was drawn for the tests. */
    private String here() {
        StringWriter here = new StringWriter();
        Espalier.commandLine()
                .setOut(new PrintWriter(here, true))
                .execute("plan", file, "--data", data, "--cells");
        return here.toString();
    }

    private static List<String> ids(String plan) {
        return plan.lines()
                .filter(line -> line.matches("[0-9a-f]{16,}  .*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private String plan(List<String> jvm) throws Exception {
        return said(jvm, List.of("plan", file, "--data", data, "--cells", "--slots", "2"));
    }

    private Map<String, CellRow> run(List<String> jvm, String out) throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("run", file, "--data", data, "--master", "local[2]"));
        arguments.addAll(List.of("--out", folder.resolve(out).toString()));
        arguments.addAll(List.of("--store", folder.resolve("store-" + out).toString()));
        said(jvm, arguments);
        Map<String, CellRow> rows = new TreeMap<>();
        for (FiledRow filed :
                ResultsFolder.read(
                        new org.apache.hadoop.fs.Path(folder.resolve(out).toUri()),
                        new Configuration())) {
            rows.put(filed.row().cellId(), CopiedRow.timeless(filed.row()));
        }
        return rows;
    }

    /** Standard output of a command that ends well. */
    private String said(List<String> jvm, List<String> arguments) throws Exception {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process =
                DriverProcess.of(jvm, arguments)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            int exit = process.waitFor();
            assertThat(exit).as(() -> text(err)).isZero();
        } finally {
            process.destroyForcibly();
        }
        return text(out);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
