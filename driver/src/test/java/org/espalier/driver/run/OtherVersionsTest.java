// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.CopiedRow;
import org.espalier.driver.UsageException;
import org.espalier.driver.show.ResultTables;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One folder, and rows in it that rest on other bits than what would run now. */
@Timeout(120)
class OtherVersionsTest {
    private static final String OUT = "out";
    private static final String SWEEP =
            """
            name: versions
            grid:
              architecture: mlp-4
              dataset: tiny
              pruning-ratio: 0.5
              method: magnitude
              seed: 1..3
            recipe:
              train-evaluation: off
              dense: {batch-size: 64, epochs: 1}
              fine-tune: {epochs: 0}
            """;

    @TempDir private Path folder;
    private TinySweep tiny;

    @BeforeEach
    void run() throws Exception {
        tiny = new TinySweep(folder);
        tiny.run(SWEEP, tiny.options(OUT));
    }

    /** The unchanged sweep over replaced files; one seed more is the same mistake. */
    @Test
    void refusesReplacedDataAndShowsBothApartWhereTheyAreExtended() throws Exception {
        String before = fingerprints().get(0);
        replaceData();

        assertThatThrownBy(() -> tiny.run(SWEEP, tiny.options(OUT)))
                .isInstanceOf(UsageException.class)
                .hasMessageMatching(
                        "\\S+/out holds rows of data set tiny with fingerprint "
                                + before
                                + ", and it is idx-1-[0-9a-f]{32} now, so one mean over old and new rows"
                                + " would mix the two: put the files back as they were, choose"
                                + " another folder with --out, or add the cells with --extend, and"
                                + " `espalier show` keeps them apart");
        assertThat(fingerprints()).containsOnly(before).hasSize(3);

        // in a process of its own, since executors keep the data that they have read
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP.replace("1..3", "1"));
        assertThat(
                        DriverProcess.run(
                                        folder,
                                        OUT,
                                        List.of("-XX:TieredStopAtLevel=1"),
                                        List.of("--extend"))
                                .redirectError(folder.resolve("err").toFile())
                                .start()
                                .waitFor())
                .isZero();

        List<String> both = fingerprints().stream().distinct().toList();
        assertThat(both).hasSize(2).contains(before);
        String shown = ResultTables.text(read(), 80);
        for (String fingerprint : both) {
            String name =
                    "mlp-4 on tiny, data with fingerprint "
                            + fingerprint.substring(0, "idx-1-".length() + 12);
            String seeds = fingerprint.equals(before) ? "3" : "1";
            assertThat(shown.substring(shown.indexOf(name)))
                    .startsWith(name + System.lineSeparator())
                    .matches("(?s)[^%]*?magnitude +0.5 +" + seeds + " .*");
        }
    }

    @Test
    void refusesAnotherArithmetic() throws Exception {
        CellRow row = replaceRows("identity.numerics", "vector-0");
        String now = row.identity().numerics();

        assertThatThrownBy(() -> tiny.run(SWEEP, tiny.options("other")))
                .hasMessageContaining(
                        "holds rows of engine "
                                + row.identity().engine()
                                + " with arithmetic vector-0, and it is "
                                + now
                                + " now, so");
    }

    @Test
    void refusesAnotherScience() throws Exception {
        replaceRows("identity.science", "train=99");

        assertThatThrownBy(() -> tiny.run(SWEEP, tiny.options("other")))
                .hasMessageContaining(
                        "holds rows of Espalier with science train=99, and it is 1 now");
    }

    /** Failures are in no mean: what is repaired may be run again beside them. */
    @Test
    void aRetryMayLeaveFailuresOfOtherDataBeside() throws Exception {
        replaceRows(
                "condition.datasetFingerprint",
                "0".repeat(64),
                "status",
                CellRow.Status.FAILED,
                "failure",
                new CellRow.Failure("BAD_DATA", "data", "E", "torn", "", "host", "cause"));

        assertThatThrownBy(() -> tiny.run(SWEEP, tiny.options("other")))
                .hasMessageContaining("with fingerprint " + "0".repeat(64));
        tiny.run(SWEEP, tiny.options("other"), RunOptions.Changed.REFUSE, RunOptions.Failed.RETRY);

        assertThat(tiny.rows("other")).hasSize(4);
    }

    /** One changed pixel. */
    private void replaceData() throws IOException {
        Path images = tiny.data().resolve("tiny/train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(images);
        bytes[bytes.length - 1] ^= 1;
        Files.write(images, bytes);
    }

    /**
     * A folder that holds one row, changed and with another id, as a run of another version leaves.
     *
     * @return the row as it was
     */
    private CellRow replaceRows(Object... pathsAndValues) throws IOException {
        CellRow row = read().get(0).row();
        CellRow changed = CopiedRow.with(CopiedRow.with(row, "cellId", "other"), pathsAndValues);
        try (ResultsFolder other =
                ResultsFolder.open(
                        new org.apache.hadoop.fs.Path(folder.resolve("other").toUri()),
                        new Configuration())) {
            other.append(List.of(changed));
        }
        return row;
    }

    private List<FiledRow> read() throws IOException {
        return ResultsFolder.read(
                new org.apache.hadoop.fs.Path(folder.resolve(OUT).toUri()), new Configuration());
    }

    private List<String> fingerprints() throws IOException {
        return read().stream()
                .map(filed -> filed.row().condition().datasetFingerprint())
                .collect(Collectors.toList());
    }
}
