// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Sha256;
import org.espalier.results.text.Text;

/**
 * One pass over an IDX file, gzipped or not (told by its first bytes, not by its name). The sizes
 * in the header are held against the file before anything is allocated by them, and never more is
 * unpacked than they say, so neither a wrong header nor a gzip bomb takes memory.
 */
public final class IdxFile {

    /**
     * What a pass found.
     *
     * @param sha256 of the unpacked content with its header, so packing does not matter
     * @param counts how often each byte value occurs in the body, shape [256]
     */
    public record Scan(IdxHeader header, String sha256, int[] counts) {}

    private record Key(String path, long length, long modified, IdxHeader.Kind kind) {
        private static Key of(DataFile file, IdxHeader.Kind kind) {
            return new Key(file.path().toString(), file.length(), file.modified(), kind);
        }
    }

    private static final long DEFLATE_LIMIT = 1032; // deflate never unpacks to more than this, fold
    private static final Map<Key, Scan> SCANS = new ConcurrentHashMap<>();

    private IdxFile() {}

    /**
     * Checks a file without keeping its content. A file that did not change since it was scanned in
     * this JVM is not read again.
     */
    public static Scan scan(DataFile file, IdxHeader.Kind kind) throws BadDataException {
        Key key = Key.of(file, kind);
        Scan scan = SCANS.get(key);
        if (scan == null) {
            scan = pass(file, kind, null);
            SCANS.put(key, scan);
        }
        return scan;
    }

    /**
     * The body of a file that was scanned.
     *
     * @throws BadDataException also if the file has changed since
     */
    public static byte[] body(DataFile file, Scan scan) throws BadDataException {
        byte[] body = new byte[scan.header().bodyBytes()];
        Scan now = pass(file, scan.header().kind(), body);
        if (!now.sha256().equals(scan.sha256())) {
            SCANS.remove(
                    Key.of(file, scan.header().kind())); // same size within one tick of the clock
            throw changed(file);
        }
        return body;
    }

    private static BadDataException changed(DataFile file) {
        return new BadDataException(
                Reason.CHANGED, file + ": has changed while it was in use; start again");
    }

    private static Scan pass(DataFile file, IdxHeader.Kind kind, byte[] body)
            throws BadDataException {
        if (file.folder()) {
            throw new BadDataException(
                    Reason.FOREIGN, Text.of("%s: expected IDX %s, got a folder", file, kind));
        }
        Progress progress = new Progress();
        try (InputStream raw = new BufferedInputStream(file.open(), 1 << 16)) {
            raw.mark(2);
            byte[] first = raw.readNBytes(2);
            raw.reset();
            boolean packed = first.length == 2 && first[0] == 0x1f && first[1] == (byte) 0x8b;
            return packed
                    ? unpack(file, kind, raw, body, progress)
                    : plain(file, kind, raw, body, progress);
        } catch (EOFException e) {
            throw new BadDataException(
                    Reason.TRUNCATED,
                    Text.of(
                            "%s: expected %s, got gzip that ends in the middle, after %d unpacked bytes",
                            file, progress.expected(kind), progress.bytes),
                    e);
        } catch (ZipException e) {
            throw new BadDataException(
                    Reason.CORRUPT_GZIP,
                    Text.of(
                            "%s: expected %s, got corrupt gzip after %d unpacked bytes: %s",
                            file, progress.expected(kind), progress.bytes, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw DataFile.unreadable(file.toString(), e);
        }
    }

    private static Scan plain(
            DataFile file, IdxHeader.Kind kind, InputStream raw, byte[] body, Progress progress)
            throws IOException, BadDataException {
        IdxHeader header = IdxHeader.read(file, kind, raw);
        long expected = (long) kind.headerBytes() + header.bodyBytes();
        if (file.length() != expected) {
            throw new BadDataException(
                    file.length() < expected ? Reason.TRUNCATED : Reason.TRAILING_BYTES,
                    Text.of(
                            "%s: expected %d bytes for %s, got %d",
                            file, expected, header, file.length()));
        }
        return content(file, header, raw, body, progress);
    }

    private static Scan unpack(
            DataFile file, IdxHeader.Kind kind, InputStream raw, byte[] body, Progress progress)
            throws IOException, BadDataException {
        Unpacking unpacking = new Unpacking(raw);
        IdxHeader header = IdxHeader.read(file, kind, unpacking);
        if (header.bodyBytes() > DEFLATE_LIMIT * file.length()) {
            throw new BadDataException(
                    Reason.BAD_HEADER,
                    Text.of(
                            "%s: expected at most %d bytes in %d bytes of gzip, got a header of %s",
                            file, DEFLATE_LIMIT * file.length(), file.length(), header));
        }
        Scan scan = content(file, header, unpacking, body, progress);
        if (unpacking.hasGarbage()) {
            throw new BadDataException(
                    Reason.TRAILING_BYTES,
                    Text.of(
                            "%s: expected nothing behind the gzip of %s, got more bytes",
                            file, header));
        }
        return scan;
    }

    private static Scan content(
            DataFile file, IdxHeader header, InputStream content, byte[] body, Progress progress)
            throws IOException, BadDataException {
        if (body != null && body.length != header.bodyBytes()) {
            throw changed(file);
        }
        progress.header = header;
        var digest = Sha256.start();
        digest.update(header.bytes());
        int[] counts = new int[256];
        byte[] buffer = new byte[1 << 16];
        int left = header.bodyBytes();
        while (left > 0) {
            int n = content.read(buffer, 0, Math.min(left, buffer.length));
            if (n < 0) {
                throw new BadDataException(
                        Reason.TRUNCATED,
                        Text.of(
                                "%s: expected %d bytes for %s behind the header, got %d",
                                file, header.bodyBytes(), header, header.bodyBytes() - left));
            }
            digest.update(buffer, 0, n);
            for (int i = 0; i < n; i++) {
                counts[buffer[i] & 0xff]++;
            }
            if (body != null) {
                System.arraycopy(buffer, 0, body, body.length - left, n);
            }
            left -= n;
            progress.bytes += n;
        }
        if (content.read() >= 0) { // at the end this also checks the checksum of gzip
            throw new BadDataException(
                    Reason.TRAILING_BYTES,
                    Text.of(
                            "%s: expected %d bytes for %s behind the header, got more",
                            file, header.bodyBytes(), header));
        }
        return new Scan(header, HexFormat.of().formatHex(digest.digest()), counts);
    }

    /** How far a pass came, for messages. */
    private static final class Progress {
        private IdxHeader header;
        private long bytes;

        private String expected(IdxHeader.Kind kind) {
            return header == null ? "IDX " + kind : header.toString();
        }
    }

    /** Gzip that tells whether something other than gzip follows it. */
    private static final class Unpacking extends GZIPInputStream {
        private static final int TRAILER = 8;

        private Unpacking(InputStream packed) throws IOException {
            super(packed, 1 << 16);
        }

        private boolean hasGarbage() throws IOException {
            return inf.getRemaining() > TRAILER || in.read() >= 0;
        }
    }
}
