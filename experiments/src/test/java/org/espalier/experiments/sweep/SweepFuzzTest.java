// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files damaged at random are read or refused in the one way that is promised, and soon. */
class SweepFuzzTest {
    private static final String[] PIECES = {
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "-",
        "- ",
        "\n",
        "  ",
        "\t",
        "&a ",
        "*a",
        "!!int ",
        "? ",
        "|",
        ">",
        "'",
        "\"",
        "#",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "..",
        "1..9",
        "1e999999999",
        "-1",
        ".nan",
        "null",
        "~",
        "\\u0000",
        "<<: ",
        "0.5",
        "step",
        "\u0000",
        "\u2028",
        "\ufeff",
        "[[[[",
        "zip: [[seed, noise]]\n",
        "exclude: [{seed: 1}]\n",
        "grids:\n",
        "recipes:\n",
        "seed: ",
    };

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverFailsInAnotherWay(long seed) {
        RandomStream random = new RandomStream(seed);
        byte[] valid = Fakes.VALID.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = valid;
            int times = 1 + random.nextInt(4);
            for (int j = 0; j < times; j++) {
                damaged = damage(damaged, random);
            }
            refused += refused(damaged) ? 1 : 0;
        }

        assertThat(refused).isBetween(500, 999); // some damage is harmless, most is not
    }

    private static boolean refused(byte[] bytes) {
        try {
            Sweep sweep =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(20),
                            () ->
                                    SweepFile.read(
                                            bytes,
                                            "fuzz.yaml",
                                            new Fakes.FakeCatalogue(
                                                    Catalogue.UnknownDatasets.REFUSED)));
            assertThat(Fakes.read(FrozenSweep.text(sweep))).isEqualTo(sweep);
            return false;
        } catch (SweepFileException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.getMessage()).doesNotContain("Exception").doesNotContain("\tat ");
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError(new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[] damage(byte[] bytes, RandomStream random) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, end);
            case 1 -> joined(bytes, at, new byte[0], end);
            case 2 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
            case 3 -> Arrays.copyOf(bytes, Math.max(1, at));
            default ->
                    joined(
                            bytes,
                            at,
                            PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8),
                            random.nextInt(2) == 0 ? at : end);
        };
    }

    /** The bytes with {@code piece} in place of those from {@code at} to {@code end}. */
    private static byte[] joined(byte[] bytes, int at, byte[] piece, int end) {
        byte[] joined = Arrays.copyOf(bytes, at + piece.length + bytes.length - end);
        System.arraycopy(piece, 0, joined, at, piece.length);
        System.arraycopy(bytes, end, joined, at + piece.length, bytes.length - end);
        return joined;
    }
}
