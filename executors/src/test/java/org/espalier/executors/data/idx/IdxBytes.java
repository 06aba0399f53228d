// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small IDX files, right ones to begin with. */
public final class IdxBytes {
    private IdxBytes() {}

    /** Images whose pixels count up from {@code first}. */
    public static byte[] images(int count, int rows, int columns, int first) {
        byte[] body = new byte[count * rows * columns];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (first + i);
        }
        return with(header(0x803, count, rows, columns), body);
    }

    public static byte[] labels(int... labels) {
        byte[] body = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            body[i] = (byte) labels[i];
        }
        return with(header(0x801, labels.length), body);
    }

    public static byte[] header(int magic, int... sizes) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length).putInt(magic);
        for (int size : sizes) {
            buffer.putInt(size);
        }
        return buffer.array();
    }

    public static byte[] with(byte[] bytes, byte... more) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length + more.length);
        return buffer.put(bytes).put(more).array();
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** A data set of 6 training and 4 test images of 2x3, labels 3, 5 and 9. */
    public static void writeSet(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte"), images(6, 2, 3, 0));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(9, 3, 5, 3, 9, 5));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), images(4, 2, 3, 100));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(3, 5, 9, 9));
    }
}
