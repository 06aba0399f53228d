// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.espalier.driver.TinyData;
import org.espalier.results.CellRow.Status;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --conf} reaches. */
class SettingsTest {
    private static final String SWEEP =
            """
            name: settings
            grid: {architecture: mlp-4, dataset: tiny, pruning-ratio: 0.5, method: random, seed: 1}
            recipe:
              dense: {optimizer: adam, batch-size: 16, epochs: 1}
              fine-tune: {epochs: 0}
            """;

    @TempDir private Path folder;
    private final StringWriter err = new StringWriter();

    /** The local file system under {@code elsewhere:}, which only a setting makes known. */
    public static final class Elsewhere extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("elsewhere:///");
        }

        @Override
        public String getScheme() {
            return "elsewhere";
        }
    }

    private static final String KNOWN =
            "spark.hadoop.fs.elsewhere.impl=" + Elsewhere.class.getName();

    @BeforeEach
    void write() throws IOException {
        TinyData.write(folder.resolve("data/tiny"));
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP);
    }

    private int run(String data, String... options) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                folder.resolve("sweep.yaml").toString(),
                                "--data",
                                data,
                                "--out",
                                folder.resolve("out").toString()));
        arguments.addAll(List.of(options));
        err.getBuffer().setLength(0);
        return Espalier.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    @Test
    void settingsOfFileSystemsReachTheDataOnDriverAndExecutors() throws IOException {
        String data = "elsewhere:" + folder.resolve("data");

        assertThat(run(data, "--master", "local[1]")).isEqualTo(2);
        assertThat(err.toString()).contains("elsewhere");
        assertThat(run(data, "--master", "local[1]", "--conf", KNOWN)).as(err::toString).isZero();
        assertThat(
                        ResultsFolder.read(
                                new org.apache.hadoop.fs.Path(folder.resolve("out").toUri()),
                                new Configuration()))
                .extracting(filed -> filed.row().status())
                .containsExactly(Status.COMPLETED);
    }

    @Test
    void settingsOfFileSystemsReachTheResults() {
        String data = "file:" + folder.resolve("data");

        assertThat(
                        run(
                                data,
                                "--master",
                                "local[1]",
                                "--conf",
                                KNOWN,
                                "--conf",
                                "spark.hadoop.fs.defaultFS=elsewhere:///"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("elsewhere is an object store or unknown");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void theMasterIsNamedInOneWay() {
        String data = folder.resolve("data").toString();

        assertThat(run(data, "--master", "local[2]", "--conf", "spark.master=local[1]"))
                .isEqualTo(2);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "espalier: --master is local[2], but --conf spark.master is local[1]: expected one master, leave one of them out\n");
        assertThat(run(data, "--conf", "spark.master=local[1]")).as(err::toString).isZero();
        assertThat(run(data, "--conf", "spark.master=foo")).isEqualTo(2);
        assertThat(err.toString()).startsWith("espalier: Spark did not start with master foo ");
    }
}
