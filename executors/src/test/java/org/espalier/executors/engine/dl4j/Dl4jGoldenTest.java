// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.GoldenTrunks;
import org.junit.jupiter.api.Test;

/**
 * The bits of two small trainings, recorded. Where one changes, {@link Dl4jEngine#numerics()} must
 * change with it, since results of equal names are taken to have equal bits.
 */
class Dl4jGoldenTest {
    private static final String NUMERICS = "dl4j-1/haswell";

    private static String hash(float[] values) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (float value : values) {
            bytes.putInt(Float.floatToRawIntBits(value));
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
        return HexFormat.of().formatHex(hash, 0, 8);
    }

    private static Engine recordedEngine() {
        Engine engine = new Dl4jEngine();
        assumeThat(engine.numerics())
                .as("bits are recorded for %s alone", NUMERICS)
                .isEqualTo(NUMERICS);
        return engine;
    }

    @Test
    void trunkOfAnMlp() throws Exception {
        assertThat(hash(GoldenTrunks.mlp(recordedEngine()))).isEqualTo("749785a1e9ee77bb");
    }

    @Test
    void trunkOfALeNet5() throws Exception {
        assertThat(hash(GoldenTrunks.lenet5(recordedEngine()))).isEqualTo("b15e33505beb2dc7");
    }
}
