// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.Targets;
import org.espalier.executors.data.idx.IdxBytes;
import org.espalier.executors.data.idx.IdxFolder;
import org.espalier.executors.data.idx.IdxSet;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetsTest {
    @TempDir Path data;
    private Path letters;
    private Datasets datasets;

    @BeforeEach
    void writeASet() throws IOException {
        letters = data.resolve("my-letters.2");
        IdxBytes.writeSet(letters);
        datasets = new Datasets(Optional.of(data.toString()));
    }

    private BadDataException refusal(String name) {
        return catchThrowableOfType(BadDataException.class, () -> datasets.info(name));
    }

    @Test
    void readsASetByTheNameOfItsFolder() throws Exception {
        Dataset loaded = datasets.load("my-letters.2");

        assertThat(loaded.info()).isEqualTo(datasets.info("my-letters.2"));
        assertThat(loaded.info().name()).isEqualTo("my-letters.2");
        assertThat(loaded.info().shape()).isEqualTo(new Shape(1, 2, 3));
        assertThat(loaded.info().loss()).isEqualTo(Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        assertThat(loaded.info().outputs()).isEqualTo(3);
        assertThat(loaded.info().trainSamples()).isEqualTo(6);
        assertThat(loaded.info().testSamples()).isEqualTo(4);
        float[] second = new float[6];
        loaded.test().features().copy(1, second, 0);
        assertThat(second)
                .containsExactly(
                        106 / 255f, 107 / 255f, 108 / 255f, 109 / 255f, 110 / 255f, 111 / 255f);
    }

    @Test
    void mapsSortedLabelsToClassesAndRemembersThem() throws Exception {
        Dataset loaded = datasets.load("my-letters.2");

        assertThat(((Targets.Labels) loaded.train().targets()).labels())
                .containsExactly(2, 0, 1, 0, 2, 1);
        assertThat(((Targets.Labels) loaded.test().targets()).labels()).containsExactly(0, 1, 2, 2);
        assertThat(datasets.originalLabels("my-letters.2")).containsExactly(3, 5, 9);
        assertThat(datasets.originalLabels("strokes"))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(datasets.originalLabels("diffusion-sorption")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "train-images.idx3-ubyte, train-labels.idx1-ubyte, t10k-images.idx3-ubyte, t10k-labels.idx1-ubyte",
        "a-train-images, a-train-labels, a-test-images, a-test-labels",
        "emnist-letters-train-images-idx3-ubyte, emnist-letters-train-labels-idx1-ubyte,"
                + " emnist-letters-test-images-idx3-ubyte, emnist-letters-test-labels-idx1-ubyte"
    })
    void findsFilesByWhatTheirNamesSay(String a, String b, String c, String d) throws Exception {
        Path renamed = Files.createDirectory(data.resolve("renamed"));
        Files.copy(letters.resolve("train-images-idx3-ubyte"), renamed.resolve(a));
        Files.copy(letters.resolve("train-labels-idx1-ubyte"), renamed.resolve(b));
        Files.copy(letters.resolve("t10k-images-idx3-ubyte"), renamed.resolve(c));
        Files.copy(letters.resolve("t10k-labels-idx1-ubyte"), renamed.resolve(d));
        Files.writeString(renamed.resolve("README.md"), "training and test images");

        DatasetInfo info = datasets.info("renamed");

        assertThat(info.fingerprint()).isEqualTo(datasets.info("my-letters.2").fingerprint());
        assertThat(datasets.load("renamed").info()).isEqualTo(info);
        assertThat(datasets.load("renamed").train())
                .isSameAs(datasets.load("my-letters.2").train());
    }

    @Test
    void fingerprintIsOfTheContentNotOfThePacking() throws Exception {
        String fingerprint = datasets.info("my-letters.2").fingerprint();
        for (String name : List.of("train-images-idx3-ubyte", "t10k-labels-idx1-ubyte")) {
            byte[] packed = IdxBytes.gzip(Files.readAllBytes(letters.resolve(name)));
            Files.write(letters.resolve(name + ".gz"), packed);
            Files.delete(letters.resolve(name));
        }

        assertThat(scannedAnew("my-letters.2").fingerprint())
                .isEqualTo(fingerprint)
                .matches("idx-1-[0-9a-f]{32}");

        Files.write(letters.resolve("t10k-labels-idx1-ubyte.gz"), IdxBytes.labels(3, 5, 9, 5));
        assertThat(scannedAnew("my-letters.2").fingerprint()).isNotEqualTo(fingerprint);
    }

    /** As another run sees it: a catalogue scans each set once. */
    private DatasetInfo scannedAnew(String name) throws BadDataException {
        return new Datasets(Optional.of(data.toString())).info(name);
    }

    @Test
    void readsThroughHadoopUris() throws Exception {
        Datasets byUri = new Datasets(Optional.of("file://" + data));

        assertThat(byUri.info("my-letters.2")).isEqualTo(datasets.info("my-letters.2"));
    }

    @Test
    void readsAFolderWithASpaceInItsName() throws Exception {
        IdxBytes.writeSet(data.resolve("all data").resolve("letters"));

        Datasets spaced = new Datasets(Optional.of(data.resolve("all data").toString()));

        assertThat(spaced.info("letters").trainSamples()).isEqualTo(6);
    }

    @Test
    void loadsOnceForAllThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Dataset>> loads = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String name = i % 2 == 0 ? "strokes" : "my-letters.2";
                loads.add(() -> new Datasets(Optional.of(data.toString())).load(name));
            }
            Set<Dataset> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
            for (var load : pool.invokeAll(loads)) {
                distinct.add(load.get());
            }

            assertThat(distinct.stream().map(d -> d.info().name()))
                    .containsExactlyInAnyOrder("strokes", "my-letters.2");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void listsWhatIsKnown() throws Exception {
        Files.createDirectory(data.resolve("notes"));
        IdxBytes.writeSet(data.resolve("Not_A_Name"));
        IdxBytes.writeSet(data.resolve("strokes"));
        IdxBytes.writeSet(data.resolve("mnist"));

        assertThat(datasets.names())
                .containsOnlyKeys(
                        "diffusion-sorption", "fashion-mnist", "mnist", "my-letters.2", "strokes")
                .containsEntry("my-letters.2", "IDX images; in " + letters)
                .containsEntry(
                        "mnist",
                        "MNIST: handwritten digits, 28x28, 10 classes, 60,000 + 10,000; in "
                                + data.resolve("mnist"));
        assertThat(datasets.names().get("fashion-mnist")).endsWith("in files, not found here");
        assertThat(datasets.info("strokes").fingerprint()).isEqualTo("strokes-1");
        assertThat(new Datasets(Optional.empty()).names())
                .containsOnlyKeys("diffusion-sorption", "fashion-mnist", "mnist", "strokes");
    }

    @Test
    void generatedSetsNeedNoFolder() throws Exception {
        Datasets none = new Datasets(Optional.of("/no/such/folder"));

        assertThat(none.info("diffusion-sorption").outputs()).isEqualTo(1);
        assertThat(none.load("strokes").info()).isEqualTo(none.info("strokes"));
    }

    @Test
    void tellsWhatAnUnknownNameMayHaveMeant() {
        assertThat(refusal("my-leters.2"))
                .hasMessage(
                        "unknown data set \"my-leters.2\"; did you mean \"my-letters.2\"? known:"
                                + " diffusion-sorption, fashion-mnist, mnist, my-letters.2, strokes;"
                                + " other names are folders with IDX files in "
                                + data);
        datasets = new Datasets(Optional.empty());
        assertThat(refusal("letters"))
                .hasMessage(
                        "unknown data set \"letters\"; known: diffusion-sorption, fashion-mnist,"
                                + " mnist, strokes; sets in files need --data FOLDER");
        assertThat(refusal("letters").reason()).isEqualTo(Reason.UNKNOWN_NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/b", "", "Letters", "_x", "/etc"})
    void neverLeavesTheFolder(String name) {
        assertThat(refusal(name).reason()).isEqualTo(Reason.UNKNOWN_NAME);
    }

    @Test
    void tellsHowToGetAPublishedSet() {
        assertThat(refusal("mnist"))
                .hasMessage(
                        Text.of(
                                        "data set \"mnist\": expected a folder mnist in %s, got none; `espalier data",
                                        data)
                                + " fetch mnist` downloads it");
        datasets = new Datasets(Optional.empty());
        assertThat(refusal("mnist"))
                .hasMessage(
                        "data set \"mnist\" is in files: expected --data FOLDER with mnist/ in it,"
                                + " got none");
    }

    @Test
    void tellsAFolderThatIsNotThere() {
        datasets = new Datasets(Optional.of(data + "/none"));

        assertThat(refusal("mnist")).hasMessage(data + "/none: not found");
        assertThat(catchThrowableOfType(BadDataException.class, datasets::names))
                .hasMessage(data + "/none: not found");
    }

    @Test
    void refusesFilesOfMnistThatAreNotThePublishedOnes() throws Exception {
        IdxBytes.writeSet(data.resolve("mnist"));

        BadDataException e = refusal("mnist");

        assertThat(e.reason()).isEqualTo(Reason.CHECKSUM);
        assertThat(e)
                .hasMessageStartingWith(
                        data
                                + "/mnist/train-images-idx3-ubyte: expected the training images of"
                                + " mnist (SHA-256 of the unpacked content"
                                + " ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db),"
                                + " got 6 images of 2x3 of SHA-256 ");
    }

    @Test
    void tellsAMissingPart() throws Exception {
        Files.delete(letters.resolve("t10k-labels-idx1-ubyte"));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + ": expected a file with the test labels, e.g."
                                + " t10k-labels-idx1-ubyte.gz, got none; IDX is read, and it holds"
                                + " t10k-images-idx3-ubyte, train-images-idx3-ubyte,"
                                + " train-labels-idx1-ubyte");
    }

    @Test
    void tellsWhatAFolderHoldsThatHasNoIdx() throws Exception {
        Path other = Files.createDirectory(data.resolve("table"));
        assertThat(refusal("table"))
                .hasMessageStartingWith(other + ": expected a file with the training images, e.g.")
                .hasMessageEndingWith(", got none; IDX is read, and it holds nothing");
        for (String name : List.of("a.csv", "b.npy", "c", "d", "e", "f", "g")) {
            Files.createFile(other.resolve(name));
        }
        assertThat(refusal("table"))
                .hasMessageEndingWith("and it holds a.csv, b.npy, c, d, e and 2 more");
        assertThat(datasets.names()).doesNotContainKey("table");
        assertThat(datasets.folders()).containsExactlyInAnyOrder("my-letters.2", "table");
    }

    /** As torchvision leaves it: MNIST/raw, FashionMNIST/raw, KMNIST/raw. */
    @Test
    void readsTheFoldersOfTorchvision() throws Exception {
        IdxBytes.writeSet(data.resolve("KMNIST/raw"));
        IdxBytes.writeSet(data.resolve("FashionMNIST/raw"));
        IdxBytes.writeSet(data.resolve("nested/raw"));

        assertThat(datasets.info("kmnist").fingerprint())
                .isEqualTo(datasets.info("my-letters.2").fingerprint());
        assertThat(datasets.info("nested").trainSamples()).isEqualTo(6);
        assertThat(datasets.names())
                .containsEntry("kmnist", "IDX images; in " + data.resolve("KMNIST/raw"));
        assertThat(refusal("fashion-mnist").reason()).isEqualTo(Reason.CHECKSUM);
    }

    /** A folder of the very name counts before one that only torchvision would call so. */
    @Test
    void takesTheFolderOfTheNameFirst() throws Exception {
        IdxBytes.writeSet(data.resolve("KMNIST/raw"));
        IdxBytes.writeSet(data.resolve("kmnist"));

        assertThat(datasets.names())
                .containsEntry("kmnist", "IDX images; in " + data.resolve("kmnist"));
    }

    @Test
    @Timeout(20)
    @DisabledOnOs(OS.WINDOWS)
    void refusesAPipe() throws Exception {
        Path images = letters.resolve("train-images-idx3-ubyte");
        Files.delete(images);
        assertThat(new ProcessBuilder("mkfifo", images.toString()).start().waitFor()).isZero();

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        images
                                + ": cannot be read: expected a regular file, got a pipe, a socket"
                                + " or a device");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0d | 03 | 32-bit floats (type 0x0d) with 3 dimensions;",
                "08 | 04 | unsigned bytes (type 0x08) with 4 dimensions, perhaps colours;",
                "0b | 03 | 16-bit integers (type 0x0b) with 3 dimensions;",
                "0e | 01 | 64-bit floats (type 0x0e) with 1 dimension;"
            })
    void tellsIdxOfOtherTypes(String type, String dimensions, String told) throws Exception {
        Path images = letters.resolve("train-images-idx3-ubyte");
        Files.write(images, HexFormat.of().parseHex("0000" + type + dimensions + "00000001"));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        Text.of(
                                "%s: expected IDX images (first bytes 00000803), got IDX of %s read"
                                        + " are unsigned bytes: images with rows and columns,"
                                        + " labels alone",
                                images, told));
    }

    @Test
    void refusesTwoFilesForOnePart() throws Exception {
        Files.write(letters.resolve("other-train-labels"), IdxBytes.labels(1));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + ": expected one file with the training labels, got"
                                + " other-train-labels, train-labels-idx1-ubyte");
    }

    @Test
    void takesTheUnpackedOfTwins() throws Exception {
        Files.writeString(letters.resolve("train-labels-idx1-ubyte.gz"), "not looked at");

        assertThat(datasets.info("my-letters.2").outputs()).isEqualTo(3);
    }

    @Test
    void refusesCountsThatDiffer() throws Exception {
        Files.write(letters.resolve("train-labels-idx1-ubyte"), IdxBytes.labels(3, 5, 9, 9));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + "/train-images-idx3-ubyte: has 6 images of 2x3, which does not"
                                + " fit to 4 labels in train-labels-idx1-ubyte");
    }

    @Test
    void refusesImagesOfTwoSizes() throws Exception {
        Files.write(letters.resolve("t10k-images-idx3-ubyte"), IdxBytes.images(4, 3, 3, 0));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + "/train-images-idx3-ubyte: has 6 images of 2x3, which does not"
                                + " fit to 4 images of 3x3 in t10k-images-idx3-ubyte");
    }

    @Test
    void refusesATestLabelThatNothingIsTrainedOn() throws Exception {
        Files.write(letters.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(3, 5, 200, 9));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + "/t10k-labels-idx1-ubyte: expected labels that occur in"
                                + " train-labels-idx1-ubyte, got 200");
    }

    @Test
    void refusesASingleClass() throws Exception {
        Files.write(letters.resolve("train-labels-idx1-ubyte"), IdxBytes.labels(7, 7, 7, 7, 7, 7));

        assertThat(refusal("my-letters.2"))
                .hasMessage(
                        letters
                                + "/train-labels-idx1-ubyte: expected at least 2 distinct labels,"
                                + " got only 7");
    }

    /** By hand: 6 + 4 images of 6 bytes are 60 bytes, more than half of 119, half of 120. */
    @Test
    void refusesWhatDoesNotFitIntoTheHeap() throws Exception {
        IdxFolder folder = new IdxFolder(DataFile.at(letters));
        IdxSet set = IdxSet.scan("my-letters.2", folder, Optional.empty());
        set.checkFits(120);

        var e = catchThrowableOfType(BadDataException.class, () -> set.checkFits(119));

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(e)
                .hasMessage(
                        letters
                                + "/train-images-idx3-ubyte: expected at most half of the Java heap"
                                + " of 0 MB, got 0 MB of images; give more memory");
    }

    @Test
    void aSetThatWasMendedLoads() throws Exception {
        byte[] good = Files.readAllBytes(letters.resolve("t10k-images-idx3-ubyte"));
        Files.write(letters.resolve("t10k-images-idx3-ubyte"), new byte[3]);
        assertThat(
                        catchThrowableOfType(
                                BadDataException.class, () -> datasets.load("my-letters.2")))
                .isNotNull();

        Files.write(letters.resolve("t10k-images-idx3-ubyte"), good);

        assertThat(datasets.load("my-letters.2").test().count()).isEqualTo(4);
    }
}
