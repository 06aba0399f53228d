// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.results.text.Text;

/**
 * The file format of a network between two stages, version {@value #VERSION}.
 *
 * <pre>
 *   7 bytes   "ESPSNAP"
 *   1 byte    version, an ASCII digit
 *   4 bytes   length of the header, big-endian
 *   header    JSON: stage name, place, what the body holds in order, and the journal
 *   body      each tensor's floats, little-endian, then each mask as bytes of eight weights, lowest first
 *   32 bytes  SHA-256 of the body: two makings of one stage agree in it, though their times differ
 *   32 bytes  SHA-256 of all before
 * </pre>
 *
 * Files are written and read as streams: beside the network itself there is one small buffer. Sizes
 * are checked against the file's before anything is allocated, and nothing read is executed. A
 * later version's file is told from a damaged one, and is nobody's but its maker's.
 */
final class Snapshot {
    /** Version that is written and read. */
    static final int VERSION = 2;

    private static final byte[] MAGIC = "ESPSNAP".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int MOST_HEADER_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int FIXED_BYTES = MAGIC.length + 1 + Integer.BYTES + 2 * DIGEST_BYTES;

    private Snapshot() {}

    private record Header(
            @JsonProperty("stage") String stage,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("iterations") int iterations,
            @JsonProperty("parameters") List<Described> parameters,
            @JsonProperty("best") List<Described> best,
            @JsonProperty("optimizer") List<Described> optimizer,
            @JsonProperty("masks") List<Described> masks,
            @JsonProperty("perturbed") List<Described> perturbed,
            @JsonProperty("targeted") List<Described> targeted,
            @JsonProperty("journal") List<Entry> journal) {
        Header {
            targeted = targeted == null ? List.of() : targeted; // came later
        }

        Stream<Described> tensors() {
            return Stream.of(parameters, best, optimizer).flatMap(List::stream);
        }

        Stream<Described> allMasks() {
            return Stream.of(masks, perturbed, targeted).flatMap(List::stream);
        }

        /** Bytes of the body. */
        long bodyBytes() throws CorruptSnapshotException {
            try {
                long bytes = 0;
                for (Described tensor : tensors().toList()) {
                    bytes =
                            Math.addExact(
                                    bytes, Math.multiplyExact(Float.BYTES, tensor.elements()));
                }
                for (Described mask : allMasks().toList()) {
                    bytes = Math.addExact(bytes, mask.maskBytes());
                }
                return bytes;
            } catch (ArithmeticException e) {
                throw new CorruptSnapshotException("its header describes more than any file holds");
            }
        }
    }

    /** A tensor or a mask in the body. */
    private record Described(
            @JsonProperty("name") String name, @JsonProperty("dimensions") int[] dimensions) {
        Described {
            if (name == null
                    || dimensions == null
                    || Arrays.stream(dimensions).anyMatch(extent -> extent < 0)) {
                throw new IllegalArgumentException("a tensor without name or extents");
            }
        }

        static Described of(Tensor tensor) {
            return new Described(tensor.name(), tensor.dimensions());
        }

        static List<Described> of(Map<String, Mask> masks) {
            return new TreeMap<>(masks)
                    .entrySet().stream()
                            .map(e -> new Described(e.getKey(), new int[] {e.getValue().size()}))
                            .toList();
        }

        long elements() {
            long size = 1;
            for (int extent : dimensions) {
                size = Math.multiplyExact(size, (long) extent);
            }
            return size;
        }

        long maskBytes() {
            return (elements() + 7) / 8;
        }
    }

    /**
     * Writes the whole file.
     *
     * @return the digest of its body
     */
    static String write(OutputStream to, String stage, NetworkState state) throws IOException {
        byte[] header =
                JournalJson.MAPPER.writeValueAsBytes(
                        new Header(
                                stage,
                                state.place().epochs(),
                                state.place().iterations(),
                                state.parameters().stream().map(Described::of).toList(),
                                state.best().stream().map(Described::of).toList(),
                                state.optimizer().stream().map(Described::of).toList(),
                                Described.of(state.masks()),
                                Described.of(state.perturbed()),
                                Described.of(state.targeted()),
                                state.journal().entries()));
        DigestOutputStream whole = new DigestOutputStream(to, sha256());
        DataOutputStream out = new DataOutputStream(whole);
        out.write(MAGIC);
        out.write('0' + VERSION);
        out.writeInt(header.length);
        out.write(header);
        out.flush();
        DigestOutputStream body = new DigestOutputStream(whole, sha256());
        byte[] buffer = new byte[BUFFER_BYTES];
        for (List<Tensor> tensors : List.of(state.parameters(), state.best(), state.optimizer())) {
            for (Tensor tensor : tensors) {
                writeFloats(body, tensor.values(), buffer);
            }
        }
        for (Map<String, Mask> masks :
                List.of(state.masks(), state.perturbed(), state.targeted())) {
            for (Mask mask : new TreeMap<>(masks).values()) {
                body.write(mask.bytes());
            }
        }
        byte[] bits = body.getMessageDigest().digest();
        whole.write(bits);
        to.write(whole.getMessageDigest().digest());
        return HexFormat.of().formatHex(bits);
    }

    /**
     * Reads a network.
     *
     * @param length of the file in bytes
     * @throws OtherVersionException if another version of this program made the file
     * @throws CorruptSnapshotException if it is torn, foreign or of another stage
     */
    static NetworkState read(InputStream from, long length, String stage)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        return read(new Reader(from, length, stage), Snapshot::network);
    }

    /** Reads the journal alone; what is behind it is checked, but not kept. */
    static Checked check(InputStream from, long length, String stage)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        return read(new Reader(from, length, stage), Snapshot::checked);
    }

    /** Reads no more than the version of a file. */
    static int version(InputStream from, long length, String stage)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        return read(new Reader(from, length, stage), Reader::version);
    }

    private interface Part<T> {
        T of(Reader reader) throws IOException, CorruptSnapshotException, OtherVersionException;
    }

    private static <T> T read(Reader reader, Part<T> part)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        try {
            return part.of(reader);
        } catch (EOFException e) {
            throw new CorruptSnapshotException("it is cut short");
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CorruptSnapshotException(
                    "what it describes is no network: " + e.getMessage());
        }
    }

    private static NetworkState network(Reader reader)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        Header header = reader.header();
        List<Tensor> parameters = reader.tensors(header.parameters());
        List<Tensor> best = reader.tensors(header.best());
        List<Tensor> optimizer = reader.tensors(header.optimizer());
        Map<String, Mask> masks = reader.masks(header.masks());
        Map<String, Mask> perturbed = reader.masks(header.perturbed());
        Map<String, Mask> targeted = reader.masks(header.targeted());
        reader.finish();
        return new NetworkState(
                parameters,
                best,
                optimizer,
                masks,
                perturbed,
                targeted,
                new Place(header.epochs(), header.iterations()),
                new Journal(header.journal()));
    }

    private static Checked checked(Reader reader)
            throws IOException, CorruptSnapshotException, OtherVersionException {
        Header header = reader.header();
        reader.skip(header.bodyBytes());
        return new Checked(reader.finish(), new Journal(header.journal()));
    }

    /**
     * A file that is whole.
     *
     * @param bits digest of its body
     */
    record Checked(String bits, Journal journal) {}

    private static void writeFloats(OutputStream out, float[] values, byte[] buffer)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        int most = buffer.length / Float.BYTES;
        for (int at = 0; at < values.length; at += most) {
            int count = Math.min(most, values.length - at);
            bytes.asFloatBuffer().put(values, at, count);
            out.write(buffer, 0, count * Float.BYTES);
        }
    }

    /** One pass over a file, with both digests. */
    private static final class Reader {
        private final DigestInputStream whole;
        private final DataInputStream in;
        private final DigestInputStream body;
        private final long length;
        private final String stage;
        private final byte[] buffer = new byte[BUFFER_BYTES];

        Reader(InputStream from, long length, String stage) {
            whole = new DigestInputStream(new Whole(from), sha256());
            in = new DataInputStream(whole);
            body = new DigestInputStream(whole, sha256());
            this.length = length;
            this.stage = stage;
        }

        /** Reads as far as the version, and sees that it is ours. */
        int version() throws IOException, CorruptSnapshotException, OtherVersionException {
            byte[] start = new byte[MAGIC.length + 1];
            if (length < start.length) {
                throw new CorruptSnapshotException("it has only " + length + " bytes");
            }
            in.readFully(start);
            if (!Arrays.equals(MAGIC, 0, MAGIC.length, start, 0, MAGIC.length)) {
                throw new CorruptSnapshotException("it does not start with ESPSNAP");
            }
            int version = start[MAGIC.length] - '0';
            if (version < 1 || version > 'z' - '0') {
                throw new CorruptSnapshotException("it has no version");
            }
            if (version != VERSION) {
                throw new OtherVersionException(version);
            }
            return version;
        }

        Header header() throws IOException, CorruptSnapshotException, OtherVersionException {
            version();
            if (length < FIXED_BYTES) {
                throw new CorruptSnapshotException("it is cut short");
            }
            int bytes = in.readInt();
            if (bytes < 0 || bytes > Math.min(MOST_HEADER_BYTES, length - FIXED_BYTES)) {
                throw new CorruptSnapshotException(Text.of("its header claims %d bytes", bytes));
            }
            Header header = parsed(in.readNBytes(bytes));
            if (header == null || !stage.equals(header.stage())) {
                throw new CorruptSnapshotException(
                        "it is of stage " + (header == null ? null : header.stage()));
            }
            long described = header.bodyBytes();
            if (described != length - FIXED_BYTES - bytes) {
                throw new CorruptSnapshotException(
                        Text.of(
                                "its header describes %d bytes of tensors, it has %d",
                                described, length - FIXED_BYTES - bytes));
            }
            return header;
        }

        private static Header parsed(byte[] json)
                throws CorruptSnapshotException, OtherVersionException {
            try {
                return JournalJson.MAPPER.readValue(json, Header.class);
            } catch (InvalidTypeIdException e) {
                throw new OtherVersionException(e.getTypeId());
            } catch (IOException e) {
                throw new CorruptSnapshotException(
                        "its header is no JSON of ours: "
                                + e.getMessage().lines().findFirst().orElse(""));
            }
        }

        List<Tensor> tensors(List<Described> described) throws IOException {
            List<Tensor> tensors = new ArrayList<>();
            for (Described each : described) {
                float[] values = new float[Math.toIntExact(each.elements())];
                int most = buffer.length / Float.BYTES;
                ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
                for (int at = 0; at < values.length; at += most) {
                    int count = Math.min(most, values.length - at);
                    fill(count * Float.BYTES);
                    bytes.asFloatBuffer().get(values, at, count);
                }
                tensors.add(new Tensor(each.name(), each.dimensions(), values));
            }
            return tensors;
        }

        Map<String, Mask> masks(List<Described> described) throws IOException {
            Map<String, Mask> masks = new TreeMap<>();
            for (Described each : described) {
                byte[] bytes = body.readNBytes(Math.toIntExact(each.maskBytes()));
                if (bytes.length < each.maskBytes()) {
                    throw new EOFException();
                }
                masks.put(each.name(), Mask.ofBytes(Math.toIntExact(each.elements()), bytes));
            }
            return masks;
        }

        void skip(long bytes) throws IOException {
            for (long left = bytes; left > 0; left -= Math.min(left, buffer.length)) {
                fill((int) Math.min(left, buffer.length));
            }
        }

        private void fill(int count) throws IOException {
            if (body.readNBytes(buffer, 0, count) < count) {
                throw new EOFException();
            }
        }

        /** Both digests fit. */
        String finish() throws IOException, CorruptSnapshotException {
            byte[] bits = body.getMessageDigest().digest();
            byte[] writtenBits = new byte[DIGEST_BYTES];
            in.readFully(writtenBits);
            byte[] digest = whole.getMessageDigest().digest();
            whole.on(false);
            byte[] written = new byte[DIGEST_BYTES];
            in.readFully(written);
            if (!MessageDigest.isEqual(digest, written)
                    || !MessageDigest.isEqual(bits, writtenBits)) {
                throw new CorruptSnapshotException("its checksum does not fit, it may be torn");
            }
            return HexFormat.of().formatHex(bits);
        }
    }

    /** Reads as much as is asked for, whatever a network gives at once. */
    private static final class Whole extends FilterInputStream {
        Whole(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            int read = in.readNBytes(into, at, count);
            return read == 0 && count > 0 ? -1 : read;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** A file that is no whole snapshot of its stage. */
    static final class CorruptSnapshotException extends Exception {
        private static final long serialVersionUID = 1;

        CorruptSnapshotException(String message) {
            super(message);
        }
    }

    /** A file that another version of this program made, and that only it reads. */
    static final class OtherVersionException extends Exception {
        private static final long serialVersionUID = 1;

        /** A kind of finding that this program does not know. */
        OtherVersionException(String entry) {
            super(Text.of("made by a later Espalier (its journal has an entry \"%s\")", entry));
        }

        OtherVersionException(int version) {
            super(
                    Text.of(
                            "made by %s Espalier (snapshot version %d, this one reads %d)",
                            version > VERSION ? "a later" : "an earlier", version, VERSION));
        }
    }
}
