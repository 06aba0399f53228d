// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/**
 * SHA-256 of everything in a file before its footer, which the footer holds: Parquet's checksums
 * cover pages, and not what stands before each of them.
 */
final class RowDigest {
    private static final int BUFFER = 1 << 16;

    private final MessageDigest digest = sha256();
    private long length;

    /** The file, every byte of which goes into the digest too. */
    OutputFile over(OutputFile file) {
        return new OutputFile() {
            @Override
            public PositionOutputStream create(long blockSizeHint) throws IOException {
                return digested(file.create(blockSizeHint));
            }

            @Override
            public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
                return digested(file.createOrOverwrite(blockSizeHint));
            }

            @Override
            public boolean supportsBlockSize() {
                return file.supportsBlockSize();
            }

            @Override
            public long defaultBlockSize() {
                return file.defaultBlockSize();
            }
        };
    }

    private PositionOutputStream digested(PositionOutputStream out) {
        return new PositionOutputStream() {
            @Override
            public long getPos() throws IOException {
                return out.getPos();
            }

            @Override
            public void write(int b) throws IOException {
                out.write(b);
                digest.update((byte) b);
                length++;
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                out.write(bytes, from, count);
                digest.update(bytes, from, count);
                length += count;
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    /** {@code length:hex} of what was written so far; to be asked once. */
    String text() {
        return length + ":" + HexFormat.of().formatHex(digest.digest());
    }

    /** Whether the beginning of a file is what its footer says. */
    static boolean matches(InputFile file, String text) throws IOException {
        int colon = text.indexOf(':');
        try (SeekableInputStream in = file.newStream()) {
            long left = Long.parseLong(text.substring(0, Math.max(0, colon)));
            MessageDigest digest = sha256();
            byte[] buffer = new byte[BUFFER];
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new EOFException();
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            return HexFormat.of().formatHex(digest.digest()).equals(text.substring(colon + 1));
        } catch (NumberFormatException | EOFException e) {
            return false;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
