// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.espalier.executors.stage.Snapshot.CorruptSnapshotException;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final String STAGE = "00112233445566778899aabbccddeeff";
    private static final int FIXED = 8 + 4 + 32;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsEveryBit(long seed) throws Exception {
        NetworkState state = SomeStates.random(seed);

        SomeStates.assertSame(Snapshot.decode(STAGE, Snapshot.encode(STAGE, state)), state);
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] file = Snapshot.encode(STAGE, SomeStates.random(1));

        for (int length = 0; length < file.length; length++) {
            byte[] torn = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Snapshot.decode(STAGE, torn))
                    .as("%d bytes", length)
                    .isInstanceOf(CorruptSnapshotException.class);
        }
    }

    @Test
    void refusesEveryFlippedBit() throws Exception {
        byte[] file = Snapshot.encode(STAGE, SomeStates.random(1));

        for (int at = 0; at < file.length; at++) {
            file[at] ^= (byte) (1 << at % 8);
            assertThatThrownBy(() -> Snapshot.decode(STAGE, file))
                    .as("byte %d", at)
                    .isInstanceOf(CorruptSnapshotException.class);
            file[at] ^= (byte) (1 << at % 8);
        }
        assertThat(Snapshot.decode(STAGE, file)).isNotNull();
    }

    @Test
    void refusesMoreThanItsOwn() throws Exception {
        byte[] file = Snapshot.encode(STAGE, SomeStates.random(1));
        byte[] longer = Arrays.copyOf(file, file.length + 1);

        assertThatThrownBy(() -> Snapshot.decode(STAGE, longer))
                .hasMessage("its checksum does not fit, it may be torn");
    }

    @Test
    void refusesAnotherStage() throws Exception {
        byte[] file = Snapshot.encode("other", SomeStates.random(1));

        assertThatThrownBy(() -> Snapshot.decode(STAGE, file))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessage("it is of stage other");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28, 1000})
    void refusesAHeaderLargerThanTheFile(int length) throws Exception {
        byte[] file = file(length, "{}".getBytes(StandardCharsets.UTF_8), new byte[8]);

        assertThatThrownBy(() -> Snapshot.decode(STAGE, file))
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
        String header = header(Text.of("{\"name\":\"a\",\"dimensions\":%s}", dimensions));

        assertThatThrownBy(() -> Snapshot.decode(STAGE, file(header, new byte[4])))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "no JSON",
                "{}",
                "{\"stage\":\"00112233445566778899aabbccddeeff\"}",
                "{\"stage\":{\"@class\":\"java.net.URL\"}}"
            })
    void refusesHeadersThatAreNone(String header) {
        assertThatThrownBy(() -> Snapshot.decode(STAGE, file(header, new byte[4])))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("no JSON of ours");
    }

    @Test
    void readsWhatTheTestsAboveAreVariantsOf() throws Exception {
        String header = header("{\"name\":\"a\",\"dimensions\":[1]}");
        byte[] one = {0, 0, (byte) 0x80, 0x3f}; // 1.0f, little-endian

        assertThat(Snapshot.decode(STAGE, file(header, one)).parameters().get(0).values())
                .containsExactly(1f);
    }

    /** Two makings of one stage take different times and agree in their bits. */
    @Test
    void bitsAreOfTensorsAndMasksAlone() throws Exception {
        NetworkState state = SomeStates.random(1);
        NetworkState slower = SomeStates.slower(state);
        byte[] one = Snapshot.encode(STAGE, state);
        byte[] two = Snapshot.encode(STAGE, slower);

        assertThat(one).isNotEqualTo(two);
        assertThat(Snapshot.header(STAGE, one).bits())
                .isEqualTo(Snapshot.header(STAGE, two).bits());
        assertThat(Snapshot.header(STAGE, Snapshot.encode(STAGE, SomeStates.random(2))).bits())
                .isNotEqualTo(Snapshot.header(STAGE, one).bits());
    }

    private static String header(String parameter) {
        return Text.of(
                "{\"stage\":\"%s\",\"epochs\":1,\"parameters\":[%s],\"best\":[],\"optimizer\":[],"
                        + "\"masks\":[],\"bits\":\"\",\"history\":{\"curve\":[],\"events\":[],"
                        + "\"layers\":[],\"notes\":[]}}",
                STAGE, parameter);
    }

    private static byte[] file(String header, byte[] body) throws Exception {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return file(bytes.length, bytes, body);
    }

    private static byte[] file(int length, byte[] header, byte[] body) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(file)) {
            out.writeBytes("ESPSNAP1");
            out.write(ByteBuffer.allocate(4).putInt(length).array());
            out.write(header);
            out.write(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.toByteArray());
        file.write(digest);
        assertThat(file.size()).isEqualTo(FIXED + header.length + body.length);
        return file.toByteArray();
    }
}
