// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.experiments.random.RandomStream;

/** A data set in files: 70 and 33 images of 6x6 in three classes. */
public final class TinyData {
    private TinyData() {}

    /** Writes it; each class is bright in its own rows, under noise. */
    public static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        RandomStream random = new RandomStream(1);
        for (String part : new String[] {"train", "t10k"}) {
            int count = part.equals("train") ? 70 : 33;
            ByteBuffer images = ByteBuffer.allocate(16 + count * 36);
            images.putInt(0x803).putInt(count).putInt(6).putInt(6);
            ByteBuffer labels = ByteBuffer.allocate(8 + count);
            labels.putInt(0x801).putInt(count);
            for (int n = 0; n < count; n++) {
                int label = n < 3 ? n : random.nextInt(3);
                labels.put((byte) label);
                for (int pixel = 0; pixel < 36; pixel++) {
                    boolean bright = pixel / 12 == label;
                    images.put((byte) (random.nextInt(160) + (bright ? 90 : 0)));
                }
            }
            Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
            Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
        }
    }
}
