// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Sha256;
import org.espalier.executors.data.Targets;

/** One number for all bits of some samples. */
public final class Checksums {
    private Checksums() {}

    /** First 16 hex digits of the SHA-256 of inputs and targets, numbers big-endian. */
    public static String of(Samples samples) {
        var digest = Sha256.start();
        if (samples.features() instanceof Features.Bytes bytes) {
            digest.update(bytes.bytes());
        } else {
            digest.update(bytes(((Features.Floats) samples.features()).floats()));
        }
        if (samples.targets() instanceof Targets.Labels labels) {
            ByteBuffer buffer = ByteBuffer.allocate(4 * labels.labels().length);
            buffer.asIntBuffer().put(labels.labels());
            digest.update(buffer.array());
        } else {
            digest.update(bytes(((Targets.Values) samples.targets()).values()));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static byte[] bytes(float[] floats) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * floats.length);
        buffer.asFloatBuffer().put(floats);
        return buffer.array();
    }
}
