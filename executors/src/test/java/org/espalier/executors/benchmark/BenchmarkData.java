// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/**
 * Made images of ten classes that both sides of a comparison read from one file: of each sample the
 * label as a byte, then its bytes. An image is its class's pattern of coarse squares, moved by some
 * pixels, under noise; a network learns them well in an epoch or two, and not at once.
 */
final class BenchmarkData {
    private BenchmarkData() {}

    static final int CLASSES = 10;
    private static final int SQUARE = 4;

    static Samples make(Shape shape, int count, long key) {
        int[][] patterns = patterns(shape);
        RandomStream random = new RandomStream(key);
        byte[] bytes = new byte[Math.multiplyExact(count, shape.size())];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = random.nextInt(CLASSES);
            int down = random.nextInt(5) - 2;
            int right = random.nextInt(5) - 2;
            for (int i = 0; i < shape.size(); i++) {
                int column = i % shape.width();
                int row = i / shape.width() % shape.height();
                int channel = i / (shape.width() * shape.height());
                int r = Math.floorMod(row + down, shape.height()) / SQUARE;
                int c = Math.floorMod(column + right, shape.width()) / SQUARE;
                int pattern = patterns[labels[n]][(channel * 64 + r) * 64 + c];
                int value = (pattern + 3 * random.nextInt(256)) / 4;
                bytes[n * shape.size() + i] = (byte) value;
            }
        }
        return new Samples(new Features.Bytes(shape, bytes), new Targets.Labels(CLASSES, labels));
    }

    private static int[][] patterns(Shape shape) {
        RandomStream random = new RandomStream(7);
        int[][] patterns = new int[CLASSES][shape.channels() * 64 * 64];
        for (int[] pattern : patterns) {
            Arrays.setAll(pattern, i -> random.nextInt(256));
        }
        return patterns;
    }

    static void write(Samples samples, Path file) throws IOException {
        Features.Bytes features = (Features.Bytes) samples.features();
        Targets.Labels labels = (Targets.Labels) samples.targets();
        int size = features.shape().size();
        byte[] all = new byte[samples.count() * (size + 1)];
        for (int n = 0; n < samples.count(); n++) {
            all[n * (size + 1)] = (byte) labels.labels()[n];
            System.arraycopy(features.bytes(), n * size, all, n * (size + 1) + 1, size);
        }
        Files.write(file, all);
    }
}
