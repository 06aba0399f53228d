// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Targets;
import org.espalier.executors.data.fetch.DatasetFetcher;
import org.espalier.experiments.network.Shape;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MNIST and Fashion-MNIST themselves, where a folder has them. */
class PublishedDataTest {
    private static Path data;

    @BeforeAll
    static void findTheFolder() {
        String named = System.getenv("ESPALIER_DATA");
        data = Path.of(named == null ? "../../shared/data" : named);
        assumeTrue(
                Files.isDirectory(data.resolve("mnist"))
                        && Files.isDirectory(data.resolve("fashion-mnist")),
                () -> Text.of("no mnist and fashion-mnist in %s; ESPALIER_DATA names it", data));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mnist", "fashion-mnist"})
    void loadsThePublishedFiles(String name) throws Exception {
        Dataset loaded = new Datasets(Optional.of(data.toString())).load(name);

        assertThat(loaded.info().shape()).isEqualTo(new Shape(1, 28, 28));
        assertThat(loaded.info().outputs()).isEqualTo(10);
        assertThat(loaded.train().count()).isEqualTo(60_000);
        assertThat(loaded.test().count()).isEqualTo(10_000);
    }

    /** Class counts of MNIST's test set as published; its mean pixel is the usual 0.1307. */
    @Test
    void mnistIsWhatEveryoneTrainsOn() throws Exception {
        Dataset mnist = new Datasets(Optional.of(data.toString())).load("mnist");

        int[] counts = new int[10];
        for (int label : ((Targets.Labels) mnist.test().targets()).labels()) {
            counts[label]++;
        }
        assertThat(counts).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        long sum = 0;
        byte[] pixels = ((Features.Bytes) mnist.train().features()).bytes();
        for (byte pixel : pixels) {
            sum += pixel & 0xff;
        }
        assertThat(sum / 255.0 / pixels.length).isBetween(0.13065, 0.13075);
    }

    @Test
    void tellsTestFilesInThePlaceOfTrainingFiles(@TempDir Path folder) throws Exception {
        Path swapped = Files.createDirectory(folder.resolve("mnist"));
        for (String kind : new String[] {"images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"}) {
            Files.copy(data.resolve("mnist/t10k-" + kind), swapped.resolve("train-" + kind));
            Files.copy(data.resolve("mnist/t10k-" + kind), swapped.resolve("t10k-" + kind));
        }

        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () -> new Datasets(Optional.of(folder.toString())).info("mnist"));

        assertThat(e.reason()).isEqualTo(Reason.CHECKSUM);
        assertThat(e)
                .hasMessageStartingWith(
                        swapped + "/train-images-idx3-ubyte.gz: expected the training images")
                .hasMessageEndingWith(", the test images of mnist");
    }

    @Test
    void nothingIsFetchedThatIsThere() throws Exception {
        var fetcher =
                new DatasetFetcher(
                        Duration.ofMillis(1),
                        (file, bytes, total) -> {
                            throw new AssertionError("fetched " + file);
                        });

        assertThat(fetcher.fetch("mnist", data).values())
                .hasSize(4)
                .containsOnly(DatasetFetcher.Outcome.PRESENT);
    }
}
