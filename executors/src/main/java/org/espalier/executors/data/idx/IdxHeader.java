// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Foreign;
import org.espalier.results.text.Text;

/**
 * The header of an IDX file: big-endian, two zero bytes, one byte for the type of the elements (8:
 * unsigned bytes), one for the number of dimensions, then four bytes for the size of each. Format:
 * LeCun, Cortes, Burges, The MNIST database, 1998.
 *
 * @param kind images or labels
 * @param count number of images or labels, at least 1
 * @param rows of an image; 1 for labels
 * @param columns of an image; 1 for labels
 */
public record IdxHeader(Kind kind, int count, int rows, int columns) {

    /** What an IDX file of this project holds. */
    enum Kind {
        IMAGES(3),
        LABELS(1);

        private final int dimensions;

        Kind(int dimensions) {
            this.dimensions = dimensions;
        }

        private int magic() {
            return 0x0800 | dimensions;
        }

        int headerBytes() {
            return 4 + 4 * dimensions;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Map<Integer, String> TYPES =
            Map.of(
                    0x08, "unsigned bytes",
                    0x09, "signed bytes",
                    0x0b, "16-bit integers",
                    0x0c, "32-bit integers",
                    0x0d, "32-bit floats",
                    0x0e, "64-bit floats");

    private static final int LARGEST = Integer.MAX_VALUE - 64; // bytes that a Java array can hold

    /** Bytes behind the header. */
    public int bodyBytes() {
        return count * rows * columns;
    }

    /** The header itself. */
    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(kind.headerBytes()).putInt(kind.magic());
        buffer.putInt(count);
        if (kind == Kind.IMAGES) {
            buffer.putInt(rows).putInt(columns);
        }
        return buffer.array();
    }

    /** E.g. {@code 60000 images of 28x28}. */
    @Override
    public String toString() {
        return kind == Kind.IMAGES
                ? Text.of("%d images of %dx%d", count, rows, columns)
                : count + " labels";
    }

    /**
     * Reads and checks a header; nothing is allocated by its sizes.
     *
     * @param file for messages
     * @param content unpacked, at its beginning
     */
    public static IdxHeader read(DataFile file, Kind kind, InputStream content)
            throws IOException, BadDataException {
        byte[] magic = content.readNBytes(4);
        checkMagic(file, kind, magic);
        byte[] sizes = content.readNBytes(4 * kind.dimensions);
        if (sizes.length < 4 * kind.dimensions) {
            throw new BadDataException(
                    Reason.TRUNCATED,
                    Text.of(
                            "%s: expected a header of %d bytes, got %d",
                            file, kind.headerBytes(), 4 + sizes.length));
        }
        long[] extents = {1, 1, 1};
        ByteBuffer buffer = ByteBuffer.wrap(sizes);
        boolean fits = true;
        long elements = 1;
        for (int i = 0; i < kind.dimensions; i++) {
            extents[i] = Integer.toUnsignedLong(buffer.getInt());
            fits &= extents[i] >= 1 && extents[i] <= LARGEST / elements;
            elements = fits ? elements * extents[i] : elements;
        }
        if (!fits) {
            throw new BadDataException(
                    Reason.BAD_HEADER,
                    Text.of(
                            "%s: expected sizes of at least 1 with at most %d bytes in all, got %s",
                            file,
                            LARGEST,
                            kind == Kind.IMAGES
                                    ? Text.of(
                                            "%d images of %dx%d",
                                            extents[0], extents[1], extents[2])
                                    : extents[0] + " labels"));
        }
        return new IdxHeader(kind, (int) extents[0], (int) extents[1], (int) extents[2]);
    }

    private static void checkMagic(DataFile file, Kind kind, byte[] magic) throws BadDataException {
        int found = magic.length == 4 ? ByteBuffer.wrap(magic).getInt() : -1;
        if (found == kind.magic()) {
            return;
        }
        String expected =
                Text.of(
                        "%s: expected IDX %s (first bytes %s)",
                        file, kind, HexFormat.of().toHexDigits(kind.magic(), 8));
        for (Kind other : Kind.values()) {
            if (found == other.magic()) {
                throw new BadDataException(
                        Reason.SWAPPED,
                        Text.of("%s, got IDX %s; are the files swapped?", expected, other));
            }
        }
        if (found >>> 16 == 0 && magic.length == 4 && magic[2] >= 8 && magic[2] <= 0xe) {
            throw new BadDataException(
                    Reason.BAD_HEADER,
                    Text.of(
                            "%s, got IDX of %s (type 0x%02x) with %s%s; read are unsigned bytes: images with rows and columns, labels alone",
                            expected,
                            TYPES.getOrDefault((int) magic[2], "a type that there is not"),
                            magic[2],
                            magic[3] == 1 ? "1 dimension" : magic[3] + " dimensions",
                            magic[3] == 4 ? ", perhaps colours" : ""));
        }
        throw new BadDataException(
                Reason.FOREIGN, Text.of("%s, got %s", expected, Foreign.describe(magic)));
    }
}
