// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.idx.IdxHeader.Kind;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
    private static final byte[] IMAGES = IdxBytes.images(3, 4, 5, 0);
    private static final HexFormat HEX = HexFormat.of();

    @TempDir Path folder;

    private DataFile file(byte[] bytes) throws IOException, BadDataException {
        Path path = Files.write(folder.resolve("some-file"), bytes);
        return DataFile.at(path);
    }

    private void refuses(byte[] bytes, Reason reason, String message) throws Exception {
        refuses(bytes, Kind.IMAGES, reason, message);
    }

    private void refuses(byte[] bytes, Kind kind, Reason reason, String message) throws Exception {
        DataFile file = file(bytes);

        var e = catchThrowableOfType(BadDataException.class, () -> IdxFile.scan(file, kind));

        assertThat(e).hasMessage(folder.resolve("some-file") + ": " + message);
        assertThat(e.reason()).isEqualTo(reason);
    }

    /**
     * Oracle: {@code python3 -c "import hashlib; print(hashlib.sha256(bytes([0,0,8,3, 0,0,0,3,
     * 0,0,0,4, 0,0,0,5]) + bytes(range(60))).hexdigest())"} of Python 3.11.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scansAndReadsPackedAndUnpacked(boolean packed) throws Exception {
        DataFile file = file(packed ? IdxBytes.gzip(IMAGES) : IMAGES);

        IdxFile.Scan scan = IdxFile.scan(file, Kind.IMAGES);

        assertThat(scan.header()).isEqualTo(new IdxHeader(Kind.IMAGES, 3, 4, 5));
        assertThat(scan.sha256())
                .isEqualTo("6fdcc8fc5334df4c0a6e777b61ac27174978189109fda69b5e710cb3acfeca8c");
        assertThat(Arrays.copyOf(scan.counts(), 60)).containsOnly(1);
        assertThat(Arrays.copyOfRange(scan.counts(), 60, 256)).containsOnly(0);
        assertThat(IdxFile.body(file, scan)).isEqualTo(Arrays.copyOfRange(IMAGES, 16, 76));
    }

    @Test
    void readsGzipOfSeveralMembers() throws Exception {
        byte[] first = IdxBytes.gzip(Arrays.copyOf(IMAGES, 30));
        byte[] second = IdxBytes.gzip(Arrays.copyOfRange(IMAGES, 30, IMAGES.length));
        DataFile file = file(IdxBytes.with(first, second));

        IdxFile.Scan scan = IdxFile.scan(file, Kind.IMAGES);

        assertThat(IdxFile.body(file, scan)).isEqualTo(Arrays.copyOfRange(IMAGES, 16, 76));
    }

    @Test
    void refusesATruncatedFile() throws Exception {
        refuses(
                Arrays.copyOf(IMAGES, 70),
                Reason.TRUNCATED,
                "expected 76 bytes for 3 images of 4x5, got 70");
        refuses(
                Arrays.copyOf(IMAGES, 10),
                Reason.TRUNCATED,
                "expected a header of 16 bytes, got 10");
    }

    @Test
    void refusesTrailingBytes() throws Exception {
        refuses(
                IdxBytes.with(IMAGES, (byte) 0),
                Reason.TRAILING_BYTES,
                "expected 76 bytes for 3 images of 4x5, got 77");
        refuses(
                IdxBytes.gzip(IdxBytes.with(IMAGES, (byte) 0)),
                Reason.TRAILING_BYTES,
                "expected 60 bytes for 3 images of 4x5 behind the header, got more");
        refuses(
                IdxBytes.with(IdxBytes.gzip(IMAGES), new byte[40]),
                Reason.TRAILING_BYTES,
                "expected nothing behind the gzip of 3 images of 4x5, got more bytes");
        refuses(
                IdxBytes.with(IdxBytes.gzip(IMAGES), (byte) 'x'),
                Reason.TRAILING_BYTES,
                "expected nothing behind the gzip of 3 images of 4x5, got more bytes");
    }

    @Test
    void refusesGzipOfTooLittle() throws Exception {
        refuses(
                IdxBytes.gzip(Arrays.copyOf(IMAGES, 70)),
                Reason.TRUNCATED,
                "expected 60 bytes for 3 images of 4x5 behind the header, got 54");
    }

    @Test
    void refusesGzipThatWasCut() throws Exception {
        byte[] packed = IdxBytes.gzip(IMAGES);

        refuses(
                Arrays.copyOf(packed, 5),
                Reason.TRUNCATED,
                "expected IDX images, got gzip that ends in the middle, after 0 unpacked bytes");
        refuses(
                Arrays.copyOf(packed, packed.length - 3),
                Reason.TRUNCATED,
                "expected 3 images of 4x5, got gzip that ends in the middle, after 60 unpacked"
                        + " bytes");
    }

    @Test
    void refusesGzipWithAFlippedBit() throws Exception {
        byte[] packed = IdxBytes.gzip(IMAGES);
        packed[packed.length - 6] ^= 1; // in the CRC-32

        refuses(
                packed,
                Reason.CORRUPT_GZIP,
                "expected 3 images of 4x5, got corrupt gzip after 60 unpacked bytes: Corrupt GZIP"
                        + " trailer");
    }

    /** Whatever byte is changed, the error is one of ours or the content is still the same. */
    @Test
    void noChangedByteOfAGzipGivesOtherContent() throws Exception {
        byte[] packed = IdxBytes.gzip(IMAGES);
        String good = IdxFile.scan(file(packed), Kind.IMAGES).sha256();
        for (int i = 0; i < packed.length; i++) {
            byte[] bad = packed.clone();
            bad[i] ^= 0x55;
            Path path = Files.write(folder.resolve("changed-" + i), bad);
            try {
                assertThat(IdxFile.scan(DataFile.at(path), Kind.IMAGES).sha256()).isEqualTo(good);
            } catch (BadDataException e) {
                assertThat(e).hasMessageContaining(path.toString());
            }
        }
    }

    @Test
    void refusesSwappedFiles() throws Exception {
        refuses(
                IdxBytes.labels(1, 2),
                Reason.SWAPPED,
                "expected IDX images (first bytes 00000803), got IDX labels; are the files"
                        + " swapped?");
        refuses(
                IdxBytes.gzip(IMAGES),
                Kind.LABELS,
                Reason.SWAPPED,
                "expected IDX labels (first bytes 00000801), got IDX images; are the files"
                        + " swapped?");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "3c21444f43545950, '3c21444f, an HTML or XML page'",
        "0a203c68746d6c3e, '0a203c68, an HTML or XML page'",
        "89504e470d0a1a0a, '89504e47, a PNG picture'",
        "ffd8ffe000104a46, 'ffd8ffe0, a JPEG picture'",
        "504b030414000000, '504b0304, a zip archive'",
        "76657273696f6e20, '76657273, text, perhaps a Git LFS pointer'",
        "0308000000000000, 03080000",
        "07, 07",
        "'', an empty file"
    })
    void refusesForeignFiles(String bytes, String found) throws Exception {
        refuses(
                HEX.parseHex(bytes),
                Reason.FOREIGN,
                "expected IDX images (first bytes 00000803), got " + found);
    }

    @Test
    void refusesForeignFilesInGzip() throws Exception {
        refuses(
                IdxBytes.gzip("<html>".getBytes(StandardCharsets.UTF_8)),
                Reason.FOREIGN,
                "expected IDX images (first bytes 00000803), got 3c68746d, an HTML or XML page");
    }

    @Test
    void refusesAFolder() throws Exception {
        Files.createDirectory(folder.resolve("train-images"));

        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () ->
                                IdxFile.scan(
                                        DataFile.at(folder.resolve("train-images")), Kind.IMAGES));

        assertThat(e).hasMessageEndingWith("train-images: expected IDX images, got a folder");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "00000d03, IDX of 32-bit floats (type 0x0d) with 3 dimensions",
        "00000804, 'IDX of unsigned bytes (type 0x08) with 4 dimensions, perhaps colours'",
        "00000802, IDX of unsigned bytes (type 0x08) with 2 dimensions"
    })
    void refusesOtherKindsOfIdx(String magic, String found) throws Exception {
        refuses(
                IdxBytes.with(HEX.parseHex(magic), new byte[60]),
                Reason.BAD_HEADER,
                "expected IDX images (first bytes 00000803), got "
                        + found
                        + "; read are unsigned bytes: images with rows and columns, labels alone");
    }

    /** Sizes whose product overflows int and long: nothing may be allocated by them. */
    @ParameterizedTest(name = "{0} x {1} x {2}")
    @CsvSource({
        "ffffffff, ffffffff, ffffffff, 4294967295 images of 4294967295x4294967295",
        "00010000, 00010000, 00010000, 65536 images of 65536x65536",
        "80000000, 00000001, 00000001, 2147483648 images of 1x1",
        "00000000, 0000001c, 0000001c, 0 images of 28x28",
        "00000001, 00000000, 0000001c, 1 images of 0x28"
    })
    void refusesImpossibleSizes(String count, String rows, String columns, String found)
            throws Exception {
        byte[] header = HEX.parseHex("00000803" + count + rows + columns);
        String message =
                "expected sizes of at least 1 with at most 2147483583 bytes in all, got " + found;

        refuses(header, Reason.BAD_HEADER, message);
        refuses(IdxBytes.gzip(header), Reason.BAD_HEADER, message);
    }

    @Test
    void refusesSizesThatAGzipCannotHold() throws Exception {
        byte[] packed = IdxBytes.gzip(IdxBytes.header(0x803, 60_000, 28, 28));
        int most = 1032 * packed.length;

        refuses(
                packed,
                Reason.BAD_HEADER,
                Text.of(
                        "expected at most %d bytes in %d bytes of gzip, got a header of 60000 images of 28x28",
                        most, packed.length));
    }

    /**
     * 64 MB of zeros behind a header of one pixel: told after the first byte too many, by few
     * buffers.
     */
    @Test
    void unpacksNoMoreOfABombThanTheHeaderSays() throws Exception {
        Path path = folder.resolve("bomb");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(IdxBytes.header(0x803, 1, 1, 1));
            for (int i = 0; i < 64; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        var e =
                catchThrowableOfType(
                        BadDataException.class, () -> IdxFile.scan(DataFile.at(path), Kind.IMAGES));

        assertThat(e.reason()).isEqualTo(Reason.TRAILING_BYTES);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
    }

    @Test
    void noticesAFileThatChangedAfterItsScan() throws Exception {
        DataFile file = file(IMAGES);
        IdxFile.Scan scan = IdxFile.scan(file, Kind.IMAGES);
        Files.write(folder.resolve("some-file"), IdxBytes.images(3, 4, 5, 1));

        var e = catchThrowableOfType(BadDataException.class, () -> IdxFile.body(file, scan));

        assertThat(e.reason()).isEqualTo(Reason.CHANGED);
        assertThat(e).hasMessageEndingWith("has changed while it was in use; start again");
    }

    @Test
    void tellsAMissingFile() {
        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () -> DataFile.at(folder + "/nothing", new Configuration()));

        assertThat(e).hasMessage(folder + "/nothing: not found");
        assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void tellsALocationThatIsNone() {
        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () -> DataFile.at("nosuch://x/y", new Configuration()));

        assertThat(e.reason()).isEqualTo(Reason.UNREADABLE);
        assertThat(e).hasMessageStartingWith("nosuch://x/y: cannot be read: ");
    }
}
