// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.espalier.executors.store.Snapshot.CorruptSnapshotException;
import org.espalier.executors.store.Snapshot.OtherVersionException;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final String STAGE = "00112233445566778899aabbccddeeff";
    private static final int BEFORE_HEADER = 8 + 4;
    private static final int DIGESTS = 2 * 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsEveryBit(long seed) throws Exception {
        NetworkState state = SomeStates.random(seed);

        SomeStates.assertSame(read(written(state)), state);
    }

    /** Findings of a measurement have no network. */
    @Test
    void keepsFindingsAlone() throws Exception {
        NetworkState state = NetworkState.findings(SomeStates.journal(0.5));

        SomeStates.assertSame(read(written(state)), state);
    }

    /**
     * What version 0.2.0 wrote ({@code Snapshot.write} of {@code SomeStates.of020(20)}) is read by
     * every later one. A field that is added since is missing here, so it is null, 0 or empty.
     */
    @Test
    void readsWhatVersion020Wrote() throws Exception {
        byte[] file;
        try (InputStream golden = getClass().getResourceAsStream("0.2.0.snapshot")) {
            file = golden.readAllBytes();
        }

        SomeStates.assertSame(read(file), SomeStates.of020(20));
        assertThat(check(file).journal()).isEqualTo(SomeStates.of020(20).journal());
    }

    /** One at a time, wherever there is an object: in the header and in each kind of entry. */
    @Test
    void aFieldThatIsNotKnownIsPassedOver() throws Exception {
        NetworkState state = SomeStates.random(1);
        byte[] file = written(state);

        int objects = objects(header(file)).size();
        assertThat(objects).isGreaterThan(30);
        for (int n = 0; n < objects; n++) {
            JsonNode header = header(file);
            objects(header).get(n).putObject("of-later").put("x", 1);

            SomeStates.assertSame(read(withHeader(file, header)), state);
        }
    }

    /** As when a later version writes less, or this one learns to write more. */
    @Test
    void whatIsMissingOfAFindingIsNothingZeroOrEmpty() throws Exception {
        byte[] file = written(SomeStates.random(1));
        ArrayNode journal = (ArrayNode) header(file).get("journal");

        for (int n = 0; n < journal.size(); n++) {
            for (String field : fields(journal.get(n))) {
                if (field.equals("entry") || field.equals("stage") || field.equals("at")) {
                    continue;
                }
                JsonNode header = header(file);
                ((ObjectNode) header.get("journal").get(n)).remove(field);
                Journal found = read(withHeader(file, header)).journal();

                List<Entry> expected = new ArrayList<>(SomeStates.random(1).journal().entries());
                Entry other = found.entries().get(n);
                assertThat(other.getClass()).isEqualTo(expected.get(n).getClass());
                expected.set(n, other);
                assertThat(found.entries()).as("entry %d without %s", n, field).isEqualTo(expected);
            }
        }
        JsonNode header = header(file);
        ((ObjectNode) header.get("journal").get(1)).remove(List.of("curve", "learningRate"));
        Entry.Trained trained =
                (Entry.Trained) read(withHeader(file, header)).journal().entries().get(1);
        assertThat(trained.curve()).isEmpty();
        assertThat(trained.learningRate()).isNull();
        assertThat(trained.phase()).isEqualTo("dense");
    }

    /** Fields of the network that are not there: no mask, no best epoch, an optimiser not begun. */
    @ParameterizedTest
    @ValueSource(strings = {"best", "optimizer", "masks", "perturbed", "journal"})
    void whatIsMissingOfANetworkIsEmpty(String field) throws Exception {
        NetworkState made = NetworkState.initial(SomeStates.random(1).parameters());
        byte[] file = written(made);
        JsonNode header = header(file);
        ((ObjectNode) header).remove(field);

        SomeStates.assertSame(read(withHeader(file, header)), made);
    }

    /** A kind of finding that is not known cannot be passed over: its row would be wrong. */
    @Test
    void anEntryOfAnUnknownKindIsOfALaterVersion() throws Exception {
        byte[] file = written(SomeStates.random(1));
        JsonNode header = header(file);
        ((ArrayNode) header.get("journal")).addObject().put("entry", "quantised").put("stage", "s");

        assertThatThrownBy(() -> read(withHeader(file, header)))
                .isInstanceOf(OtherVersionException.class)
                .hasMessage("made by a later Espalier (its journal has an entry \"quantised\")");
    }

    @ParameterizedTest
    @CsvSource({"3, a later", "9, a later", "1, an earlier"})
    void tellsAnotherVersionFromDamage(char version, String which) throws Exception {
        byte[] file = written(SomeStates.random(1));
        file[7] = (byte) version;

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(OtherVersionException.class)
                .hasMessage(
                        "made by %s Espalier (snapshot version %s, this one reads 2)",
                        which, version);
        assertThatThrownBy(() -> check(file)).isInstanceOf(OtherVersionException.class);
        assertThatThrownBy(() -> version(file)).isInstanceOf(OtherVersionException.class);
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] file = written(SomeStates.random(1));

        for (int length = 0; length < file.length; length++) {
            byte[] torn = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> read(torn))
                    .as("%d bytes", length)
                    .isInstanceOf(CorruptSnapshotException.class);
            assertThatThrownBy(() -> check(torn)).isInstanceOf(CorruptSnapshotException.class);
        }
    }

    /** Of the eighth byte another version's, or none. */
    @Test
    void refusesEveryFlippedBit() throws Exception {
        byte[] file = written(SomeStates.random(1));

        for (int at = 0; at < file.length; at++) {
            file[at] ^= (byte) (1 << at % 8);
            assertThatThrownBy(() -> read(file))
                    .as("byte %d", at)
                    .isInstanceOfAny(CorruptSnapshotException.class, OtherVersionException.class);
            assertThatThrownBy(() -> check(file)).as("byte %d", at).isInstanceOf(Exception.class);
            file[at] ^= (byte) (1 << at % 8);
        }
        assertThat(read(file)).isNotNull();
    }

    @Test
    void refusesMoreThanItsOwn() throws Exception {
        byte[] file = written(SomeStates.random(1));
        byte[] longer = Arrays.copyOf(file, file.length + 1);

        assertThatThrownBy(() -> read(longer))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageMatching("its header describes \\d+ bytes of tensors, it has \\d+");
    }

    @Test
    void refusesAnotherStage() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Snapshot.write(out, "other", SomeStates.random(1));

        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessage("it is of stage other");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28, 1000})
    void refusesAHeaderLargerThanTheFile(int length) throws Exception {
        byte[] file = file(length, "{}".getBytes(StandardCharsets.UTF_8), new byte[8]);

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessage(Text.of("its header claims %d bytes", length));
    }

    /** Headers that a foreign hand may write, under a checksum that fits. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[2]          | its header describes 8 bytes of tensors, it has 4",
                "[0]          | its header describes 0 bytes of tensors, it has 4",
                "[2000000000] | its header describes 8000000000 bytes of tensors, it has 4",
                "[65536,65536,65536,65536] | its header describes more than any file holds",
                "[-1]         | no JSON of ours",
                "[-1,-1]      | no JSON of ours",
                "[4294967297] | no JSON of ours",
                "null         | no JSON of ours",
            })
    void refusesSizesThatAreNotThere(String dimensions, String message) throws Exception {
        String header = described(Text.of("{\"name\":\"a\",\"dimensions\":%s}", dimensions));

        assertThatThrownBy(() -> read(file(header, new byte[4])))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "no JSON", "{\"stage\":{\"@class\":\"java.net.URL\"}}"})
    void refusesHeadersThatAreNone(String header) {
        assertThatThrownBy(() -> read(file(header, new byte[4])))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("no JSON of ours");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"stage\":null}"})
    void refusesHeadersOfNoStage(String header) {
        assertThatThrownBy(() -> read(file(header, new byte[4])))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessage("it is of stage null");
    }

    @Test
    void readsWhatTheTestsAboveAreVariantsOf() throws Exception {
        String header = described("{\"name\":\"a\",\"dimensions\":[1]}");
        byte[] one = {0, 0, (byte) 0x80, 0x3f}; // 1.0f, little-endian

        assertThat(read(file(header, one)).parameters().get(0).values()).containsExactly(1f);
    }

    /** Two makings of one stage take different times and agree in their bits. */
    @Test
    void bitsAreOfTensorsAndMasksAlone() throws Exception {
        NetworkState state = SomeStates.random(1);
        byte[] one = written(state);
        byte[] two = written(SomeStates.slower(state));

        assertThat(one).isNotEqualTo(two);
        assertThat(check(one).bits()).isEqualTo(check(two).bits());
        assertThat(check(written(SomeStates.random(2))).bits()).isNotEqualTo(check(one).bits());
    }

    /** Written and read by pieces: a network of 16 MiB goes through a buffer of 64 KiB. */
    @Test
    void isAStream() throws Exception {
        NetworkState large = SomeStates.ofSize(4 << 20);
        long[] most = new long[1];
        Snapshot.write(
                new java.io.OutputStream() {
                    @Override
                    public void write(int b) {
                        most[0] = Math.max(most[0], 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        most[0] = Math.max(most[0], length);
                    }
                },
                STAGE,
                large);

        assertThat(most[0]).isLessThanOrEqualTo(1 << 16);
    }

    private static byte[] written(NetworkState state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Snapshot.write(out, STAGE, state);
        return out.toByteArray();
    }

    private static NetworkState read(byte[] file) throws Exception {
        return Snapshot.read(new ByteArrayInputStream(file), file.length, STAGE);
    }

    private static Snapshot.Checked check(byte[] file) throws Exception {
        return Snapshot.check(new ByteArrayInputStream(file), file.length, STAGE);
    }

    private static int version(byte[] file) throws Exception {
        return Snapshot.version(new ByteArrayInputStream(file), file.length, STAGE);
    }

    private static JsonNode header(byte[] file) throws IOException {
        return JSON.readTree(file, BEFORE_HEADER, ByteBuffer.wrap(file, 8, 4).getInt());
    }

    /** The file with another header before the same body. */
    private static byte[] withHeader(byte[] file, JsonNode header) throws Exception {
        int body = BEFORE_HEADER + ByteBuffer.wrap(file, 8, 4).getInt();
        return file(
                JSON.writeValueAsString(header),
                Arrays.copyOfRange(file, body, file.length - DIGESTS));
    }

    private static List<ObjectNode> objects(JsonNode node) {
        List<ObjectNode> objects = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> objects.addAll(objects(child)));
        return objects;
    }

    private static List<String> fields(JsonNode node) {
        List<String> fields = new ArrayList<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            fields.add(names.next());
        }
        return fields;
    }

    private static String described(String parameter) {
        return Text.of(
                "{\"stage\":\"%s\",\"epochs\":1,\"iterations\":0,\"parameters\":[%s]}",
                STAGE, parameter);
    }

    private static byte[] file(String header, byte[] body) throws Exception {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return file(bytes.length, bytes, body);
    }

    private static byte[] file(int length, byte[] header, byte[] body) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("ESPSNAP2".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        file.writeBytes(header);
        file.writeBytes(body);
        file.writeBytes(MessageDigest.getInstance("SHA-256").digest(body));
        file.writeBytes(MessageDigest.getInstance("SHA-256").digest(file.toByteArray()));
        return file.toByteArray();
    }
}
