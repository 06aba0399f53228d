// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.results.text.Text;

/**
 * The file format of a network between two stages.
 *
 * <pre>
 *   8 bytes   "ESPSNAP1"
 *   4 bytes   length of the header, big-endian
 *   header    JSON: stage name, epochs, history, and what the body holds, in order
 *   body      each tensor's floats, little-endian, then each mask as bytes of eight weights, lowest first
 *   32 bytes  SHA-256 of all before
 * </pre>
 *
 * The header's {@code bits} is the SHA-256 of the body: two makings of one stage agree in it,
 * though their times differ. Sizes are checked against the file before anything is allocated, and
 * nothing read is executed.
 */
final class Snapshot {
    private static final byte[] MAGIC = "ESPSNAP1".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int MOST_HEADER_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Snapshot() {}

    record Header(
            @JsonProperty("stage") String stage,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("parameters") List<Entry> parameters,
            @JsonProperty("best") List<Entry> best,
            @JsonProperty("optimizer") List<Entry> optimizer,
            @JsonProperty("masks") List<Entry> masks,
            @JsonProperty("bits") String bits,
            @JsonProperty("history") History history) {
        Header {
            Stream.of(stage, parameters, best, optimizer, masks, bits, history)
                    .forEach(Objects::requireNonNull);
        }
    }

    record Entry(@JsonProperty("name") String name, @JsonProperty("dimensions") int[] dimensions) {
        Entry {
            Objects.requireNonNull(name);
            if (Arrays.stream(dimensions).anyMatch(extent -> extent < 0)) {
                throw new IllegalArgumentException("negative extent in " + name);
            }
        }

        long floats() {
            long size = 1;
            for (int extent : dimensions) {
                size = Math.multiplyExact(size, (long) extent);
            }
            return size;
        }

        long maskBytes() {
            return (floats() + 7) / 8;
        }
    }

    /** The whole file. */
    static byte[] encode(String stage, NetworkState state) throws IOException {
        var masks = new TreeMap<>(state.masks());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (List<Tensor> tensors : List.of(state.parameters(), state.best(), state.optimizer())) {
            for (Tensor tensor : tensors) {
                body.write(floatBytes(tensor.values()));
            }
        }
        for (Mask mask : masks.values()) {
            body.write(maskBytes(mask));
        }
        byte[] bytes = body.toByteArray();
        byte[] header =
                JSON.writeValueAsBytes(
                        new Header(
                                stage,
                                state.epochs(),
                                entries(state.parameters()),
                                entries(state.best()),
                                entries(state.optimizer()),
                                masks.entrySet().stream()
                                        .map(
                                                e ->
                                                        new Entry(
                                                                e.getKey(),
                                                                new int[] {e.getValue().size()}))
                                        .toList(),
                                HexFormat.of().formatHex(sha256().digest(bytes)),
                                state.history()));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.write(MAGIC);
        out.writeInt(header.length);
        out.write(header);
        out.write(bytes);
        out.write(sha256().digest(file.toByteArray()));
        return file.toByteArray();
    }

    /**
     * Reads a file.
     *
     * @throws CorruptSnapshotException if it is torn, foreign or of another stage
     */
    static NetworkState decode(String stage, byte[] file) throws CorruptSnapshotException {
        Header header = header(stage, file);
        int at = bodyStart(file);
        List<Tensor> parameters = new ArrayList<>();
        List<Tensor> best = new ArrayList<>();
        List<Tensor> optimizer = new ArrayList<>();
        at = readTensors(file, at, header.parameters(), parameters);
        at = readTensors(file, at, header.best(), best);
        at = readTensors(file, at, header.optimizer(), optimizer);
        var masks = new TreeMap<String, Mask>();
        for (Entry entry : header.masks()) {
            int size = Math.toIntExact(entry.floats());
            float[] kept = new float[size];
            int count = 0;
            for (int i = 0; i < size; i++) {
                kept[i] = file[at + i / 8] >> (i % 8) & 1;
                count += (int) kept[i];
            }
            masks.put(entry.name(), Mask.dense(size).narrowTo(count, kept));
            at += Math.toIntExact(entry.maskBytes());
        }
        return new NetworkState(
                parameters, best, optimizer, masks, header.epochs(), header.history());
    }

    /** The header, after everything about the file has been checked. */
    static Header header(String stage, byte[] file) throws CorruptSnapshotException {
        int fixed = MAGIC.length + Integer.BYTES + DIGEST_BYTES;
        if (file.length < fixed || !Arrays.equals(MAGIC, 0, 8, file, 0, 8)) {
            throw new CorruptSnapshotException("it does not start with ESPSNAP1");
        }
        MessageDigest digest = sha256();
        digest.update(file, 0, file.length - DIGEST_BYTES);
        byte[] written = Arrays.copyOfRange(file, file.length - DIGEST_BYTES, file.length);
        if (!MessageDigest.isEqual(digest.digest(), written)) {
            throw new CorruptSnapshotException("its checksum does not fit, it may be torn");
        }
        int length = ByteBuffer.wrap(file).getInt(MAGIC.length);
        if (length < 0 || length > Math.min(MOST_HEADER_BYTES, file.length - fixed)) {
            throw new CorruptSnapshotException(Text.of("its header claims %d bytes", length));
        }
        Header header;
        try {
            header = JSON.readValue(file, MAGIC.length + Integer.BYTES, length, Header.class);
        } catch (IOException e) {
            throw new CorruptSnapshotException("its header is no JSON of ours: " + e.getMessage());
        }
        if (header == null) {
            throw new CorruptSnapshotException("its header is no JSON of ours: null");
        }
        if (!header.stage().equals(stage)) {
            throw new CorruptSnapshotException("it is of stage " + header.stage());
        }
        long body = bodyBytes(header);
        if (body != (long) file.length - fixed - length) {
            throw new CorruptSnapshotException(
                    Text.of(
                            "its header describes %d bytes of tensors, it has %d",
                            body, (long) file.length - fixed - length));
        }
        return header;
    }

    private static long bodyBytes(Header header) throws CorruptSnapshotException {
        try {
            long body = 0;
            for (List<Entry> entries :
                    List.of(header.parameters(), header.best(), header.optimizer())) {
                for (Entry entry : entries) {
                    body = Math.addExact(body, Math.multiplyExact(Float.BYTES, entry.floats()));
                }
            }
            for (Entry entry : header.masks()) {
                body = Math.addExact(body, entry.maskBytes());
            }
            return body;
        } catch (ArithmeticException e) {
            throw new CorruptSnapshotException("its header describes more than any file holds");
        }
    }

    private static int bodyStart(byte[] file) {
        return MAGIC.length + Integer.BYTES + ByteBuffer.wrap(file).getInt(MAGIC.length);
    }

    private static int readTensors(byte[] file, int at, List<Entry> entries, List<Tensor> into) {
        for (Entry entry : entries) {
            float[] values = new float[Math.toIntExact(entry.floats())];
            ByteBuffer.wrap(file, at, values.length * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            into.add(new Tensor(entry.name(), entry.dimensions(), values));
            at += values.length * Float.BYTES;
        }
        return at;
    }

    private static List<Entry> entries(List<Tensor> tensors) {
        return tensors.stream().map(t -> new Entry(t.name(), t.dimensions())).toList();
    }

    private static byte[] floatBytes(float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] maskBytes(Mask mask) {
        byte[] bytes = new byte[(mask.size() + 7) / 8];
        for (int i = mask.nextKept(0); i >= 0; i = mask.nextKept(i + 1)) {
            bytes[i / 8] |= (byte) (1 << (i % 8));
        }
        return bytes;
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
}
